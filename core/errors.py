"""What can go wrong, in the words of the person it happens to.

Foreign exceptions become one of these at the border where they arise (signin, refresh,
providers.detection, mailcheck, tokenfile) and nowhere else; whatever is not an `AppError` is a bug.
Kept free of imports, so that every module can afford it.
"""

from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What the process tells the script that called it."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SIGN_IN_NEEDED = 3
    TRY_AGAIN = 4
    REFUSED = 5
    CANCELLED = 130


class Actor(StrEnum):
    """Who can do something about it."""

    YOU = "you"
    ADMINISTRATOR = "your administrator"
    PROVIDER = "the provider"


class AppError(Exception):
    """What happened, what the other side said, what to do now, and who can do it.

    `message` is a sentence without full stop; `detail` quotes the other side and never holds a
    secret; `hint` is in the imperative.
    """

    exit_code = ExitCode.FAILED

    def __init__(
        self, message: str, *, detail: str = "", hint: str = "", actor: Actor = Actor.YOU
    ) -> None:
        """Keep the four parts; `str()` gives the message."""
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint
        self.actor = actor


class UsageProblem(AppError):
    """The request itself can't be followed; nothing was tried."""

    exit_code = ExitCode.USAGE


class SignInNeeded(AppError):
    """Only a person in front of a browser can go on from here."""

    exit_code = ExitCode.SIGN_IN_NEEDED


class TryAgain(AppError):
    """Network or server trouble that time may heal; no token was lost.

    `retry_after` is what the server asked for, in seconds; 0 where it asked for nothing.
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
        """As `AppError`, with the wait the server asked for."""
        super().__init__(message, detail=detail, hint=hint, actor=actor)
        self.retry_after = retry_after


class Misconfigured(AppError):
    """The provider refuses the application, whoever signs in: somebody has to mend its settings."""


class Refused(AppError):
    """The mailbox's IMAP server said no, or the account is another than the one asked for."""

    exit_code = ExitCode.REFUSED


class Cancelled(AppError):
    """The person stopped it."""

    exit_code = ExitCode.CANCELLED

    def __init__(self) -> None:
        """There is one sentence for all of them."""
        super().__init__("Cancelled", hint="Nothing is lost: what the token file holds is usable.")
