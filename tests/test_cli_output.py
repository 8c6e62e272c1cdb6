"""How the command line prints errors."""

import pytest

from core.cli.output import Console
from core.errors import AppError, Misconfigured, Refused, SignInNeeded, TryAgain
from core.verdicts.verdict import Actor


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (
            SignInNeeded("The grant has ended", detail="invalid_grant", hint="Sign in"),
            ["The grant has ended.", "  Server response: invalid_grant", "  Next step: Sign in."],
        ),
        (
            Misconfigured(
                "It is refused",
                detail="invalid_client",
                hint="Allow it.",
                actor=Actor.ADMINISTRATOR,
            ),
            [
                "It is refused.",
                "  Server response: invalid_client",
                "  Next step (your administrator): Allow it.",
            ],
        ),
        (Refused("No login", detail="NO"), ["No login.", "  Server response: NO"]),
        (
            TryAgain("No response", detail="TimeoutError", hint="Wait", actor=Actor.PROVIDER),
            ["No response.", "  Details: TimeoutError", "  Next step (the provider): Wait."],
        ),
        (
            AppError("The file can't be saved", detail="No space left on device"),
            ["The file can't be saved.", "  Details: No space left on device"],
        ),
    ],
)
def test_the_lines_of_an_error(
    error: AppError, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The words of a server are labelled as such; other details are not."""
    Console().error(error)
    assert lines == capsys.readouterr().err.splitlines()


def test_the_address_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    """An error about one of several mailboxes begins with its address."""
    Console(prefix="oauth2_imap: ").error(AppError("It failed"), "you@example.com")
    assert "oauth2_imap: you@example.com: It failed.\n" == capsys.readouterr().err
