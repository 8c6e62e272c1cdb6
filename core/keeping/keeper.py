"""When each mailbox is due for a refresh, for any number of mailboxes.

`Keeper` does not refresh anything itself: the command line's loop (`loop.py`) and the window do,
each with its own threads. Due times are wall-clock times that come from the token files. They are
checked at least every 30 seconds, so that sleep, resume and clock changes are noticed. A dead grant
stops the refreshes of its own mailbox only; a token host that wants no more requests for a while
stops all of its mailboxes. What is done for one refresh doesn't depend on how many are kept.
"""

import random
from collections.abc import Callable
from pathlib import Path

from ..errors import AppError
from ..mailbox.job import Job
from ..mailbox.resolve import locate
from ..model import Outcome
from ..tokenfile.expiry import SKEW
from ..verdicts.verdict import Kind
from .corrections import Corrections
from .expiries import Expiries
from .host_limits import HostLimits
from .kept_mailbox import KeptMailbox, Listed
from .retries import LONGEST, PERMANENT, doubt_after, longest_wait, may_be_wrong, retry_after
from .turns import Turns

LOOK_EVERY = 30.0  # seconds
_SHORTEST_PAUSE = 0.2
_SHORTEST_ROUND = 1.0

Result = Outcome | AppError


class Keeper:
    """Knows when each mailbox is due for a refresh; `interval` is in seconds.

    `jitter` and `spread` return numbers from 0 to 1: `jitter` varies the waits after failures,
    `spread` the due times, so that mailboxes are not all refreshed at once. `planned` is called
    for a mailbox whenever its due time may have changed. `say` gets a sentence for the user when
    mailboxes begin to wait for their token host.
    """

    def __init__(
        self,
        *,
        interval: float,
        jitter: Callable[[], float] = random.random,
        spread: Callable[[], float] = random.random,
        planned: Callable[[KeptMailbox], None] = lambda _kept: None,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._interval = interval
        self._jitter, self._spread = jitter, spread
        self._planned = planned
        self._say = say
        self._kept: dict[Path, KeptMailbox] = {}
        self._of_job: dict[int, KeptMailbox] = {}
        self._ended: set[Path] = set()
        self._limits, self._expiries = HostLimits(), Expiries()
        self._healthy, self._failed = Turns(self._limits), Turns(self._limits)
        self._corrections = Corrections()
        self._now: Callable[[], float] = lambda: 0.0  # the clock that all jobs share
        self._latest = 0.0

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

    def add(
        self,
        job: Job,
        path: Path | None = None,
        known: Listed | None = None,
        *,
        at_once: bool = False,
    ) -> KeptMailbox:
        """Keep a mailbox fresh from now on; with `at_once` it is due, whatever its file says.

        Without `path`, the path of its file is looked up; without `known`, its file is read.
        """
        self._now, self._latest = job.now, max(self._latest, job.now())
        kept = KeptMailbox(job, path or locate(job), early=self._spread(), at_once=at_once)
        self.remove(kept.path)
        if known is None:
            kept.read()
        else:
            kept.take(known)
        kept.set_due(self._interval)
        self._kept[kept.path] = self._of_job[id(job)] = kept
        self._plan(kept)
        return kept

    def remove(self, path: Path) -> None:
        """Stop keeping a mailbox fresh."""
        if (kept := self._kept.pop(path, None)) is None:
            return
        self._of_job.pop(id(kept.job), None)
        self._ended.discard(path)
        self._corrections.discard(path)
        self._expiries.discard(kept)
        self._discard(kept)

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

        Those whose token expires first come first, but mailboxes that failed before come last, so
        that one that hangs does not delay the others. A file is looked at when its turn comes,
        since other programs refresh too. A caller that must not block limits the `reads`; it calls
        again while `is_behind`.
        """
        self._look_around()
        taken: list[KeptMailbox] = []
        left = float("inf") if reads is None else reads
        while len(taken) < at_most and left > 0 and (kept := self._healthy.take(self._latest)):
            if not kept.at_once:
                kept.look(self._interval)
                left -= 1
            self._take(kept, taken)
        while len(taken) < at_most and (kept := self._failed.take(self._latest)):
            self._take(kept, taken)
        return taken

    def _take(self, kept: KeptMailbox, taken: list[KeptMailbox]) -> None:
        if kept.at_once or self._is_due(kept):
            kept.busy = True
            taken.append(kept)
            self._limits.start(kept.path, kept.host)
            self._update(kept.host)
        self._plan(kept)

    def give_back(self, kept: KeptMailbox) -> None:
        """Call a mailbox due again that was taken and not refreshed."""
        kept.busy = False
        self._end(kept.path)
        self._plan(kept)

    def settle(self, path: Path, result: Result) -> bool:
        """Take the result of a refresh and set the next due time.

        Returns whether the result is doubted: the keeper's own refresh met a dead grant although
        the access token is still valid. Then it tries again, and `retries.doubt` says so.
        """
        self._end(path)
        kept = self._kept.get(path)
        if kept is None:
            return False
        was_busy, kept.busy, kept.at_once = kept.busy, False, False
        self._discard(kept)
        doubted = False
        if isinstance(result, Outcome):
            self._succeed(kept, result)
        else:
            kept.look(self._interval)
            doubted = was_busy and result.kind is Kind.DEAD_GRANT and may_be_wrong(kept)
            self._fail(kept, result, doubted)
        self._plan(kept)
        return doubted

    def _succeed(self, kept: KeptMailbox, outcome: Outcome) -> None:
        self._corrections.discard(kept.path)
        kept.failures, kept.ended, kept.doubted, kept.failed_with = 0, None, False, None
        self._ended.discard(kept.path)
        kept.tested = kept.tested or outcome.checked
        kept.early = self._spread()
        kept.note(outcome, self._interval)
        # If the token was too young to be refreshed, it is still due. Don't try again at once.
        kept.due = max(kept.due, self._now() + _SHORTEST_ROUND)
        if outcome.renewed:
            self._limits.accepted(kept.host, self._now())

    def _fail(self, kept: KeptMailbox, error: AppError, doubted: bool) -> None:
        kept.failures, kept.failed_with = kept.failures + 1, kept.obtained_at
        self._corrections.watch(kept)
        if doubted:
            kept.doubted = True
            kept.due = self._now() + doubt_after(kept, self._varied)
        elif error.kind in PERMANENT:
            kept.ended = error
            self._ended.add(kept.path)
        else:
            kept.due = self._now() + retry_after(kept, error, self._varied)
        if error.busy_host:
            self._pause_host(kept, error)

    def _pause_host(self, kept: KeptMailbox, error: AppError) -> None:
        """Let all mailboxes of a token host wait, and say so once."""
        kept.host, now = error.busy_host, self._now()
        self._expiries.put(kept)
        # Not always the one that was refused: a mailbox that failed before asks after all others.
        longest = longest_wait(self._expiries.first(kept.host) or kept)
        is_news = self._limits.refused(kept.host, now, error.retry_after, self._varied, longest)
        self._update(kept.host)
        if is_news and len(self._kept) > 1:
            self._say(self._limits.sentence_on(kept.host, now))

    def next_try(self, job: Job) -> float | None:
        """When a mailbox is tried again; None if it is not kept fresh, or not any more."""
        kept = self._of_job.get(id(job))
        return kept.due if kept and not kept.ended else None

    def has_any(self) -> bool:
        """Whether any mailbox is still kept fresh."""
        return len(self._ended) < len(self._kept)

    def pause(self) -> float:
        """Seconds until a mailbox may be due, at most `LOOK_EVERY`."""
        times = [turns.first_time() for turns in (self._healthy, self._failed)]
        times.append(self._corrections.next_look())
        waits = [time - self._now() for time in times if time is not None]
        return min(LOOK_EVERY, max(_SHORTEST_PAUSE, min(waits, default=LOOK_EVERY)))

    def is_behind(self) -> bool:
        """Whether there may be more to take now; `take_due` stops at its limits."""
        first = self._healthy.first_time()
        return first is not None and first <= self._now()

    def _look_around(self) -> None:
        """Notice a clock that was set back, and what the user corrected after a failure."""
        now = self._now()
        if now < self._latest - SKEW:
            self._latest = now
            self._limits.end_pauses()
            for kept in self._kept.values():
                self._plan(kept)
        self._latest = max(self._latest, now)
        for kept in self._corrections.take(now):
            self._discard(kept)
            kept.failures, kept.ended, kept.due, kept.doubted = 0, None, 0.0, False
            self._ended.discard(kept.path)
            self._plan(kept)

    def _plan(self, kept: KeptMailbox) -> None:
        """Let a mailbox wait for its turn; not while it is taken or held, nor after its end."""
        self._discard(kept)
        self._expiries.put(kept)
        if not (kept.ended or kept.busy or kept.held):
            turns = self._failed if kept.failures else self._healthy
            is_wrong = kept.at_once or kept.due > self._horizon()
            turns.put(kept, 0.0 if is_wrong else kept.due)
        self._planned(kept)

    def _discard(self, kept: KeptMailbox) -> None:
        """Take a mailbox out of its queue; do so before what decides about its place changes."""
        self._healthy.discard(kept, self._latest)
        self._failed.discard(kept, self._latest)

    def _end(self, path: Path) -> None:
        """A refresh has ended, so its token host has room for another one."""
        if (host := self._limits.end(path)) is not None:
            self._update(host)

    def _update(self, host: str) -> None:
        for turns in (self._healthy, self._failed):
            turns.update(host, self._latest)

    def _is_due(self, kept: KeptMailbox) -> bool:
        return not self._latest < kept.due <= self._horizon()

    def _horizon(self) -> float:
        """The latest due time that can be right. A later one means that the clock was set back."""
        return self._latest + max(self._interval, LONGEST) + SKEW

    def _varied(self, seconds: float) -> float:
        return seconds * (0.75 + self._jitter() / 2)


def renew_now(job: Job, *, check: bool, even_young: bool = False) -> Outcome:
    """Refresh the token now, even if it is valid; if it is only seconds old, with `even_young`.

    With `check`, a login tests the new token; callers use this for the first refresh of a mailbox.
    """
    # Imported here, so that an idle window need not load it.
    from ..mailbox.get_token import refresh_mailbox

    return refresh_mailbox(job, min_left=float("inf"), check=check, even_young=even_young)
