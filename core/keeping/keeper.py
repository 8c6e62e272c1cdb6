"""What is due when, for any number of mailboxes that are to be kept fresh.

`Keeper` does nothing by itself: the terminal's loop (`loop.py`) works it off with threads, the
window with a timer and its own. Due times come from the files by wall clock and are looked at every
half a minute at least, so that sleep, resume and clock steps are noticed. A dead grant ends the
keeping of that mailbox alone.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import AppError, Misconfigured, SignInNeeded, TryAgain, UsageProblem
from ..mailbox.job import Job
from ..mailbox.resolve import locate, read_own
from ..model import Outcome
from ..tokenfile.expiry import due_at, left
from ..tokenfile.read import written_at

LOOK_EVERY = 30.0  # seconds
_SHORTEST_PAUSE = 0.2
_SHORTEST_ROUND = 1.0


@dataclass(frozen=True, slots=True)
class _Waits:
    """Seconds before the next try after a failure; they double."""

    first: float
    longest: float


# The first kind that fits counts.
_WAITS: tuple[tuple[type[AppError], _Waits], ...] = (
    (TryAgain, _Waits(5, 5 * 60)),
    (Misconfigured, _Waits(5 * 60, 30 * 60)),
    (AppError, _Waits(5 * 60, 5 * 60)),  # a full disk, somebody else's file
)
_LONGEST = max(waits.longest for _, waits in _WAITS)
_LONGEST_EXPIRED = 30.0  # imapsync can't log in meanwhile
_SHORTEST_RETRY = 1.0

# What no later round can heal by itself.
_ENDS = (SignInNeeded, UsageProblem)

Result = Outcome | AppError


@dataclass(slots=True)
class KeptMailbox:
    """One mailbox: `due` in seconds since the epoch, `ended` by what only a person heals.

    `proved` once a login has shown that its tokens open the mailbox; `early` is its place in the
    spread (`schedule.due_at`); `touched` tells what a person may have mended since a failure.
    """

    job: Job
    path: Path
    due: float = 0.0
    failures: int = 0
    busy: bool = False
    proved: bool = False
    ended: AppError | None = None
    early: float = 0.0
    touched: tuple[float, float] = (0.0, 0.0)


class Keeper:
    """What is due when, for any number of mailboxes; `interval` is in seconds."""

    def __init__(
        self,
        *,
        interval: float,
        jitter: Callable[[], float] = random.random,
        spread: Callable[[], float] = random.random,
    ) -> None:
        """Both give 0 to 1: `jitter` for the waits after a failure, `spread` for the due times."""
        self.interval = interval
        self._jitter = jitter
        self._spread = spread
        self._kept: dict[Path, KeptMailbox] = {}

    def add(self, job: Job, path: Path | None = None) -> KeptMailbox:
        """Keep a mailbox from now on; the path of its file, where it isn't given, is looked up."""
        kept = KeptMailbox(job, path or locate(job), early=self._spread())
        kept.due = self._due(kept)
        self._kept[kept.path] = kept
        return kept

    def remove(self, path: Path) -> None:
        """Keep it no longer."""
        self._kept.pop(path, None)

    def kept(self, path: Path) -> KeptMailbox | None:
        """How a mailbox stands; None where it isn't kept."""
        return self._kept.get(path)

    def due(self) -> list[KeptMailbox]:
        """What has to be refreshed now; the files are read again, since others refresh too.

        What failed before comes last, so that whoever hangs doesn't hold up the others.
        """
        found = []
        for kept in self._kept.values():
            if kept.busy:
                continue
            if kept.failures and kept.touched != _touched(kept):
                kept.failures, kept.ended, kept.due = 0, None, 0.0
            if kept.ended or not self._has_come(kept):
                continue
            if not kept.failures:
                kept.due = self._due(kept)
            if self._has_come(kept):
                found.append(kept)
        return sorted(found, key=lambda kept: (kept.failures > 0, kept.due))

    def settle(self, path: Path, result: Result) -> None:
        """Take the result of a refresh, and with it the next due time."""
        kept = self._kept.get(path)
        if kept is None:
            return
        kept.busy = False
        if isinstance(result, Outcome):
            kept.failures, kept.ended = 0, None
            kept.proved = kept.proved or result.checked
            kept.early = self._spread()
            # Not at once again, where the file is too young to have been renewed.
            kept.due = max(self._due(kept), kept.job.now() + _SHORTEST_ROUND)
            return
        kept.failures += 1
        kept.touched = _touched(kept)
        if isinstance(result, _ENDS):
            kept.ended = result
        else:
            kept.due = kept.job.now() + self._retry_after(kept, result)

    def has_any(self) -> bool:
        """Whether anything is left to keep."""
        return any(kept.ended is None for kept in self._kept.values())

    def pause(self) -> float:
        """Seconds until something may be due; at most `LOOK_EVERY`."""
        waits = [kept.due - kept.job.now() for kept in self._kept.values() if not kept.ended]
        return min(LOOK_EVERY, max(_SHORTEST_PAUSE, min(waits, default=LOOK_EVERY)))

    def _has_come(self, kept: KeptMailbox) -> bool:
        """Whether it is due; a time too far ahead tells that the clock was set back."""
        longest = max(self.interval, _LONGEST)
        return not kept.job.now() < kept.due <= kept.job.now() + longest

    def _due(self, kept: KeptMailbox) -> float:
        job, path = kept.job, kept.path
        try:
            file = read_own(job, path)
        except AppError:
            return 0.0  # the refresh will say what is wrong
        if file is None:
            return 0.0
        if not file.renewable and file.expires_at is not None:
            # Nothing renews it: its end is when a person is needed.
            return min(file.expires_at, job.now() + self.interval)
        return due_at(file, interval=self.interval, written_at=written_at(path), early=kept.early)

    def _retry_after(self, kept: KeptMailbox, error: AppError) -> float:
        """Growing, jittered waits; what the server asks for counts while the token lives long."""
        waits = next(waits for kind, waits in _WAITS if isinstance(error, kind))
        wait = waits.first * 2.0 ** min(kept.failures - 1, 10) * (0.75 + self._jitter() / 2)
        if isinstance(error, TryAgain):
            wait = min(max(wait, error.retry_after), _longest_wait(kept))
        return min(wait, waits.longest)


def _longest_wait(kept: KeptMailbox) -> float:
    """Half the token's life, so that no wait reaches beyond its end."""
    try:
        file = read_own(kept.job, kept.path)
    except AppError:
        file = None
    remaining = left(file, kept.job.now()) if file else 0.0
    if remaining is None:
        return _LONGEST
    return max(remaining / 2, _SHORTEST_RETRY) if remaining else _LONGEST_EXPIRED


def _touched(kept: KeptMailbox) -> tuple[float, float]:
    """When the token file and the user's own providers.toml were written."""
    return written_at(kept.path), written_at(kept.job.dependencies.own_file)


def renew_now(job: Job, *, check: bool) -> Outcome:
    """The refresh that the keeper means: whatever life is left, unless it is only seconds old.

    The first one of each mailbox is proved by a login: `check=not kept.proved`.
    """
    # Only here: a window that has nothing to do loads none of it.
    from ..mailbox.get_token import refresh_mailbox

    return refresh_mailbox(job, min_left=float("inf"), check=check)
