"""The errors that the user is told of.

A module that calls a library or the system turns their exceptions into one of these (oauth, net,
providers.detection, mailbox.imap_login, tokenfile, secret_store). Any other exception is a bug.
This module imports nothing of the program, so every other module can import it.
"""

from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """The exit codes of the command line."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SIGN_IN_NEEDED = 3
    TRY_AGAIN = 4
    REFUSED = 5
    CANCELLED = 130


class Actor(StrEnum):
    """The person or organisation that can solve the problem."""

    YOU = "you"
    ADMINISTRATOR = "your administrator"
    PROVIDER = "the provider"


class AppError(Exception):
    """The base class of all errors that the user is told of.

    `message` says what happened, in one sentence without a full stop. `detail` quotes the server or
    the system and never holds a secret. `hint` says what to do, and `actor` who can do it.
    `str()` returns the message.
    """

    exit_code = ExitCode.FAILED

    def __init__(
        self, message: str, *, detail: str = "", hint: str = "", actor: Actor = Actor.YOU
    ) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint
        self.actor = actor


class UsageProblem(AppError):
    """The request is invalid, so nothing was tried."""

    exit_code = ExitCode.USAGE


class SignInNeeded(AppError):
    """The user has to sign in with a browser."""

    exit_code = ExitCode.SIGN_IN_NEEDED


class TryAgain(AppError):
    """A temporary problem of the network or a server; no token was lost.

    `retry_after` is the wait in seconds that the server asked for, or 0.
    """

    exit_code = ExitCode.TRY_AGAIN

    def __init__(
        self,
        message: str,
        *,
        detail: str = "",
        hint: str = "",
        actor: Actor = Actor.YOU,
        retry_after: float = 0,
    ) -> None:
        super().__init__(message, detail=detail, hint=hint, actor=actor)
        self.retry_after = retry_after


class Misconfigured(AppError):
    """The provider refuses the application, for every user: its settings have to be corrected."""


class Refused(AppError):
    """The IMAP server refused the login, or another account than the requested one signed in."""

    exit_code = ExitCode.REFUSED


class Cancelled(AppError):
    """The user cancelled the work."""

    exit_code = ExitCode.CANCELLED

    def __init__(self) -> None:
        super().__init__("Cancelled", hint="Nothing is lost: what the token file holds is usable.")
