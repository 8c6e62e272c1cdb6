"""One mailbox that is kept fresh: what is known of its file, and when that makes it due."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..errors import AppError
from ..mailbox.job import Job
from ..mailbox.resolve import read_own
from ..oauth.grant import can_be_renewed
from ..tokenfile.expiry import Dated, due_at
from ..tokenfile.format import TokenFile
from ..tokenfile.read import written_at


class Known(Dated, Protocol):
    """What decides about the due time of a file; a `MailboxInfo` has it too."""

    @property
    def renewable(self) -> bool:
        """Whether the token can be refreshed without the user."""

    @property
    def usable(self) -> bool:
        """Whether imapsync can use the file as it is."""

    @property
    def written_at(self) -> float:
        """When the file was written."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read from a token file; see `Known`."""

    issued_at: float | None
    expires_at: float | None
    renewable: bool
    usable: bool
    written_at: float


@dataclass(slots=True)
class KeptMailbox:
    """One mailbox that is kept fresh.

    `due` is in seconds since the epoch. `busy` is set from `Keeper.take_due` to `Keeper.settle`,
    `held` while the user's own act is under way. `ended` is the error that only the user can solve,
    after which it is not refreshed any more. `tested` is set once a login has shown that the token
    opens the mailbox. `doubted` is set while a refused refresh token is tried once more. `early` is
    its place in the spread (`expiry.due_at`). `touched` holds the times of the files that the user
    may have corrected since a failure. `known` is what was read last from its file, or None.
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
    touched: tuple[float, float] = (0.0, 0.0)
    known: Known | None = None

    def file(self) -> TokenFile | None:
        """Read the token file; None if that is not possible."""
        try:
            return read_own(self.job, self.path)
        except AppError:
            return None  # the refresh will say what is wrong

    def read_due(self, interval: float) -> None:
        """Read the file, and set the due time by it."""
        file, self.known = self.file(), None
        if file is not None:
            written = written_at(self.path)
            self.known = _Read(
                file.issued_at, file.expires_at, can_be_renewed(file), file.usable, written
            )
        self.set_due(interval)

    def set_due(self, interval: float) -> None:
        """Set the due time by what is known of the file."""
        known = self.known
        if known is None or not known.usable:
            self.due = 0.0
        elif not known.renewable and known.expires_at is not None:
            # It can't be refreshed. The user has to sign in when it expires.
            self.due = min(known.expires_at, self.job.now() + interval)
        else:
            self.due = due_at(
                known, interval=interval, written_at=known.written_at, early=self.early
            )

    def files_written_at(self) -> tuple[float, float]:
        """When the token file and the user's own providers.toml were last written."""
        return written_at(self.path), written_at(self.job.dependencies.own_file)
