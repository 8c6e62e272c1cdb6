"""The loop behind `--loop` and `run`: refreshes mailboxes when they are due, until told to stop.

Several mailboxes are refreshed at once, so that a provider that hangs delays its own mailboxes
only, and at each token host no more than it may have (`host_limits`). The user is asked to sign in
to one mailbox at a time; meanwhile the others are kept fresh.
"""

import contextlib
import heapq
import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from ..cancel import Cancellation
from ..errors import AppError, Cancelled, SignInNeeded
from ..history.journal import tidy
from ..log import internal_error
from ..mailbox.job import Job
from ..mailbox.resolve import locate
from ..model import Outcome
from ..verdicts.verdict import Kind
from .keeper import LOOK_EVERY, Keeper, Result, renew_now
from .kept_mailbox import KeptMailbox
from .retries import doubt
from .stop_conditions import StopCondition
from .worker_threads import WorkerThreads, stop

log = logging.getLogger(__name__)

AT_ONCE = 16  # refreshes at all hosts together
_SLICE = 0.5  # seconds; Ctrl-C doesn't interrupt a long wait on Windows
_STEP = 1.0  # seconds; after a sleep of the computer, a wait ends within this time
_CHECK_CONDITIONS_EVERY = 5.0
_CHECK_BUSY_EVERY = 0.5  # the same while refreshes run; a look at a process takes its time

FirstRound = Callable[[Job], Outcome]
Report = Callable[[Job, Result], None]


class Renew(Protocol):
    """A function like `renew_now`."""

    def __call__(self, job: Job, *, check: bool, even_young: bool) -> Outcome:
        """Raises `SignInNeeded` if the user has to sign in, and other kinds of `AppError`."""


@dataclass(slots=True, eq=False)
class _Entry:
    """One of the jobs. As long as the path of its file is unknown, `error` says why.

    `late` is set if the path was not found at the first time: then nobody is asked to sign in.
    """

    number: int
    job: Job
    path: Path | None = None
    error: AppError | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class _Tried:
    """The result of one try.

    With `entry` it is the search for the path of the mailbox's file; `result` is its error then.
    """

    job: Job
    path: Path | None
    result: Result | None
    entry: _Entry | None = None


def keep_fresh(
    jobs: Sequence[Job],
    keeper: Keeper,
    *,
    first: FirstRound,
    report: Report,
    cancelled: Cancellation,
    sign_in: FirstRound | None = None,
    again: Renew = renew_now,
    conditions: Sequence[StopCondition] = (),
    at_once: int = AT_ONCE,
) -> AppError | None:
    """Refresh until a stop condition is reached, `cancelled` is set, or no mailbox is left.

    `first` is the first try for each mailbox and `again` all later ones; both run in threads. If
    `first` raises `SignInNeeded`, `sign_in` asks the user. `report` gets every result, in this
    thread. Returns the first error after which a mailbox was given up, or None.
    """
    tidy(time.time())
    done: queue.SimpleQueue[_Tried] = queue.SimpleQueue()
    entries = [_Entry(number, job) for number, job in enumerate(jobs)]
    loop = _Loop(
        entries,
        [(0.0, entry.number, entry) for entry in entries],
        keeper,
        first,
        sign_in,
        again,
        report,
        cancelled,
        done,
        refreshes=WorkerThreads(at_once, done),
        sign_ins=WorkerThreads(1, done),
    )
    try:
        loop.run(conditions)
    finally:
        loop.leave()
    return loop.error()


@dataclass(slots=True)
class _Loop:
    entries: list[_Entry]
    new: list[tuple[float, int, _Entry]]  # a heap: when to look for the path, and in which order
    keeper: Keeper
    first: FirstRound
    sign_in: FirstRound | None
    again: Renew
    report: Report
    cancelled: Cancellation
    done: "queue.SimpleQueue[_Tried]"
    refreshes: WorkerThreads[_Tried]
    sign_ins: WorkerThreads[_Tried]
    untried: dict[Path, _Entry] = field(default_factory=dict)  # they have had no first try
    to_sign_in: deque[tuple[Job, Path]] = field(default_factory=deque)
    running: int = 0

    def run(self, conditions: Sequence[StopCondition]) -> None:
        """Start what is due, take finished results, and wait, again and again."""
        check_at = 0.0
        while True:
            if not self.running or time.monotonic() >= check_at:
                check_at = time.monotonic() + _CHECK_BUSY_EVERY
                if any(condition.is_reached() for condition in conditions):
                    return
            self._start()
            if self.running:
                self._take()
            elif self._has_any():
                self._wait(
                    min(self._pause(), _CHECK_CONDITIONS_EVERY if conditions else LOOK_EVERY)
                )
            else:
                return
            self.cancelled.check()

    def leave(self) -> None:
        """Stop what is running, but wait until refreshed tokens are saved."""
        if self.running:
            stop(self.cancelled, self.sign_ins, self.refreshes)

    def error(self) -> AppError | None:
        """The first error, in the order of the jobs, after which a mailbox was given up."""
        for entry in self.entries:
            kept = self.keeper.kept(entry.path) if entry.path else None
            if error := entry.error or (kept.ended if kept else None):
                return error
        return None

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the wall clock says: it jumps when the computer has slept.

        The clock that times a wait may have stood still meanwhile, and the wait would go on.
        """
        now = self.entries[0].job.now
        ends_at = now() + seconds
        while seconds > 0 and now() < ends_at and not self.cancelled.wait(min(seconds, _STEP)):
            seconds -= _STEP

    def _start(self) -> None:
        """Start order: what is due and never failed, then new ones, then those that failed."""
        if free := self.refreshes.free:
            due = self.keeper.take_due(free)
            healthy = [kept for kept in due if not kept.failures]
            new = self._take_new(free - len(healthy))
            for kept in healthy:
                self._refresh(kept)
            for entry in new:
                self._run(self.refreshes, partial(_find, entry))
            free -= len(healthy) + len(new)
            for number, kept in enumerate(due[len(healthy) :]):
                if number < free:
                    self._refresh(kept)
                else:
                    self.keeper.give_back(kept)
        if self.sign_in and self.to_sign_in and self.sign_ins.free:
            job, path = self.to_sign_in.popleft()
            self._run(self.sign_ins, partial(_try, job, path, self.sign_in))

    def _refresh(self, kept: KeptMailbox) -> None:
        entry = self.untried.get(kept.path)
        is_first = entry is not None and not entry.late
        again = partial(self.again, check=not kept.tested, even_young=kept.repeats)
        act = self.first if is_first else again
        self._run(self.refreshes, partial(_try, kept.job, kept.path, act))

    def _take_new(self, at_most: int) -> list[_Entry]:
        taken: list[_Entry] = []
        while self.new and len(taken) < at_most and self.new[0][0] <= self.new[0][2].job.now():
            taken.append(heapq.heappop(self.new)[2])
        return taken

    def _run(self, workers: WorkerThreads[_Tried], act: Callable[[], _Tried]) -> None:
        self.running += 1
        workers.start(act)

    def _take(self) -> None:
        """Wait a short time for the next result and process it."""
        with contextlib.suppress(queue.Empty):
            tried = self.done.get(timeout=_SLICE)
            self.running -= 1
            self._settle(tried)

    def _settle(self, tried: _Tried) -> None:
        if isinstance(tried.result, Cancelled):
            raise tried.result
        if tried.entry is not None:
            self._keep(tried.entry, tried)
        if tried.path is None or tried.result is None:
            return
        entry = self.untried.pop(tried.path, None)
        if entry and self.sign_in and not entry.late and isinstance(tried.result, SignInNeeded):
            self._let_sign_in(tried.job, tried.path, tried.result)
        elif self.keeper.settle(tried.path, tried.result):
            tried.job.say(doubt(tried.job.address), warning=True)
        else:
            self.report(tried.job, tried.result)

    def _keep(self, entry: _Entry, found: _Tried) -> None:
        """Keep a mailbox fresh now that its path is known; its first try is due at once."""
        if found.path is not None:
            entry.path, entry.error = found.path, None
            self.untried[found.path] = entry
            self.keeper.add(entry.job, found.path, at_once=True)
        elif isinstance(found.result, AppError):
            entry.error, entry.late = found.result, True
            if found.result.kind is Kind.PASSING:
                again_at = entry.job.now() + LOOK_EVERY
                heapq.heappush(self.new, (again_at, entry.number, entry))
            self.report(entry.job, found.result)

    def _let_sign_in(self, job: Job, path: Path, error: SignInNeeded) -> None:
        """Ask the user when it is this mailbox's turn; `report` gets the result of that only."""
        kept = self.keeper.kept(path)
        if kept is not None:
            kept.doubted = True  # the user is asked, and not the provider once more
            self.keeper.settle(path, error)  # this result stays if nobody signs in
            kept.busy = True
            self.to_sign_in.append((job, path))

    def _has_any(self) -> bool:
        return self.keeper.has_any() or bool(self.new)

    def _pause(self) -> float:
        waits = [time - entry.job.now() for time, _, entry in self.new[:1]]
        return max(0.0, min([self.keeper.pause(), *waits]))


def _find(entry: _Entry) -> _Tried:
    """Find the path of a mailbox's file, in a thread: name servers may be asked."""
    try:
        return _Tried(entry.job, locate(entry.job), None, entry)
    except AppError as exc:
        return _Tried(entry.job, None, exc, entry)
    except Exception as exc:
        return _Tried(entry.job, None, _bug(exc), entry)


def _try(job: Job, path: Path, act: FirstRound) -> _Tried:
    """Run one try in its thread. Any error, even a bug, becomes the result of this mailbox only."""
    try:
        return _Tried(job, path, act(job))
    except AppError as exc:
        return _Tried(job, path, exc)
    except Exception as exc:
        return _Tried(job, path, _bug(exc))


def _bug(exc: Exception) -> AppError:
    log.exception("unexpected error in the loop")
    return internal_error(exc)
