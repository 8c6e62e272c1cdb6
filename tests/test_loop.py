"""Many mailboxes at once: one that hangs or needs the user must not disturb the others."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.errors import AppError, Cancelled, SignInNeeded, as_error
from core.keeping.keeper import Keeper, Result
from core.keeping.loop import keep_fresh
from core.keeping.stop_conditions import StopCondition
from core.mailbox.job import Job
from core.model import Outcome
from core.verdicts.local_mailbox import NO_TOKEN
from core.verdicts.local_settings import NAME_SERVERS_SILENT
from core.verdicts.local_sign_in import NO_BROWSER_NO_TERMINAL
from servers import AT_ONCE, MakeStage, Stage

INTERVAL = 1800.0


def outcome(job: Job) -> Outcome:
    """Return a good result without any request."""
    path = job.request.token_file
    assert path is not None
    return Outcome(
        address=job.address,
        provider="demo",
        file=str(path),
        imap_host="",
        imap_port=0,
        imap_starttls=False,
        expires_at=None,
        renewed=True,
        checked=True,
    )


class Crowd:
    """Numbered mailboxes; those that hang wait until the end of the test."""

    def __init__(self, stage: Stage, count: int) -> None:
        """Give each a file with a valid token, so that nothing is due after the first round."""
        self.stage = stage
        self.over = threading.Event()
        self.cancelled = Cancellation()
        content = stage.path.read_bytes()
        self.jobs = []
        for number in range(count):
            path = stage.folder / f"{number}.txt"
            path.write_bytes(content)
            self.jobs.append(stage.job(token_file=path))
        self.heard: list[tuple[Job, Outcome | AppError]] = []
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()

    def keep(
        self, first: Callable[[Job], Outcome], until: Callable[[], bool], **options: object
    ) -> AppError | None:
        """Keep all mailboxes fresh until the condition is true."""
        return keep_fresh(
            self.jobs,
            Keeper(interval=INTERVAL),
            first=first,
            report=lambda job, result: self.heard.append((job, result)),
            cancelled=self.cancelled,
            conditions=[StopCondition("", "", until)],
            **options,  # type: ignore[arg-type]
        )

    def hang(self, job: Job) -> Outcome:
        """Wait like a request to a provider that never responds."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self.over.wait(60)
        with self._lock:
            self._now -= 1
        return outcome(job)


@pytest.fixture
def crowd(make_stage: MakeStage) -> Callable[[int], Crowd]:
    """Return a function that makes a number of mailboxes with valid tokens."""

    def made(count: int) -> Crowd:
        stage = make_stage()
        stage.sign_in()
        return Crowd(stage, count)

    return made


MakeCrowd = Callable[[int], Crowd]


def test_who_hangs_holds_up_nobody(crowd: MakeCrowd) -> None:
    """While a few mailboxes hang, all others get their first round at once."""
    many = crowd(40)
    hanging = many.jobs[:3]

    def first(job: Job) -> Outcome:
        return many.hang(job) if job in hanging else outcome(job)

    began = time.monotonic()
    many.keep(first, lambda: len(many.heard) >= 37, at_once=4)
    many.over.set()
    assert time.monotonic() - began < AT_ONCE
    assert not {id(job) for job in hanging} & {id(job) for job, _ in many.heard}


def test_so_many_at_once(crowd: MakeCrowd) -> None:
    """No more than the chosen number is refreshed at the same time."""
    many = crowd(12)
    threading.Timer(0.5, many.over.set).start()
    many.keep(many.hang, lambda: len(many.heard) == 12, at_once=5)
    assert 5 == many.most_at_once


def test_one_person_for_all(crowd: MakeCrowd) -> None:
    """The user signs in to one mailbox after the other; the others are kept fresh meanwhile."""
    many = crowd(6)
    asked: list[Job] = []
    at_once: list[int] = []

    def first(job: Job) -> Outcome:
        if job in many.jobs[:3]:
            raise as_error(NO_BROWSER_NO_TERMINAL)
        return outcome(job)

    def sign_in(job: Job) -> Outcome:
        asked.append(job)
        at_once.append(len(asked) - sum(j in asked for j, _ in many.heard))
        while len(many.heard) < 3:  # the three others
            time.sleep(0.01)
        return outcome(job)

    many.keep(first, lambda: len(many.heard) == 6, sign_in=sign_in)
    assert [str(job.request.token_file) for job in many.jobs[:3]] == sorted(
        str(job.request.token_file) for job in asked
    )
    assert {1} == set(at_once)
    assert all(isinstance(result, Outcome) for _, result in many.heard)


def test_nobody_to_ask(crowd: MakeCrowd) -> None:
    """If nobody can sign in, each mailbox is reported; the first job's error is returned."""
    many = crowd(3)

    for job in many.jobs:
        assert job.request.token_file is not None
        job.request.token_file.unlink()

    def first(job: Job) -> Outcome:
        time.sleep(0.2 if job is many.jobs[0] else 0)
        raise as_error(NO_TOKEN, path=job.request.token_file)

    ended = many.keep(first, lambda: False)
    assert ended is not None
    assert many.jobs[0].request.token_file == ended.parameters["path"]
    assert 3 == len(many.heard)


def test_a_bug_in_one(crowd: MakeCrowd) -> None:
    """An internal error in one mailbox is reported, and the others are kept fresh."""
    many = crowd(3)

    def first(job: Job) -> Outcome:
        if job is many.jobs[1]:
            raise ZeroDivisionError
        return outcome(job)

    assert many.keep(first, lambda: len(many.heard) == 3) is None
    errors = [result for _, result in many.heard if isinstance(result, AppError)]
    assert ["ZeroDivisionError"] == [error.detail for error in errors]


def test_cancelled_while_some_hang(crowd: MakeCrowd) -> None:
    """A cancelled loop ends although a provider never responds."""
    many = crowd(4)
    threading.Timer(0.3, many.cancelled.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        many.keep(many.hang, lambda: False)
    assert time.monotonic() - began < AT_ONCE
    many.over.set()


def test_cancelled_with_a_token_on_its_way(crowd: MakeCrowd) -> None:
    """A refreshed token is saved before the loop ends; no other refresh starts after that."""
    many = crowd(2)
    saved: list[Job] = []
    refused: list[Job] = []
    both = threading.Barrier(2)

    def first(job: Job) -> Outcome:
        both.wait(20)
        if job is many.jobs[1]:
            many.cancelled.wait(20)
            try:
                with many.cancelled.shield():
                    pass
            except Cancelled:
                refused.append(job)
                raise
        with many.cancelled.shield():
            many.cancelled.set()
            time.sleep(1.5)  # longer than what isn't shielded is waited for
            saved.append(job)
        return outcome(job)

    with pytest.raises(Cancelled):
        many.keep(first, lambda: False)
    assert [many.jobs[0]] == saved
    assert [many.jobs[1]] == refused


def test_an_ending(crowd: MakeCrowd) -> None:
    """At its stop condition the loop ends without an error."""
    many = crowd(2)
    assert many.keep(outcome, lambda: len(many.heard) == 2) is None


def test_an_ending_before_the_person_came(crowd: MakeCrowd) -> None:
    """A mailbox that wasn't signed in when the loop stops is the returned error."""
    many = crowd(3)

    def first(job: Job) -> Outcome:
        if job is many.jobs[2]:
            return outcome(job)
        raise as_error(NO_BROWSER_NO_TERMINAL)

    began = time.monotonic()
    ended = many.keep(first, lambda: len(many.heard) == 1, sign_in=many.hang)
    many.over.set()
    assert isinstance(ended, SignInNeeded)
    assert time.monotonic() - began < AT_ONCE


def test_who_failed_waits_for_who_is_new(crowd: MakeCrowd) -> None:
    """Every mailbox gets its first try, however often the failing ones are tried again."""
    many = crowd(8)
    troubled = many.jobs[:4]
    tried: list[Job] = []

    def first(job: Job) -> Outcome:
        tried.append(job)
        if job in troubled:
            time.sleep(0.05)
            raise as_error(NAME_SERVERS_SILENT)
        return outcome(job)

    def again(job: Job, **how: bool) -> Outcome:
        tried.append(job)
        raise as_error(NAME_SERVERS_SILENT)

    class Hasty(Keeper):
        """A keeper that tries a failed mailbox again at once."""

        def settle(self, path: Path, result: Result) -> bool:
            doubted = super().settle(path, result)
            kept = self.kept(path)
            if kept is not None and kept.failures:
                kept.due = 0.0
                self.give_back(kept)
            return doubted

    keep_fresh(
        many.jobs,
        Hasty(interval=INTERVAL),
        first=first,
        again=again,
        report=lambda job, result: many.heard.append((job, result)),
        cancelled=many.cancelled,
        conditions=[StopCondition("", "", lambda: len(tried) >= 12)],
        at_once=1,
    )
    assert {id(job) for job in many.jobs} == {id(job) for job in tried[:8]}
