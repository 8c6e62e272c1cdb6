"""Keeps token files fresh for as long as it runs: the batch loop's job, in one process.

Due times come from the files by wall clock and are looked at every half a minute at least, so that
sleep, resume and clock steps are noticed. A dead grant ends the keeping of that mailbox alone.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .cancel import Cancellation
from .errors import AppError, Cancelled, TryAgain
from .job import Job
from .mailbox import locate, read_own
from .model import Outcome
from .procedure import refresh
from .schedule import due_at, left

LOOK_EVERY = 30.0  # seconds
_FIRST_RETRY = 5.0
_LONGEST_RETRY = 5 * 60.0
_LONGEST_RETRY_EXPIRED = 30.0  # imapsync can't log in meanwhile

Report = Callable[[Job, Outcome | AppError], None]


@dataclass(slots=True)
class _Kept:
    job: Job
    due: float = 0.0
    failures: int = 0
    ended: AppError | None = field(default=None)


class Keeper:
    """Mailboxes whose tokens are renewed when due; `report` hears of every try."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        interval: float,
        report: Report,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`interval` is in seconds, `jitter` gives 0 to 1."""
        self._kept = [_Kept(job) for job in jobs]
        self._interval = interval
        self._report = report
        self._jitter = jitter

    def run(self, cancelled: Cancellation, *, first: Callable[[Job], Outcome]) -> AppError | None:
        """Go round until cancelled, or until no mailbox is left; the first error that ended one.

        `first` makes the first round, the only one in which a person may be asked to sign in.
        """
        for kept in self._kept:
            self._try(kept, first)
        while any(kept.ended is None for kept in self._kept):
            cancelled.wait(self._pause())
            cancelled.check()
            for kept in self._kept:
                if kept.ended is None and kept.due <= kept.job.now():
                    self._try(kept, lambda job: refresh(job, min_left=float("inf")))
        return next((kept.ended for kept in self._kept if kept.ended), None)

    def _try(self, kept: _Kept, act: Callable[[Job], Outcome]) -> None:
        try:
            outcome = act(kept.job)
        except TryAgain as exc:
            kept.failures += 1
            kept.due = kept.job.now() + self._retry_after(kept, exc)
            self._report(kept.job, exc)
        except Cancelled:
            raise
        except AppError as exc:
            kept.ended = exc
            self._report(kept.job, exc)
        else:
            kept.failures = 0
            kept.due = self._next_due(kept.job)
            self._report(kept.job, outcome)

    def _next_due(self, job: Job) -> float:
        soon = job.now() + _FIRST_RETRY
        try:
            path = locate(job)
            file = read_own(path, job.address)
            written_at = path.stat().st_mtime
        except (AppError, OSError):
            return soon  # the next try says what is wrong with it
        if file is None:
            return soon
        if not file.refresh and file.expires_at is not None:
            return max(file.expires_at, soon)  # nothing renews it before
        # Never at once again, where the file is too young to be renewed yet.
        return max(due_at(file, interval=self._interval, written_at=written_at), soon)

    def _retry_after(self, kept: _Kept, error: TryAgain) -> float:
        """Growing, jittered waits; what the server asks for counts, unless the token is dead."""
        try:
            file = read_own(locate(kept.job), kept.job.address)
        except AppError:
            file = None
        remaining = left(file, kept.job.now()) if file else 0.0
        longest = _LONGEST_RETRY
        if remaining is not None:  # a wait may not reach far beyond the token's end
            longest = min(longest, max(remaining, _LONGEST_RETRY_EXPIRED))
        wait = _FIRST_RETRY * 2.0 ** min(kept.failures - 1, 10) * (0.75 + self._jitter() / 2)
        return min(max(wait, error.retry_after), longest)

    def _pause(self) -> float:
        waits = [kept.due - kept.job.now() for kept in self._kept if kept.ended is None]
        return min(LOOK_EVERY, max(0.2, min(waits)))
