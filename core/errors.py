"""The errors that the user is told of. Each carries its verdict, and the values for its texts.

A module that calls a library or the system turns their exceptions into one of these (oauth, net,
detection, mailbox.imap_login, tokenfile, secret_store). Any other exception is a bug.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from .i18n.translation import english
from .verdicts.local_commands import CANCELLED
from .verdicts.verdict import Action, Actor, Kind, Verdict, filled


class ExitCode(IntEnum):
    """The exit codes of the command line."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SIGN_IN_NEEDED = 3
    TRY_AGAIN = 4
    REFUSED = 5
    CANCELLED = 130


EXIT_CODES: Mapping[Kind, ExitCode] = MappingProxyType(
    {
        Kind.PASSING: ExitCode.TRY_AGAIN,
        Kind.DEAD_GRANT: ExitCode.SIGN_IN_NEEDED,
        Kind.MISCONFIGURED: ExitCode.FAILED,
        Kind.REFUSED_ACCOUNT: ExitCode.REFUSED,
        Kind.REFUSED_WAY: ExitCode.REFUSED,
        Kind.REFUSED: ExitCode.REFUSED,
        Kind.LOCAL: ExitCode.FAILED,
        Kind.USAGE: ExitCode.USAGE,
        Kind.CANCELLED: ExitCode.CANCELLED,
    }
)


class AppError(Exception):
    """The base class of all errors that the user is told of; `as_error` chooses the class.

    The texts are the verdict's, filled with `parameters`, in the user's language; `str` is English,
    for the log. `detail` quotes the server or the system
    and never holds a secret. `retry_after` is the wait in seconds that the server asked for, or 0.
    `busy_host` is the token host that wants no requests for now, of no mailbox; or empty.
    `add_note` adds a whole sentence for the user, for example how long imapsync can go on.
    """

    kinds: tuple[Kind, ...] = (Kind.LOCAL,)

    def __init__(
        self,
        verdict: Verdict,
        *,
        detail: str = "",
        retry_after: float = 0.0,
        busy_host: str = "",
        **parameters: object,
    ) -> None:
        super().__init__(english(filled(verdict.message, parameters)))
        self.verdict = verdict
        self.detail = detail
        self.retry_after = retry_after
        self.busy_host = busy_host
        self.parameters = parameters

    def again(self, **changes: object) -> "AppError":
        """The same error as a new one, without notes; `changes` are other parameters."""
        return as_error(
            self.verdict,
            detail=self.detail,
            retry_after=self.retry_after,
            busy_host=self.busy_host,
            **{**self.parameters, **changes},
        )

    def about(self, address: str) -> "AppError":
        """The same error about another mailbox, without notes."""
        return self.again(address=address)

    @property
    def message(self) -> str:
        """What happened, in one sentence without a full stop."""
        return filled(self.verdict.message, self.parameters)

    @property
    def explanation(self) -> str:
        """Why it happened; empty where the message says it all."""
        return filled(self.verdict.explanation, self.parameters)

    @property
    def hint(self) -> str:
        """What to do, without naming an option or a button."""
        return filled(self.verdict.remedy, self.parameters)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was added with `add_note`."""
        return tuple(getattr(self, "__notes__", ()))

    @property
    def kind(self) -> Kind:
        """What follows from the verdict."""
        return self.verdict.kind

    @property
    def actor(self) -> Actor:
        """Who can do something about it."""
        return self.verdict.actor

    @property
    def action(self) -> Action:
        """What a face offers to do."""
        return self.verdict.action

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a run that ends with it."""
        return EXIT_CODES[self.verdict.kind]


class UsageProblem(AppError):
    """The request is invalid, so nothing was tried."""

    kinds = (Kind.USAGE,)


class SignInNeeded(AppError):
    """The user has to sign in with a browser."""

    kinds = (Kind.DEAD_GRANT,)


class TryAgain(AppError):
    """A temporary problem of the network or a server; no token was lost."""

    kinds = (Kind.PASSING,)


class Misconfigured(AppError):
    """The provider refuses the application, for every user: its settings have to be corrected."""

    kinds = (Kind.MISCONFIGURED,)


class Refused(AppError):
    """The server refuses the account or the way to log in; another token would not help."""

    kinds = (Kind.REFUSED_ACCOUNT, Kind.REFUSED_WAY, Kind.REFUSED)


class Cancelled(AppError):
    """The user cancelled the work."""

    kinds = (Kind.CANCELLED,)

    def __init__(self) -> None:
        super().__init__(CANCELLED)


_CLASSES: Mapping[Kind, type[AppError]] = MappingProxyType(
    {
        kind: error
        for error in (AppError, UsageProblem, SignInNeeded, TryAgain, Misconfigured, Refused)
        for kind in error.kinds
    }
)


def as_error(
    verdict: Verdict,
    *,
    detail: str = "",
    retry_after: float = 0.0,
    busy_host: str = "",
    **parameters: object,
) -> AppError:
    """The error of the class that belongs to the verdict's kind."""
    return _CLASSES[verdict.kind](
        verdict, detail=detail, retry_after=retry_after, busy_host=busy_host, **parameters
    )
