"""One mailbox that is kept fresh: what is known of its file, and when that makes it due."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from ..errors import AppError
from ..mailbox.job import Job
from ..mailbox.resolve import Recorded, read_own, token_host
from ..model import Outcome
from ..oauth.grant import can_be_renewed
from ..tokenfile.expiry import Written, due_at, obtained_at
from ..tokenfile.read import written_at


class Known(Written, Protocol):
    """What decides about the due time of a file; a `MailboxInfo` has it too."""

    @property
    def renewable(self) -> bool:
        """Whether the token can be refreshed without the user."""

    @property
    def usable(self) -> bool:
        """Whether imapsync can use the file as it is."""


class Listed(Known, Recorded, Protocol):
    """What a list of mailboxes knows of a file; it says where its token is refreshed, too."""


class _Read(NamedTuple):
    """What was read from a token file; see `Known`."""

    issued_at: float | None
    expires_at: float | None
    renewable: bool
    usable: bool
    written_at: float


@dataclass(slots=True, eq=False)
class KeptMailbox:
    """One mailbox that is kept fresh.

    `due` is in seconds since the epoch. `busy` is set from `Keeper.take_due` to `Keeper.settle`,
    `held` while the user's own act is under way. `ended` is the error that only the user can solve,
    after which it is not refreshed any more. `tested` is set once a login has shown that the token
    opens the mailbox. `doubted` is set while a refused refresh token is tried once more. `early` is
    its place in the spread (`expiry.due_at`). `at_once` is set until its first refresh if that is
    due whatever the file says. `known` is what was read last from its file, or None, and `host` the
    token host that it named, empty if that isn't known. `failed_with` is when the token was
    obtained whose refresh failed, until a refresh works.
    """

    job: Job
    path: Path
    due: float = 0.0
    failures: int = 0
    busy: bool = False
    held: bool = False
    tested: bool = False
    doubted: bool = False
    ended: AppError | None = None
    early: float = 0.0
    at_once: bool = False
    host: str = ""
    known: Known | None = None
    failed_with: float | None = None

    @property
    def obtained_at(self) -> float:
        """When its token was obtained; 0 if the file can't be read."""
        return obtained_at(self.known) if self.known else 0.0

    @property
    def repeats(self) -> bool:
        """Whether its token is still the one whose refresh failed, as far as is known.

        Then it is due, and the next try asks the provider, however young the token is: only a
        refresh shows that the failure is over.
        """
        return self.failed_with is not None and self.obtained_at <= self.failed_with

    @property
    def expiry(self) -> float:
        """When its token expires; its due time if that is unknown."""
        known = self.known
        return self.due if known is None or known.expires_at is None else known.expires_at

    def look(self, interval: float) -> None:
        """Set the due time by the file, which is read if it has changed since it was read last."""
        if self.known is None or self.known.written_at != written_at(self.path):
            self.read()
        self.set_due(interval)

    def read(self) -> None:
        """Read the file; `known` is None if that is not possible."""
        written, self.known = written_at(self.path), None
        try:
            file = read_own(self.job, self.path)
            self.host = token_host(self.job, file)
        except AppError:
            return  # the refresh will say what is wrong
        if file is not None:
            renewable = can_be_renewed(file)
            self.known = _Read(file.issued_at, file.expires_at, renewable, file.usable, written)

    def take(self, listed: Listed) -> None:
        """Take what is known of the file already, in place of reading it."""
        self.known = _Read(
            listed.issued_at,
            listed.expires_at,
            listed.renewable,
            listed.usable,
            listed.written_at,
        )
        with contextlib.suppress(AppError):  # providers.toml can't be read
            self.host = token_host(self.job, listed)

    def note(self, outcome: Outcome, interval: float) -> None:
        """Set the due time by the result of a refresh, which says what is in the file now."""
        self.known = _Read(
            outcome.issued_at, outcome.expires_at, outcome.renewable, True, outcome.written_at
        )
        self.look(interval)  # another program may have written it meanwhile

    def set_due(self, interval: float) -> None:
        """Set the due time by what is known of the file."""
        known = self.known
        if known is None or not known.usable or self.repeats:
            self.due = 0.0
        elif not known.renewable and known.expires_at is not None:
            # It can't be refreshed. The user has to sign in when it expires.
            self.due = min(known.expires_at, self.job.now() + interval)
        else:
            self.due = due_at(
                known, interval=interval, written_at=known.written_at, early=self.early
            )
