"""Keeps token files fresh for as long as it runs: the batch loop's job, in one process.

`Keeper` only knows what is due when, and does nothing by itself: the loop below works it off in the
terminal, the window with a timer and threads. Due times come from the files by wall clock and are
looked at every half a minute at least, so that sleep, resume and clock steps are noticed. A dead
grant ends the keeping of that mailbox alone.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .cancel import Cancellation
from .errors import AppError, Cancelled, SignInNeeded, TryAgain, UsageProblem
from .job import Job
from .mailbox import locate, read_own
from .model import Outcome
from .schedule import due_at, left
from .tokenfile.read import written_at

LOOK_EVERY = 30.0  # seconds
_SHORTEST_PAUSE = 0.2
_SHORTEST_ROUND = 1.0
_FIRST_RETRY = 5.0
_LONGEST_RETRY = 5 * 60.0
_LONGEST_RETRY_EXPIRED = 30.0  # imapsync can't log in meanwhile

# What no later round can heal by itself.
_ENDS = (SignInNeeded, UsageProblem)

Result = Outcome | AppError
Report = Callable[[Job, Result], None]


@dataclass(slots=True)
class Kept:
    """One mailbox: `due` in seconds since the epoch, `ended` by what only a person heals.

    `proved` once a login has shown that its tokens open the mailbox.
    """

    job: Job
    path: Path
    due: float = 0.0
    failures: int = 0
    busy: bool = False
    proved: bool = False
    ended: AppError | None = None


class Keeper:
    """What is due when, for any number of mailboxes; `interval` is in seconds."""

    def __init__(self, *, interval: float, jitter: Callable[[], float] = random.random) -> None:
        """`jitter` gives 0 to 1."""
        self.interval = interval
        self._jitter = jitter
        self._kept: dict[Path, Kept] = {}

    def add(self, job: Job) -> Kept:
        """Keep a mailbox from now on; the path of its file tells it apart."""
        path = locate(job)
        kept = Kept(job, path, due=self._due(job, path))
        self._kept[path] = kept
        return kept

    def remove(self, path: Path) -> None:
        """Keep it no longer."""
        self._kept.pop(path, None)

    def kept(self, path: Path) -> Kept | None:
        """How a mailbox stands; None where it isn't kept."""
        return self._kept.get(path)

    def due(self) -> list[Kept]:
        """What has to be refreshed now; the files are read again, since others refresh too."""
        found = []
        for kept in self._kept.values():
            if kept.busy or kept.ended or not self._has_come(kept):
                continue
            if not kept.failures:
                kept.due = self._due(kept.job, kept.path)
            if self._has_come(kept):
                found.append(kept)
        return found

    def settle(self, path: Path, result: Result) -> None:
        """Take the result of a refresh, and with it the next due time."""
        kept = self._kept.get(path)
        if kept is None:
            return
        kept.busy = False
        if isinstance(result, Outcome):
            kept.failures, kept.ended = 0, None
            kept.proved = kept.proved or result.checked
            # Not at once again, where the file is too young to have been renewed.
            kept.due = max(self._due(kept.job, path), kept.job.now() + _SHORTEST_ROUND)
        elif isinstance(result, _ENDS):
            kept.ended = result
        else:
            kept.failures += 1
            kept.due = kept.job.now() + self._retry_after(kept, result)

    def ended(self) -> AppError | None:
        """The first error that ended a keeping."""
        return next((kept.ended for kept in self._kept.values() if kept.ended), None)

    def has_any(self) -> bool:
        """Whether anything is left to keep."""
        return any(kept.ended is None for kept in self._kept.values())

    def pause(self) -> float:
        """Seconds until something may be due; at most `LOOK_EVERY`."""
        waits = [kept.due - kept.job.now() for kept in self._kept.values() if not kept.ended]
        return min(LOOK_EVERY, max(_SHORTEST_PAUSE, min(waits, default=LOOK_EVERY)))

    def _has_come(self, kept: Kept) -> bool:
        """Whether it is due; a time too far ahead tells that the clock was set back."""
        longest = max(self.interval, _LONGEST_RETRY)
        return not kept.job.now() < kept.due <= kept.job.now() + longest

    def _due(self, job: Job, path: Path) -> float:
        try:
            file = read_own(job, path)
        except AppError:
            return 0.0  # the refresh will say what is wrong
        if file is None:
            return 0.0
        if not file.renewable and file.expires_at is not None:
            # Nothing renews it: its end is when a person is needed.
            return min(file.expires_at, job.now() + self.interval)
        return due_at(file, interval=self.interval, written_at=written_at(path))

    def _retry_after(self, kept: Kept, error: AppError) -> float:
        """Growing, jittered waits; what the server asks for counts, unless the token is dead."""
        if not isinstance(error, TryAgain):
            return _LONGEST_RETRY  # a full disk, a wrong secret: a person may mend it meanwhile
        try:
            file = read_own(kept.job, kept.path)
        except AppError:
            file = None
        remaining = left(file, kept.job.now()) if file else 0.0
        longest = _LONGEST_RETRY
        if remaining is not None:  # no wait reaches far beyond the token's end
            longest = min(longest, max(remaining, _LONGEST_RETRY_EXPIRED))
        wait = _FIRST_RETRY * 2.0 ** min(kept.failures - 1, 10) * (0.75 + self._jitter() / 2)
        return min(max(wait, error.retry_after), longest)


def renew_now(job: Job, *, check: bool) -> Outcome:
    """The refresh that the keeper means: whatever life is left, unless it is only seconds old.

    The first one of each mailbox is proved by a login: `check=not kept.proved`.
    """
    from .procedure import refresh  # only here: a window that has nothing to do loads none of it

    return refresh(job, min_left=float("inf"), check=check)


def keep_fresh(
    jobs: Sequence[Job],
    keeper: Keeper,
    *,
    first: Callable[[Job], Outcome],
    report: Report,
    cancelled: Cancellation,
) -> AppError | None:
    """Go round until cancelled, or until no mailbox is left; the first error that ended one.

    `first` makes the first round, the only one in which a person may be asked to sign in; `report`
    hears of every try.
    """

    def attempt(kept: Kept, act: Callable[[Job], Outcome]) -> None:
        result: Result
        try:
            result = act(kept.job)
        except Cancelled:
            raise
        except AppError as exc:
            result = exc
        keeper.settle(kept.path, result)
        report(kept.job, result)

    def place(job: Job, act: Callable[[Job], Outcome]) -> AppError | None:
        try:
            kept = keeper.add(job)
        except Cancelled:
            raise
        except AppError as exc:  # its file can't be told from another's, or not now
            report(job, exc)
            return exc
        attempt(kept, act)
        return None

    errors = [(job, place(job, first)) for job in jobs]
    while keeper.has_any() or any(isinstance(error, TryAgain) for _, error in errors):
        cancelled.wait(keeper.pause())
        cancelled.check()
        for kept in keeper.due():
            attempt(kept, partial(renew_now, check=not kept.proved))
        errors = [
            (job, place(job, partial(renew_now, check=True)) if isinstance(e, TryAgain) else e)
            for job, e in errors
        ]
    return next((error for _, error in errors if error), None) or keeper.ended()
