"""Thousands of mailboxes have few token hosts: none is flooded, and none holds up another one."""

from collections import Counter
from pathlib import Path

import pytest

from core.errors import AppError, as_error
from core.keeping.host_limits import AT_ONCE, HostLimits
from core.keeping.keeper import Keeper
from core.mailbox.job import Job
from core.model import Outcome
from core.providers.overrides import Overrides
from core.verdicts.local_settings import NAME_SERVERS_SILENT
from core.verdicts.local_sign_in import INPUT_ENDED
from faulty_servers.responses import Fault
from keeping import INTERVAL, MINUTE, Kept
from servers import MakeStage, Stage

HERE, THERE = "near.example", "far.example"


def same(seconds: float) -> float:
    """Vary nothing."""
    return seconds


def at(host: str, stage: Stage, number: int, issued_at: float, life: float) -> Job:
    """A mailbox whose token is refreshed at this host."""
    stage.change(issued_at=issued_at, expires_at=issued_at + life)
    path = stage.folder / f"{number}@{host}.txt"
    path.write_bytes(stage.path.read_bytes())
    overrides = Overrides({"token_uri": f"https://{host}/token"})
    return stage.job(token_file=path, overrides=overrides)


NIGHT = 8 * 60 * MINUTE


def crowded(kept: Kept, here: int, there: int, later: float = NIGHT) -> tuple[Keeper, list[str]]:
    """Return a keeper whose mailboxes are all due, and what it says.

    After a night their tokens have expired.
    """
    said: list[str] = []
    keeper = Keeper(interval=INTERVAL, spread=lambda: 0.0, jitter=lambda: 0.5, say=said.append)
    for host, count in ((HERE, here), (THERE, there)):
        for number in range(count):
            keeper.add(at(host, kept.stage, number, kept.clock.now - number, 60 * MINUTE))
    kept.clock.now += later
    return keeper, said


def hosts(paths: list[Path]) -> Counter[str]:
    """How many of these files belong to each host."""
    return Counter(path.stem.partition("@")[2] for path in paths)


def taken(keeper: Keeper, at_most: int = 1000) -> list[Path]:
    """Take what is due."""
    return [mailbox.path for mailbox in keeper.take_due(at_most)]


def good(path: Path, now: float) -> Outcome:
    """The result of a refresh."""
    return Outcome(
        "you@demo.example",
        "demo",
        str(path),
        "",
        0,
        False,
        now + 60 * MINUTE,
        renewed=True,
        checked=False,
        issued_at=now,
        renewable=True,
        written_at=path.stat().st_mtime,
    )


def busy(retry_after: float = 0.0) -> AppError:
    """The answer of a host that has had enough."""
    return as_error(NAME_SERVERS_SILENT, retry_after=retry_after, busy_host=HERE)


def test_so_many_at_each_host(kept: Kept) -> None:
    """A host that is full doesn't keep the other one waiting; each end makes room for one."""
    keeper, _ = crowded(kept, 40, 3)
    first = taken(keeper)
    assert {HERE: AT_ONCE, THERE: 3} == hosts(first)
    assert [] == taken(keeper)
    assert not keeper.is_behind()
    keeper.settle(next(path for path in first if HERE in path.name), good(first[0], 0))
    assert {HERE: 1} == hosts(taken(keeper))


def test_who_expires_first_comes_first(kept: Kept) -> None:
    """After a night: by the expiry of the tokens, and not by the time at which each was due."""
    keeper = Keeper(interval=INTERVAL, spread=lambda: 0.0)
    lives = [70, 50, 60, 45, 90]
    for number, life in enumerate(lives):
        keeper.add(at(HERE, kept.stage, number, kept.clock.now - number, life * MINUTE))
    kept.clock.now += 8 * 60 * MINUTE
    numbers = [int(path.name.partition("@")[0]) for path in taken(keeper)]
    assert [3, 1, 2, 0, 4] == numbers


@pytest.mark.parametrize(("later", "pause"), [(INTERVAL + MINUTE, 120), (NIGHT, 30)])
def test_all_wait_for_a_host_that_has_had_enough(kept: Kept, later: float, pause: float) -> None:
    """One refusal counts for all its mailboxes, is told once, and the other host goes on.

    If tokens have expired, nobody waits for long, whatever the host asks for.
    """
    keeper, said = crowded(kept, 40, 20, later)
    first = [path for path in taken(keeper) if HERE in path.name]
    for path in first:
        keeper.settle(path, busy(120))
    assert {} == hosts(taken(keeper))  # the other host is full
    assert 1 == len(said)
    assert f"{HERE} accepts no more requests for now" in said[0]
    kept.clock.now += pause - 1
    assert {} == hosts([path for path in taken(keeper) if HERE in path.name])
    kept.clock.now += 2
    assert {HERE: AT_ONCE} == hosts([path for path in taken(keeper) if HERE in path.name])


def test_who_expires_first_says_how_long_all_can_wait(kept: Kept) -> None:
    """Also where another mailbox is refused: one that failed before asks after all others."""
    keeper = Keeper(interval=INTERVAL, spread=lambda: 0.0, jitter=lambda: 0.5)
    for number, life in enumerate((10, 60)):
        keeper.add(at(HERE, kept.stage, number, kept.clock.now, life * MINUTE))
    kept.clock.now += 11 * MINUTE
    (first,) = taken(keeper)
    keeper.settle(first, busy(120))
    kept.clock.now += INTERVAL
    (second,) = taken(keeper, at_most=1)
    assert first != second
    keeper.settle(second, busy(120))
    kept.clock.now += 29
    assert [] == taken(keeper)
    kept.clock.now += 2
    assert first in taken(keeper)


def test_a_dead_grant_shortens_no_pause(kept: Kept) -> None:
    """Its token has expired for good."""
    keeper, _ = crowded(kept, 3, 0)
    dead, *others = taken(keeper)
    keeper.settle(dead, as_error(INPUT_ENDED))
    for path in others:
        keeper.settle(path, good(path, kept.clock.now))
    kept.clock.now += INTERVAL
    (refused,) = taken(keeper, at_most=1)
    keeper.settle(refused, busy(120))
    kept.clock.now += 119
    assert [] == taken(keeper)
    kept.clock.now += 2
    assert set(others) == set(taken(keeper))


def test_the_pause_is_over_in_time(kept: Kept) -> None:
    """The loop sleeps until then, and not longer."""
    keeper, _ = crowded(kept, 40, 0)
    for path in taken(keeper):
        keeper.settle(path, busy(20))
        keeper.remove(path)
    assert 20 == pytest.approx(keeper.pause(), abs=1)


def test_a_clock_that_is_set_back_ends_the_pause(kept: Kept) -> None:
    """Else all would wait until it has come that far again."""
    keeper, _ = crowded(kept, 40, 0)
    for path in taken(keeper):
        keeper.settle(path, busy(20))
    assert {} == hosts(taken(keeper))
    kept.clock.now -= 60 * MINUTE
    assert {HERE: AT_ONCE} == hosts(taken(keeper))


def test_one_mailbox_with_an_error_of_its_own(kept: Kept) -> None:
    """It waits alone."""
    keeper, said = crowded(kept, 40, 0)
    for path in taken(keeper):
        keeper.settle(path, as_error(NAME_SERVERS_SILENT, retry_after=120))
    assert {HERE: AT_ONCE} == hosts(taken(keeper))
    assert [] == said


def test_pauses_grow_and_are_short_again() -> None:
    """Answers to requests that were under way don't count, and no pause lasts for ever."""
    limits = HostLimits()
    now, lengths = 1000.0, []
    for _ in range(9):
        limits.refused(HERE, now, 0, same)
        limits.refused(HERE, now, 0, same)
        limits.accepted(HERE, now)  # it was under way, too
        lengths.append(limits.opens_at(HERE) - now)
        now = limits.opens_at(HERE)
    assert [5, 10, 20, 40, 80, 160, 300, 300, 300] == lengths
    limits.accepted(HERE, now)
    limits.refused(HERE, now, 0, same)
    assert now + 5 == limits.opens_at(HERE)
    limits.refused(HERE, now, 3600, same)
    assert now + 300 == limits.opens_at(HERE)


def test_it_is_told_again_after_a_while() -> None:
    """Not at each refusal of a host that refuses some."""
    limits = HostLimits()
    told = [limits.refused(HERE, 1000.0 + 30 * number, 0, same) for number in range(31)]
    assert [0, 30] == [number for number, is_told in enumerate(told) if is_told]


@pytest.mark.parametrize(
    ("fault", "is_busy"),
    [
        (Fault(429), True),
        (Fault(429, b'{"error": "invalid_grant"}'), True),
        (Fault(503, headers={"Retry-After": "7"}), True),
        (Fault(503), False),
        (Fault(400, b'{"error": "slow_down"}', headers={"Retry-After": "7"}), False),
    ],
)
def test_which_answers_speak_of_the_host(kept: Kept, fault: Fault, is_busy: bool) -> None:
    """Other answers concern one mailbox, or say nothing of a limit."""
    kept.stage.server.faults.append(fault)
    kept.stage.age(left=-1)
    kept.run(until=1)
    [error] = [result for _, result in kept.reports if isinstance(result, AppError)]
    assert ("localhost" if is_busy else "") == error.busy_host


def test_the_loop_waits_for_the_host(make_stage: MakeStage, kept: Kept) -> None:
    """Of 20 mailboxes only those that were under way are refused; all are fresh in the end."""
    kept.stage.age(left=200)
    jobs = []
    for number in range(20):
        path = kept.stage.folder / f"{number}.txt"
        kept.stage.sign_in(token_file=path)
        jobs.append(kept.stage.job(token_file=path))
    refusal = Fault(429, headers={"Retry-After": "60"})
    kept.stage.server.faults.extend([refusal] * AT_ONCE)
    kept.run(*jobs, until=5 * MINUTE)
    assert AT_ONCE == len(kept.bad())
    assert 20 == len(kept.good())
    assert min(kept.good()) >= 60
