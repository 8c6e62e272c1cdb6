"""The wait for the browser's response: what ends it, and what is told meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from core.cancel import Cancellation
from core.errors import AppError, ExitCode, SignInNeeded
from core.events import Event, LinkAsked, PasteRefused
from core.model import Note
from core.oauth.sign_in import response_queue
from core.oauth.sign_in.authorization_response import AuthorizationResponse
from core.oauth.sign_in.response_queue import ResponseQueue
from core.verdicts.verdict import Action
from pending_sign_in import AT_MICROSOFT, STATE

CODE = "M.C552_BL2.2.U.e63dbda3"
ERROR_PAGE = """Sign in

Sorry, but we're having trouble signing you in.

AADSTS50105: Your administrator has configured the application to block users.

Troubleshooting details
If you contact your administrator, send this info to them.
Request Id: 11111111-2222-3333-4444-555555555555
Correlation Id: 66666666-7777-8888-9999-000000000000
Message: AADSTS50105: Your administrator has configured the application to block users.
"""


@dataclass
class Wait:
    """A wait for a response, and what was told."""

    seconds: float = 0.15
    listens: bool = True
    takes_paste: bool = True
    responses: ResponseQueue = field(default_factory=ResponseQueue)
    told: list[Event] = field(default_factory=list)

    def __call__(self, *pastes: str) -> AuthorizationResponse:
        """Paste texts, then wait."""
        for text in pastes:
            self.responses.paste(text)
        return self.responses.wait(
            AT_MICROSOFT,
            seconds=self.seconds,
            listens=self.listens,
            takes_paste=self.takes_paste,
            progress=self.told.append,
            cancelled=Cancellation(),
        )

    def failure(self, *pastes: str) -> AppError:
        """What ended the wait."""
        with pytest.raises(AppError) as raised:
            self(*pastes)
        return raised.value

    def names(self) -> list[str]:
        """What was told, in short."""
        return [
            event.error.verdict.id if isinstance(event, PasteRefused) else type(event).__name__
            for event in self.told
        ]


def test_a_response_ends_it() -> None:
    """By the listener or by paste, whatever came before."""
    by_paste = Wait(seconds=60)(f"code={CODE}&state=old", CODE)
    delivered = Wait(seconds=60)
    delivered.responses.deliver({"code": CODE, "state": STATE})

    assert CODE == by_paste.code == delivered("hello").code


def test_an_error_of_the_page_ends_it() -> None:
    """By paste as by the listener."""
    delivered = Wait(seconds=60)
    delivered.responses.deliver({"error": "access_denied", "state": STATE})
    pasted = Wait(seconds=60)

    for error in (delivered.failure(), pasted.failure("http://localhost/?error=access_denied")):
        assert "oauth_access_denied" == error.verdict.id
    assert [] == pasted.told


def test_an_explained_error_page_does_not_end_it() -> None:
    """The user may sign in with another account on that page."""
    wait = Wait(seconds=60)

    assert CODE == wait("AADSTS50105: Your administrator has blocked it", CODE).code
    assert ["ms_user_not_assigned"] == wait.names()


def test_the_lines_of_one_paste_are_told_once() -> None:
    """A terminal delivers the text of an error page line by line."""
    wait = Wait(seconds=60)

    assert CODE == wait(*ERROR_PAGE.splitlines(), CODE).code
    assert ["paste_of_unknown_text", "LinkAsked", "ms_user_not_assigned"] == sorted(
        wait.names(), key=lambda name: ("paste" not in name, name)
    )


def test_the_next_paste_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what arrives together is one paste."""
    monkeypatch.setattr(response_queue, "_SAME_PASTE", 0.0)
    wait = Wait()
    wait.failure("hello there", "hello again", "", "")

    assert ["paste_of_unknown_text"] * 2 + ["LinkAsked"] * 2 == wait.names()
    assert [AT_MICROSOFT.url] * 2 == [e.url for e in wait.told if isinstance(e, LinkAsked)]


@pytest.mark.parametrize(
    ("takes_paste", "ends", "verdict", "action"),
    [
        (True, False, "sign_in_not_finished", Action.PASTE_ANSWER),
        (False, False, "sign_in_not_finished_no_paste", Action.SIGN_IN_AGAIN),
        (True, True, "sign_in_not_finished_no_paste", Action.SIGN_IN_AGAIN),
    ],
)
def test_the_end_of_the_time_asks_for_an_error_page(
    takes_paste: bool, ends: bool, verdict: str, action: Action
) -> None:
    """Most error pages never lead back, so nothing else tells of them."""
    wait = Wait(takes_paste=takes_paste)
    if ends:
        wait.responses.no_more_paste()
    error = wait.failure()

    assert (verdict, action) == (error.verdict.id, error.action)
    assert isinstance(error, SignInNeeded)
    assert ExitCode.SIGN_IN_NEEDED == error.exit_code
    assert "If the page shows an error" in error.hint
    assert "text of the page" in error.hint


def test_the_end_of_the_input_ends_a_wait_without_a_listener() -> None:
    """Nothing else can bring the response then."""
    wait = Wait(seconds=60, listens=False)
    wait.responses.no_more_paste()
    error = wait.failure()

    assert "input_ended" == error.verdict.id
    assert isinstance(error, SignInNeeded)


@pytest.mark.parametrize(
    ("takes_paste", "text"),
    [
        (True, "minutes left. Does the page show an error? Then paste its text."),
        (False, "minutes left."),
    ],
)
def test_each_minute_tells_what_is_left(
    monkeypatch: pytest.MonkeyPatch, takes_paste: bool, text: str
) -> None:
    """And, where it is possible, that the text of an error page can be pasted."""
    clock = ticking(30.0)
    monkeypatch.setattr(response_queue, "time", SimpleNamespace(monotonic=clock))
    monkeypatch.setattr(response_queue, "_POLL", 0.0)
    wait = Wait(seconds=180, takes_paste=takes_paste)
    wait.failure()

    notes = [event.text for event in wait.told if isinstance(event, Note)]
    assert notes
    assert notes[0] == f"Still waiting for the sign-in in the browser: 2 {text}"
    assert "1 minute left" in notes[-1]


def ticking(step: float) -> Callable[[], float]:
    """A clock that is ahead by a step each time it is read."""
    now = 0.0

    def monotonic() -> float:
        nonlocal now
        now += step
        return now

    return monotonic
