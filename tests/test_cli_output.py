"""How the command line prints errors."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.address import parse_address
from core.cli.actions import ACTIONS, action_lines, program_name
from core.cli.options import OPTIONS
from core.cli.output import Console
from core.errors import AppError, Cancelled, as_error
from core.events import BrowserFailed
from core.verdicts import google, imap, microsoft, network
from core.verdicts.verdict import Action, Actor, Kind, Verdict

ADDRESS = "you@example.com"


def entry(table: Sequence[Verdict], name: str) -> Verdict:
    """An entry of a table, by its stable name."""
    return next(verdict for verdict in table if name == verdict.id)


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (
            as_error(
                entry(microsoft.VERDICTS, "ms_wrong_password"), detail="invalid_grant: AADSTS50126"
            ),
            [
                "you@example.com: Microsoft does not accept the user name or the password.",
                "  Server response: invalid_grant: AADSTS50126",
                "  Next step: Sign in again with the right password.",
                "  Command: oauth2_imap --startover you@example.com",
            ],
        ),
        (
            as_error(
                entry(google.VERDICTS, "google_account_disabled"),
                detail="disabled_client",
                address=ADDRESS,
            ),
            [
                "Google says that you@example.com is disabled.",
                "  Server response: disabled_client",
                "  A disabled account can't sign in, so a new sign-in does not help.",
                "  Next step: For a work or school account, ask the administrator to enable it. "
                "For a personal account, ask Google on its page to restore it.",
                "  Who can help: your administrator",
                "  Web page: https://support.google.com/accounts/answer/40695",
            ],
        ),
        (
            as_error(
                entry(imap.VERDICTS, "imap_busy"),
                detail="NO Server Unavailable. 15",
                address=ADDRESS,
                host="outlook.office365.com",
            ),
            [
                "outlook.office365.com is temporarily not available for you@example.com.",
                "  Server response: NO Server Unavailable. 15",
                "  Perhaps the server is overloaded or in maintenance, or the provider is moving "
                "the mailbox.",
                "  Next step: Wait some minutes, then try again.",
            ],
        ),
        (
            as_error(
                entry(network.VERDICTS, "no_answer_in_time"),
                detail="TimeoutError",
                host="a.example",
            ),
            [
                "you@example.com: a.example did not answer in time.",
                "  Details: TimeoutError",
                "  Next step: Try again. On a slow network, set a longer time limit.",
                "  Option: --timeout SECONDS",
            ],
        ),
        (Cancelled(), ["you@example.com: Cancelled."]),
    ],
    ids=lambda value: value.verdict.id if isinstance(value, AppError) else "",
)
def test_the_lines_of_an_error(
    error: AppError, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened, the other side's words, why, what to do, and who can do it."""
    Console().error(error, ADDRESS)
    assert lines == capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("address", ["foo\xa0bar@example.com", "foo@"])
def test_a_wrong_address_is_named_once(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message shows it already, with escapes."""
    with pytest.raises(AppError) as raised:
        parse_address(address)
    Console().error(raised.value, address)
    assert 1 == capsys.readouterr().err.count("foo")


@pytest.mark.parametrize(
    "typed", ["Jane Doe jane@example.com", "P@ssw0rd", "kSm8Q~secret", "a@b@c"]
)
def test_a_typed_text_is_not_logged(
    typed: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The terminal shows it, the log does not, because reports contain the log."""
    with pytest.raises(AppError) as raised:
        parse_address(typed)
    Console().error(raised.value, typed)
    assert typed in capsys.readouterr().err
    assert f"[{raised.value.verdict.id}]" in caplog.text
    assert typed not in caplog.text


def test_notes_come_before_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence that was added to an error is printed too, with each line's prefix."""
    error = as_error(entry(microsoft.VERDICTS, "ms_password_expired"), address=ADDRESS)
    error.add_note("imapsync can go on until 12:55:00.")
    Console(prefix="oauth2_imap: ").error(error)
    lines = capsys.readouterr().err.splitlines()
    assert "oauth2_imap:   imapsync can go on until 12:55:00." == lines[-2]
    assert lines[-1].startswith("oauth2_imap:   Web page: https://")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("imap_busy", ["  Nothing to do: next try at 12:55:10."]),
        ("imap_answer_unusable", ["  Next try at 12:55:10."]),
    ],
)
def test_the_next_try_is_told(
    name: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the program itself tries again and only time helps, the user has nothing to do."""
    Console().error(as_error(entry(imap.VERDICTS, name)), next_try="12:55:10")
    printed = capsys.readouterr().err.splitlines()
    assert lines == [line for line in printed if "12:55:10" in line]
    assert all("Wait" not in line for line in printed)


def test_a_warning_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """The run goes on in spite of it, and a quiet console prints it too."""
    Console(quiet=True).warning(as_error(entry(network.VERDICTS, "name_not_found"), host="a.b"))
    assert capsys.readouterr().err.startswith("! The name a.b can't be found.\n  ")


def test_a_browser_that_does_not_start_leaves_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    """Even if the console is quiet."""
    Console(quiet=True).progress(BrowserFailed("https://login.example/"))
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "! No browser could be started. Open the link yourself.",
        "Link: https://login.example/",
    ]


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_terms(action: Action) -> None:
    """Its options exist, its commands are for this program, and every placeholder is filled."""
    verdict = Verdict("x", Kind.LOCAL, Actor.YOU, action, "X")
    lines = list(action_lines(as_error(verdict, path=Path("/a b/c.txt"), command="oauth2_imap x")))
    assert len(ACTIONS[action]) == len(lines)
    names = {f"--{option.name}" for option in OPTIONS} | {"--no_protect"}
    for line in lines:
        assert not {"{", "}", "…"} & set(line)
        words = {word.rstrip(",") for word in line.split() if word.startswith("--")}
        assert words <= names


@pytest.mark.parametrize(
    ("action", "mailbox", "expected"),
    [
        (Action.SIGN_IN_AGAIN, (), "oauth2_imap --startover o'neil@example.com"),
        (
            Action.SIGN_IN_AGAIN,
            ("--token_file", "/a b/c.txt", "x@y.example"),
            "oauth2_imap --startover --token_file '/a b/c.txt' x@y.example",
        ),
        (Action.MEND_FILE, (), "oauth2_imap doctor --fix '/a b/$c.txt'"),
    ],
)
@pytest.mark.only_on("posix", reason="cmd quotes in its own way")
def test_commands_can_be_copied(action: Action, mailbox: Sequence[str], expected: str) -> None:
    """Values are quoted for the shell."""
    error = as_error(
        Verdict("x", Kind.LOCAL, Actor.YOU, action, "X"),
        address="o'neil@example.com",
        path=Path("/a b/$c.txt"),
    )
    expected = expected.replace("o'neil@example.com", "'o'\"'\"'neil@example.com'")
    assert [f"Command: {expected}"] == list(action_lines(error, mailbox))


def test_the_program_is_named_as_it_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of the downloaded programs the one for the terminal, unless the window's is alone."""
    assert "oauth2_imap" == program_name()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "oauth2_imap.exe"))
    assert "oauth2_imap" == program_name()
    (tmp_path / "oauth2_imap_cli.exe").touch()
    assert "oauth2_imap_cli" == program_name()
