"""The keeper's queue, and what it costs to keep thousands of mailboxes fresh."""

import os
import random
from pathlib import Path

import pytest

from core.errors import as_error
from core.keeping.keeper import Keeper
from core.keeping.schedule import Schedule
from core.mailbox.inventory import mailbox_at
from core.verdicts.local_settings import NAME_SERVERS_SILENT
from core.verdicts.local_sign_in import NO_BROWSER_NO_TERMINAL
from keeping import INTERVAL, MINUTE, Kept


def test_paths_come_by_their_times() -> None:
    """Whatever was planned before: the last time of each path counts."""
    chance = random.Random(7)  # noqa: S311  # no secret
    schedule, times = Schedule[Path](), dict[Path, float]()
    for _ in range(2_000):
        path, time = Path(str(chance.randrange(100))), chance.random()
        schedule.put(path, time)
        times[path] = time
    for number in range(0, 100, 3):
        schedule.discard(Path(str(number)))
        times.pop(Path(str(number)), None)
    assert min(times.values()) == schedule.first_time()
    assert schedule.take(-1.0) is None
    found = list(iter(lambda: schedule.take(1.0), None))
    assert sorted(times, key=times.__getitem__) == found
    assert schedule.first_time() is None


def many(kept: Kept, count: int) -> tuple[Keeper, list[Path]]:
    """Return a keeper of so many mailboxes; each file is a second older than the one before."""
    keeper = Keeper(interval=INTERVAL, spread=lambda: 0.0, jitter=lambda: 0.5)
    paths = []
    for number in range(count):
        kept.stage.change(issued_at=kept.clock.now - number)
        paths.append(kept.stage.folder / f"{number}.txt")
        paths[-1].write_bytes(kept.stage.path.read_bytes())
        keeper.add(kept.stage.job(token_file=paths[-1]))
    return keeper, paths


def taken(keeper: Keeper, at_most: int, **options: int) -> list[Path]:
    """Take what is due, and return its files."""
    return [mailbox.path for mailbox in keeper.take_due(at_most, **options)]


def test_only_files_whose_turn_has_come_are_read(kept: Kept) -> None:
    """As many as there are free workers, the oldest first; a busy mailbox isn't taken again."""
    keeper, paths = many(kept, 10)
    for path in paths:
        os.utime(path, (0, 0))  # a file that has not changed needs not be read again
    before = {path: mailbox.known for path in paths if (mailbox := keeper.kept(path))}
    assert [] == taken(keeper, 4)
    kept.clock.now += INTERVAL
    assert [paths[9], paths[8], paths[7], paths[6]] == taken(keeper, 4)
    read = [p for p in paths if (mailbox := keeper.kept(p)) and mailbox.known is not before[p]]
    assert paths[6:] == read
    assert [paths[5], paths[4]] == taken(keeper, 2)
    for mailbox in filter(None, map(keeper.kept, paths[4:])):
        keeper.hold(mailbox.path)
        keeper.give_back(mailbox)  # so that the token host has room for the others
    assert [paths[3]] == taken(keeper, 9, reads=1)
    assert keeper.is_behind()
    assert [paths[2], paths[1], paths[0]] == taken(keeper, 9)
    assert not keeper.is_behind()


def test_those_that_failed_come_last(kept: Kept) -> None:
    """Also if they have been due for longer; what is given back is taken again."""
    keeper, paths = many(kept, 3)
    keeper.settle(paths[0], as_error(NAME_SERVERS_SILENT))
    kept.clock.now += INTERVAL
    assert [paths[2], paths[1], paths[0]] == taken(keeper, 3)
    for path in paths:
        mailbox = keeper.kept(path)
        assert mailbox is not None
        keeper.give_back(mailbox)
    assert [paths[2], paths[1]] == taken(keeper, 2)
    assert [paths[0]] == taken(keeper, 2)


def test_what_the_user_does_comes_first(kept: Kept) -> None:
    """A mailbox isn't called due while something else is done with it."""
    keeper, paths = many(kept, 2)
    kept.clock.now += INTERVAL
    keeper.hold(paths[1])
    assert [paths[0]] == taken(keeper, 2)
    assert not keeper.is_behind()
    keeper.release(paths[1])
    assert [paths[1]] == taken(keeper, 2)


def test_a_clock_that_was_set_back(kept: Kept) -> None:
    """A due time further ahead than any interval says nothing, so the mailbox is due now."""
    keeper, paths = many(kept, 2)
    kept.clock.now += 1
    assert [] == taken(keeper, 2)
    kept.clock.now -= 24 * 60 * MINUTE
    assert set(paths) == set(taken(keeper, 2))


def test_another_interval_reads_no_file(kept: Kept) -> None:
    """The due times move at once, by what was read before."""
    keeper, paths = many(kept, 2)
    for path in paths:
        path.unlink()
    keeper.interval = 20 * MINUTE
    dues = [mailbox.due - kept.clock.now for p in paths if (mailbox := keeper.kept(p))]
    assert [20 * MINUTE, 20 * MINUTE - 1] == pytest.approx(dues)


def test_what_was_read_already_is_not_read_again(kept: Kept) -> None:
    """A list of mailboxes has the times; a file that is gone shows that they are used."""
    info = mailbox_at(kept.stage.path, kept.stage.catalog)
    kept.stage.path.unlink()
    keeper = Keeper(interval=INTERVAL, spread=lambda: 0.0)
    mailbox = keeper.add(kept.stage.job(), kept.stage.path, info)
    assert kept.clock.now + INTERVAL == pytest.approx(mailbox.due, abs=1)


def test_a_correction_is_noticed_soon(kept: Kept) -> None:
    """The files of failed mailboxes are looked at every few seconds, however long the wait is."""
    keeper, paths = many(kept, 2)
    assert [] == taken(keeper, 2)
    keeper.settle(paths[0], as_error(NO_BROWSER_NO_TERMINAL))
    assert keeper.pause() <= 5
    kept.stage.own_file.write_text("", "utf-8")
    kept.clock.now += 5
    assert [paths[0]] == taken(keeper, 2)  # only a refresh shows that the failure is over
    mailbox = keeper.kept(paths[0])
    assert mailbox is not None
    assert (None, 0) == (mailbox.ended, mailbox.failures)
