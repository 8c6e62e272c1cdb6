"""A keeper on a clock that only moves when the keeper sleeps (a pytest plugin)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.keeping.keeper import Keeper
from core.keeping.loop import keep_fresh
from core.mailbox.get_token import get_token
from core.mailbox.job import Job
from core.model import Outcome
from servers import MakeStage, Stage

MINUTE = 60.0
INTERVAL = 30 * MINUTE


@dataclass(slots=True)
class Time:
    """A clock that stands still; `Sleep` moves it."""

    now: float = field(default_factory=lambda: float(int(time.time())))

    def __call__(self) -> float:
        """Return the seconds since the epoch."""
        return self.now


class Sleep(Cancellation):
    """A cancellation whose `wait` moves the clock instead of sleeping."""

    def __init__(self, clock: Time, *, until: float) -> None:
        """It is cancelled `until` seconds from now."""
        super().__init__()
        self.clock = clock
        self.slept: list[float] = []
        self._end = clock.now + until

    def wait(self, seconds: float) -> bool:
        """Move the clock; return whether it is cancelled now."""
        self.slept.append(seconds)
        self.clock.now += seconds
        if self.clock.now >= self._end:
            self.set()
        return self.is_set()


@dataclass(slots=True)
class Kept:
    """Runs a keeper and records its reports, each with the seconds since the start."""

    stage: Stage
    clock: Time
    reports: list[tuple[float, Outcome | AppError]] = field(default_factory=list)
    ended: AppError | None = None
    then: list[Callable[[], object]] = field(default_factory=list)  # after a report

    def run(
        self,
        *jobs: Job,
        until: float,
        interval: float = INTERVAL,
        first: Callable[[Job], Outcome] | None = None,
        jitter: float = 0.5,
        spread: float = 0.0,
        **options: Any,
    ) -> Sleep:
        """Keep the jobs fresh for `until` seconds; return the sleeps."""
        start = self.clock.now

        def report(job: Job, result: Outcome | AppError) -> None:
            self.reports.append((self.clock.now - start, result))
            if self.then:
                self.then.pop()()

        sleep = Sleep(self.clock, until=until)
        keeper = Keeper(interval=interval, jitter=lambda: jitter, spread=lambda: spread)
        try:
            self.ended = keep_fresh(
                jobs or [self.stage.job()],
                keeper,
                first=first or self.sign_in,
                report=report,
                cancelled=sleep,
                **options,
            )
        except Cancelled:
            self.ended = None
        return sleep

    def sign_in(self, job: Job) -> Outcome:
        """Do what the command line does in the first round."""
        return get_token(job, self.stage.methods())

    def good(self) -> list[float]:
        """Return the times of the good reports."""
        return [at for at, result in self.reports if isinstance(result, Outcome)]

    def bad(self) -> list[float]:
        """Return the times of the reports with errors."""
        return [at for at, result in self.reports if isinstance(result, AppError)]


def after(kept: Kept, act: Callable[[], object]) -> Callable[[Job], Outcome]:
    """Return a first round that signs in and then calls `act`."""

    def first(job: Job) -> Outcome:
        outcome = kept.sign_in(job)
        act()
        return outcome

    return first


MakeKept = Callable[..., Kept]


@pytest.fixture
def make_kept(make_stage: MakeStage) -> MakeKept:
    """Return a function that starts servers with such a clock."""

    def made(**options: object) -> Kept:
        clock = Time()
        return Kept(make_stage(clock=clock, **options), clock)

    return made


@pytest.fixture
def kept(make_kept: MakeKept) -> Kept:
    """Return one that is signed in, with tokens that live for an hour."""
    made = make_kept()
    made.stage.sign_in()
    return made
