"""When each mailbox is due for a refresh, for any number of mailboxes.

`Keeper` does not refresh anything itself: the command line's loop (`loop.py`) and the window do,
each with its own threads. Due times are wall-clock times that come from the token files. They are
checked at least every 30 seconds, so that sleep, resume and clock changes are noticed. A dead grant
stops the refreshes of its own mailbox only.
"""

import random
from collections.abc import Callable
from pathlib import Path

from ..errors import AppError
from ..mailbox.job import Job
from ..mailbox.resolve import locate
from ..model import Outcome
from ..verdicts.verdict import Kind
from .kept_mailbox import KeptMailbox, Known
from .retries import LONGEST, PERMANENT, doubt_after, may_be_wrong, retry_after
from .schedule import Schedule

LOOK_EVERY = 30.0  # seconds
_SHORTEST_PAUSE = 0.2
_SHORTEST_ROUND = 1.0
_NOTICE_EVERY = 5.0  # seconds between two looks at the files that the user may have corrected

Result = Outcome | AppError


class Keeper:
    """Knows when each mailbox is due for a refresh; `interval` is in seconds.

    `jitter` and `spread` return numbers from 0 to 1: `jitter` varies the waits after failures,
    `spread` the due times, so that mailboxes are not all refreshed at once. `planned` is called
    for a mailbox whenever its due time may have changed.
    """

    def __init__(
        self,
        *,
        interval: float,
        jitter: Callable[[], float] = random.random,
        spread: Callable[[], float] = random.random,
        planned: Callable[[KeptMailbox], None] = lambda _kept: None,
    ) -> None:
        self._interval = interval
        self._jitter = jitter
        self._spread = spread
        self._planned = planned
        self._kept: dict[Path, KeptMailbox] = {}
        self._of_job: dict[int, KeptMailbox] = {}
        self._healthy, self._failed = Schedule(), Schedule()
        self._watched: dict[Path, KeptMailbox] = {}  # failed, so the user may correct something
        self._latest = self._looked = 0.0

    @property
    def interval(self) -> float:
        """Seconds between two refreshes of a mailbox; a new value counts at once."""
        return self._interval

    @interval.setter
    def interval(self, seconds: float) -> None:
        self._interval = seconds
        for kept in self._kept.values():
            if not kept.failures:
                kept.set_due(seconds)
                self._plan(kept)

    def add(self, job: Job, path: Path | None = None, known: Known | None = None) -> KeptMailbox:
        """Keep a mailbox fresh from now on.

        Without `path`, the path of its file is looked up; without `known`, its file is read.
        """
        kept = KeptMailbox(job, path or locate(job), early=self._spread(), known=known)
        self.remove(kept.path)
        if known is None:
            kept.read_due(self._interval)
        else:
            kept.set_due(self._interval)
        self._kept[kept.path] = self._of_job[id(job)] = kept
        self._plan(kept)
        return kept

    def remove(self, path: Path) -> None:
        """Stop keeping a mailbox fresh."""
        if (kept := self._kept.pop(path, None)) is None:
            return
        self._of_job.pop(id(kept.job), None)
        self._watched.pop(path, None)
        self._healthy.discard(path)
        self._failed.discard(path)

    def kept(self, path: Path) -> KeptMailbox | None:
        """The entry of a mailbox; None if it is not kept fresh."""
        return self._kept.get(path)

    def hold(self, path: Path) -> None:
        """Do not call a mailbox due until `release`, since the user does something with it."""
        if kept := self._kept.get(path):
            kept.held = True
            self._plan(kept)

    def release(self, path: Path) -> None:
        """End a `hold`."""
        if kept := self._kept.get(path):
            kept.held = False
            self._plan(kept)

    def take_due(self, at_most: int, *, reads: int | None = None) -> list[KeptMailbox]:
        """The mailboxes to refresh now. They are busy until `settle` or `give_back`.

        Mailboxes that failed before come last, so that one that hangs does not delay the others.
        The file of a mailbox is read again when its turn comes, since other programs refresh too.
        A caller that must not block limits the `reads`; it calls again while `is_behind`.
        """
        self._look_around()
        taken: list[KeptMailbox] = []
        left = float("inf") if reads is None else reads
        while len(taken) < at_most and left > 0 and (path := self._healthy.take(self._latest)):
            kept = self._kept[path]
            if not kept.busy:
                kept.read_due(self._interval)
                left -= 1
                self._take(kept, taken)
        while len(taken) < at_most and (path := self._failed.take(self._latest)):
            kept = self._kept[path]
            if not kept.busy:
                self._take(kept, taken)
        return sorted(taken, key=lambda kept: (kept.failures > 0, kept.due))

    def _take(self, kept: KeptMailbox, taken: list[KeptMailbox]) -> None:
        if self._is_due(kept):
            kept.busy = True
            taken.append(kept)
        self._plan(kept)

    def give_back(self, kept: KeptMailbox) -> None:
        """Call a mailbox due again that was taken and not refreshed."""
        kept.busy = False
        self._plan(kept)

    def settle(self, path: Path, result: Result) -> bool:
        """Take the result of a refresh and set the next due time.

        Returns whether the result is doubted: the keeper's own refresh met a dead grant although
        the access token is still valid. Then it tries again, and `retries.doubt` says so.
        """
        kept = self._kept.get(path)
        if kept is None:
            return False
        was_busy, kept.busy = kept.busy, False
        doubted = False
        if isinstance(result, Outcome):
            self._succeed(kept, result)
        else:
            doubted = was_busy and result.kind is Kind.DEAD_GRANT and may_be_wrong(kept)
            self._fail(kept, result, doubted)
        self._plan(kept)
        return doubted

    def _succeed(self, kept: KeptMailbox, outcome: Outcome) -> None:
        self._watched.pop(kept.path, None)
        kept.failures, kept.ended, kept.doubted = 0, None, False
        kept.tested = kept.tested or outcome.checked
        kept.early = self._spread()
        kept.read_due(self._interval)
        # If the token was too young to be refreshed, it is still due. Don't try again at once.
        kept.due = max(kept.due, kept.job.now() + _SHORTEST_ROUND)

    def _fail(self, kept: KeptMailbox, error: AppError, doubted: bool) -> None:
        kept.failures += 1
        kept.touched = kept.files_written_at()
        self._watched[kept.path] = kept
        if doubted:
            kept.doubted = True
            kept.due = kept.job.now() + doubt_after(kept, self._varied)
        elif error.kind in PERMANENT:
            kept.ended = error
        else:
            kept.due = kept.job.now() + retry_after(kept, error, self._varied)

    def next_try(self, job: Job) -> float | None:
        """When a mailbox is tried again; None if it is not kept fresh, or not any more."""
        kept = self._of_job.get(id(job))
        return kept.due if kept and not kept.ended else None

    def has_any(self) -> bool:
        """Whether any mailbox is still kept fresh."""
        return any(kept.ended is None for kept in self._kept.values())

    def pause(self) -> float:
        """Seconds until a mailbox may be due, at most `LOOK_EVERY`."""
        times = [self._healthy.first_time(), self._failed.first_time()]
        if self._watched:
            times.append(self._looked + _NOTICE_EVERY)
        now = self._now()
        waits = [time - now for time in times if time is not None]
        return min(LOOK_EVERY, max(_SHORTEST_PAUSE, min(waits, default=LOOK_EVERY)))

    def is_behind(self) -> bool:
        """Whether there may be more to take now; `take_due` stops at its limits."""
        first = self._healthy.first_time()
        return first is not None and first <= self._now()

    def _now(self) -> float:
        """The time by the clock that all jobs share."""
        return next((kept.job.now() for kept in self._kept.values()), 0.0)

    def _look_around(self) -> None:
        """Notice a clock that was set back, and what the user corrected after a failure."""
        now = self._now()
        if now < self._latest:
            for kept in self._kept.values():
                self._plan(kept)
        self._latest = now
        if self._looked <= now < self._looked + _NOTICE_EVERY:
            return
        self._looked = now
        corrected = [k for k in self._watched.values() if k.touched != k.files_written_at()]
        for kept in corrected:
            if not kept.busy:
                kept.failures, kept.ended, kept.due, kept.doubted = 0, None, 0.0, False
                del self._watched[kept.path]
                self._plan(kept)

    def _plan(self, kept: KeptMailbox) -> None:
        """Put a mailbox into the schedule of its due time, or out of it while it is not taken."""
        self._healthy.discard(kept.path)
        self._failed.discard(kept.path)
        if not (kept.ended or kept.busy or kept.held):
            schedule = self._failed if kept.failures else self._healthy
            schedule.put(kept.path, kept.due if kept.due <= self._horizon(kept) else 0.0)
        self._planned(kept)

    def _is_due(self, kept: KeptMailbox) -> bool:
        return not kept.job.now() < kept.due <= self._horizon(kept)

    def _horizon(self, kept: KeptMailbox) -> float:
        """The latest due time that can be right. A later one means that the clock was set back."""
        return kept.job.now() + max(self._interval, LONGEST)

    def _varied(self, seconds: float) -> float:
        return seconds * (0.75 + self._jitter() / 2)


def renew_now(job: Job, *, check: bool) -> Outcome:
    """Refresh the token now, even if it is still valid, unless it is only seconds old.

    With `check`, a login tests the new token; callers use this for the first refresh of a mailbox.
    """
    # Imported here, so that an idle window need not load it.
    from ..mailbox.get_token import refresh_mailbox

    return refresh_mailbox(job, min_left=float("inf"), check=check)
