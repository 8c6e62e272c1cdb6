"""When each mailbox is due for a refresh, for any number of mailboxes.

`Keeper` does not refresh anything itself: the command line's loop (`loop.py`) and the window do,
each with its own threads. Due times are wall-clock times that come from the token files. They are
checked at least every 30 seconds, so that sleep, resume and clock changes are noticed. The kind of
an error's verdict decides about the next try. A dead grant stops the refreshes of its own mailbox
only.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import AppError
from ..mailbox.job import Job
from ..mailbox.resolve import locate, read_own
from ..model import Outcome
from ..oauth.grant import can_be_renewed
from ..tokenfile.expiry import due_at, left
from ..tokenfile.format import TokenFile
from ..tokenfile.read import written_at
from ..verdicts.verdict import Kind

LOOK_EVERY = 30.0  # seconds
_SHORTEST_PAUSE = 0.2
_SHORTEST_ROUND = 1.0


@dataclass(frozen=True, slots=True)
class _Waits:
    """Seconds to wait after the first failure, and the longest wait; each wait is doubled."""

    first: float
    longest: float


_PASSING = _Waits(5, 5 * 60)
_REFUSED = _Waits(5 * 60, 30 * 60)  # somebody has to act, and no user waits
_LOCAL = _Waits(5 * 60, 5 * 60)  # for example a full disk
_WAITS: Mapping[Kind, _Waits] = {
    Kind.PASSING: _PASSING,
    Kind.MISCONFIGURED: _REFUSED,
    Kind.REFUSED_ACCOUNT: _REFUSED,
    Kind.REFUSED_WAY: _REFUSED,
    Kind.REFUSED: _REFUSED,
}
_LONGEST = _REFUSED.longest
_LONGEST_EXPIRED = 30.0  # short, since imapsync can't log in with an expired token
_SHORTEST_RETRY = 1.0

# Trying again does not help against these.
_PERMANENT = (Kind.DEAD_GRANT, Kind.USAGE)
# Providers were seen to refuse good refresh tokens, so a refusal counts when it comes twice.
_DOUBT = 60.0  # seconds between the two
_DOUBTED = (
    "The provider did not refresh the token of {address}. It is asked once more in about a minute, "
    "because such a refusal can be a mistake."
)

Result = Outcome | AppError


@dataclass(slots=True)
class KeptMailbox:
    """One mailbox that is kept fresh.

    `due` is in seconds since the epoch. `ended` is the error that only the user can solve, after
    which it is not refreshed any more. `tested` is set once a login has shown that the token opens
    the mailbox. `doubted` is set while a refused refresh token is tried once more. `early` is its
    place in the spread (`expiry.due_at`). `touched` holds the times of the files that the user may
    have corrected since a failure.
    """

    job: Job
    path: Path
    due: float = 0.0
    failures: int = 0
    busy: bool = False
    tested: bool = False
    doubted: bool = False
    ended: AppError | None = None
    early: float = 0.0
    touched: tuple[float, float] = (0.0, 0.0)


class Keeper:
    """Knows when each mailbox is due for a refresh; `interval` is in seconds.

    `jitter` and `spread` return numbers from 0 to 1: `jitter` varies the waits after failures,
    `spread` the due times, so that mailboxes are not all refreshed at once.
    """

    def __init__(
        self,
        *,
        interval: float,
        jitter: Callable[[], float] = random.random,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self.interval = interval
        self._jitter = jitter
        self._spread = spread
        self._kept: dict[Path, KeptMailbox] = {}

    def add(self, job: Job, path: Path | None = None) -> KeptMailbox:
        """Keep a mailbox fresh from now on. Without `path`, the path of its file is looked up."""
        kept = KeptMailbox(job, path or locate(job), early=self._spread())
        kept.due = self._due_at(kept)
        self._kept[kept.path] = kept
        return kept

    def remove(self, path: Path) -> None:
        """Stop keeping a mailbox fresh."""
        self._kept.pop(path, None)

    def kept(self, path: Path) -> KeptMailbox | None:
        """The entry of a mailbox; None if it is not kept fresh."""
        return self._kept.get(path)

    def due(self) -> list[KeptMailbox]:
        """The mailboxes to refresh now. Reads the files again, since other programs refresh too.

        Mailboxes that failed before come last, so that one that hangs does not delay the others.
        """
        found = []
        for kept in self._kept.values():
            if kept.busy:
                continue
            if kept.failures and kept.touched != _touched(kept):
                kept.failures, kept.ended, kept.due, kept.doubted = 0, None, 0.0, False
            if kept.ended or not self._is_due(kept):
                continue
            if not kept.failures:
                kept.due = self._due_at(kept)
            if self._is_due(kept):
                found.append(kept)
        return sorted(found, key=lambda kept: (kept.failures > 0, kept.due))

    def settle(self, path: Path, result: Result) -> str:
        """Take the result of a refresh and set the next due time.

        Returns what to tell the user in place of the result; this is empty unless the keeper's own
        refresh met a dead grant although the access token is still valid. Then it tries again.
        """
        kept = self._kept.get(path)
        if kept is None:
            return ""
        was_busy, kept.busy = kept.busy, False
        if isinstance(result, Outcome):
            kept.failures, kept.ended, kept.doubted = 0, None, False
            kept.tested = kept.tested or result.checked
            kept.early = self._spread()
            # If the token was too young to be refreshed, it is still due. Don't try again at once.
            kept.due = max(self._due_at(kept), kept.job.now() + _SHORTEST_ROUND)
            return ""
        kept.failures += 1
        kept.touched = _touched(kept)
        if was_busy and result.kind is Kind.DEAD_GRANT and _may_be_wrong(kept):
            kept.doubted = True
            kept.due = kept.job.now() + min(self._varied(_DOUBT), _longest_wait(kept))
            return _DOUBTED.format(address=kept.job.address)
        if result.kind in _PERMANENT:
            kept.ended = result
        else:
            kept.due = kept.job.now() + self._retry_after(kept, result)
        return ""

    def next_try(self, job: Job) -> float | None:
        """When a mailbox is tried again; None if it is not kept fresh, or not any more."""
        found = (kept for kept in self._kept.values() if kept.job is job and not kept.ended)
        return next((kept.due for kept in found), None)

    def has_any(self) -> bool:
        """Whether any mailbox is still kept fresh."""
        return any(kept.ended is None for kept in self._kept.values())

    def pause(self) -> float:
        """Seconds until a mailbox may be due, at most `LOOK_EVERY`."""
        waits = [kept.due - kept.job.now() for kept in self._kept.values() if not kept.ended]
        return min(LOOK_EVERY, max(_SHORTEST_PAUSE, min(waits, default=LOOK_EVERY)))

    def _is_due(self, kept: KeptMailbox) -> bool:
        """Whether it is due now. A due time too far ahead means that the clock was set back."""
        longest = max(self.interval, _LONGEST)
        return not kept.job.now() < kept.due <= kept.job.now() + longest

    def _due_at(self, kept: KeptMailbox) -> float:
        job, path = kept.job, kept.path
        try:
            file = read_own(job, path)
        except AppError:
            return 0.0  # the refresh will say what is wrong
        if file is None:
            return 0.0
        if not can_be_renewed(file) and file.expires_at is not None:
            # It can't be refreshed. The user has to sign in when it expires.
            return min(file.expires_at, job.now() + self.interval)
        return due_at(file, interval=self.interval, written_at=written_at(path), early=kept.early)

    def _retry_after(self, kept: KeptMailbox, error: AppError) -> float:
        """Seconds until the next try: they grow with each failure and vary by the jitter.

        The wait that the server asks for is respected as long as the token stays valid.
        """
        waits = _WAITS.get(error.kind, _LOCAL)
        wait = self._varied(waits.first * 2.0 ** min(kept.failures - 1, 10))
        if error.kind is Kind.PASSING:
            wait = min(max(wait, error.retry_after), _longest_wait(kept))
        return min(wait, waits.longest)

    def _varied(self, seconds: float) -> float:
        return seconds * (0.75 + self._jitter() / 2)


def _may_be_wrong(kept: KeptMailbox) -> bool:
    """Whether a refused refresh token is tried again: once, while the access token is valid."""
    if kept.doubted:
        return False
    file = _file_of(kept)
    return file is not None and can_be_renewed(file) and left(file, kept.job.now()) != 0


def _longest_wait(kept: KeptMailbox) -> float:
    """Half the remaining life of the token, so that no wait lasts until after its end."""
    file = _file_of(kept)
    remaining = left(file, kept.job.now()) if file else 0.0
    if remaining is None:
        return _LONGEST
    return max(remaining / 2, _SHORTEST_RETRY) if remaining else _LONGEST_EXPIRED


def _file_of(kept: KeptMailbox) -> TokenFile | None:
    try:
        return read_own(kept.job, kept.path)
    except AppError:
        return None


def _touched(kept: KeptMailbox) -> tuple[float, float]:
    """When the token file and the user's own providers.toml were last written."""
    return written_at(kept.path), written_at(kept.job.dependencies.own_file)


def renew_now(job: Job, *, check: bool) -> Outcome:
    """Refresh the token now, even if it is still valid, unless it is only seconds old.

    With `check`, a login tests the new token; callers use this for the first refresh of a mailbox.
    """
    # Imported here, so that an idle window need not load it.
    from ..mailbox.get_token import refresh_mailbox

    return refresh_mailbox(job, min_left=float("inf"), check=check)
