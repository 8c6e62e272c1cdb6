"""Which addresses an open window takes, and what it tells their callers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import ExitCode, as_error
from core.mailbox.job import Request
from core.model import Outcome
from core.net.network import Network
from core.providers.overrides import Overrides
from core.verdicts.local_mailbox import SIGN_IN_NEEDED
from gui.model.settings import Settings
from gui.model.start_arguments import StartArguments
from gui.startup.answers import answer_of, ask_open_window, conditions_of
from gui.startup.single_instance import SingleInstance
from servers import ADDRESS

PLAIN = Request(ADDRESS, Path("tokens"))
OUTCOME = Outcome(ADDRESS, "demo", "/t.txt", "", 0, False, None, renewed=True, checked=True)


def test_the_address_is_no_condition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is how the folder is written."""
    monkeypatch.chdir(tmp_path)
    other = Request("other@demo.example", tmp_path / "x" / ".." / "tokens")
    assert conditions_of(PLAIN) == conditions_of(other) != ""


@pytest.mark.parametrize(
    "changes",
    [
        {"folder": Path("elsewhere")},
        {"protect": True},
        {"protect": False},
        {"network": Network(60.0)},
        {"network": Network(ca_file=Path("ca.pem"))},
    ],
)
def test_a_window_that_works_otherwise_takes_nothing(changes: dict[str, Any]) -> None:
    """The folder, the place of refresh tokens, the certificates and the time limit count."""
    assert conditions_of(PLAIN) != conditions_of(replace(PLAIN, **changes)) != ""


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "gmail"},
        {"application": "imapsync"},
        {"overrides": Overrides(secret_from_environment="hush")},
        {"overrides": Overrides({"tenant": "x"})},
        {"token_file": Path("t.txt")},
        {"login_hint": "me@demo.example"},
        {"start_over": True},
        {"check": False},
    ],
)
def test_options_are_never_handed_over(changes: dict[str, Any]) -> None:
    """A call with them works itself."""
    assert "" == conditions_of(replace(PLAIN, **changes))


def test_a_start_with_options_asks_no_window(tmp_path: Path) -> None:
    """Its own window has their fields; without an open window nobody answers."""
    settings, nobody = Settings(tmp_path / "s.ini"), SingleInstance(str(tmp_path / "s"))
    for start in (StartArguments(ADDRESS), StartArguments(ADDRESS, "gmail")):
        assert ask_open_window(nobody, start, settings) is None


def test_what_a_call_is_told() -> None:
    """The exit code of the command line, the file, and the error with its advice."""
    error = as_error(SIGN_IN_NEEDED, address=ADDRESS)
    saved = f"The token of {ADDRESS} is in /t.txt"
    assert (ExitCode.DONE, [saved]) == answer_of(ADDRESS, OUTCOME)
    code, lines = answer_of(ADDRESS, error)
    assert (ExitCode.SIGN_IN_NEEDED, True) == (code, lines[0].startswith(error.message))
    code, lines = answer_of(ADDRESS, OUTCOME._replace(login_error=error))
    assert (ExitCode.SIGN_IN_NEEDED, saved) == (code, lines[0])
