"""What a list says: mailboxes, pairs of mailboxes, and mistakes."""

from dataclasses import dataclass, field
from pathlib import Path

from ..errors import AppError

Identity = tuple[str | Path | None, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A mailbox that gets a token; empty where the list says nothing.

    `line` is the number of its line. `side` is 1 or 2, or 0 if the list doesn't say it. `host` is
    the IMAP server of imapsync's columns.
    """

    line: int
    address: str
    provider: str = ""
    application: str = ""
    grant: str = ""
    login_hint: str = ""
    token_file: Path | None = None
    side: int = 0
    host: str = ""

    @property
    def identity(self) -> Identity:
        """What is equal for the same mailbox in another line."""
        names = (self.provider, self.application, self.grant, self.login_hint, self.host)
        return (self.address.casefold(), self.token_file, *names)


@dataclass(frozen=True, slots=True)
class PasswordLogin:
    """A side of a pair to which imapsync logs in with a password."""

    host: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and a destination; `options` are further words for imapsync."""

    line: int
    source: Listed | PasswordLogin
    destination: Listed | PasswordLogin
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that can't be used; `column` is empty if the whole line is wrong."""

    line: int
    column: str
    error: AppError


@dataclass(slots=True)
class MailboxList:
    """All of a list. A mailbox that stands in several lines is in `mailboxes` once."""

    mailboxes: list[Listed] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
