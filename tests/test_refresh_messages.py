"""What `run` prints of the refreshes while imapsync runs."""

from collections.abc import Callable

import pytest

from core.cli.output import Console
from core.cli.refresh_messages import RefreshMessages
from core.errors import AppError, as_error
from core.mailbox.job import Job
from core.model import Note
from core.verdicts import network
from core.verdicts.local_mailbox import NO_TOKEN
from servers import ADDRESS, Stage

AWAY, OTHER = (
    as_error(verdict, proxy="p", proxy_source="x", host="login.example", detail="gone")
    for verdict in network.VERDICTS[:2]
)


@pytest.fixture
def told() -> list[AppError]:
    """Return an empty list, for the errors that are told in full."""
    return []


@pytest.fixture
def messages(told: list[AppError]) -> RefreshMessages:
    """Return the messages of one run."""
    return RefreshMessages(Console(), lambda job, error: told.append(error))


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """Return a function for the lines printed since its last call."""
    return lambda: capsys.readouterr().err.splitlines()


def test_an_outage_is_two_lines(
    messages: RefreshMessages,
    told: list[AppError],
    stage: Stage,
    printed: Callable[[], list[str]],
) -> None:
    """One at its first failure, with the server's words, and one when it is over."""
    job, outcome = stage.job(), stage.sign_in()
    printed()
    for result in (outcome, AWAY, AWAY, OTHER, AWAY, outcome, outcome):
        messages(job, result)
    begun, over = printed()
    assert begun.startswith(f"! {ADDRESS}: The proxy p can't be found")
    assert "Details: gone. " in begun
    assert f"{ADDRESS}: the token is refreshed again." == over
    messages(job, AWAY)
    assert 1 == len(printed())
    assert [] == told


def test_each_side_has_its_own_outage(
    messages: RefreshMessages, stage: Stage, printed: Callable[[], list[str]]
) -> None:
    """One address can have a token file on each side."""
    jobs: list[Job] = [stage.job(token_file=stage.folder / name) for name in ("one", "two")]
    for job in jobs * 2:
        messages(job, AWAY)
    assert 2 == len(printed())


def test_what_needs_somebody_is_told_in_full(
    messages: RefreshMessages, told: list[AppError], stage: Stage
) -> None:
    """Such an error is not an outage."""
    error = as_error(NO_TOKEN, address=ADDRESS)
    messages(stage.job(), error)
    assert [error] == told


def test_notes_and_warnings(
    messages: RefreshMessages, caplog: pytest.LogCaptureFixture, printed: Callable[[], list[str]]
) -> None:
    """Notes are in the log only; a warning is printed once."""
    caplog.set_level("INFO")
    for event in (Note("refreshed"), Note("others read it", True), Note("others read it", True)):
        messages.progress(event)
    assert ["! others read it"] == printed()
    assert "refreshed" in caplog.text
