"""The work for one refresh doesn't grow with the number of mailboxes: it is counted, not timed."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.errors import as_error
from core.keeping.keeper import Keeper, renew_now
from core.keeping.kept_mailbox import KeptMailbox
from core.mailbox.inventory import mailbox_at
from core.mailbox.job import Job, Request
from core.model import Outcome
from core.verdicts.local_settings import NAME_SERVERS_SILENT
from core.verdicts.local_sign_in import NO_BROWSER_NO_TERMINAL
from keeping import INTERVAL, Kept
from servers import ADDRESS

FEW, MANY = 100, 3_000
REFRESHES = 100
Settle = Callable[[Keeper, KeptMailbox], object]


def listed(kept: Kept, count: int) -> Keeper:
    """Return a keeper of so many mailboxes whose files were listed before, as in the window."""
    keeper = Keeper(interval=INTERVAL)
    job = kept.stage.job()
    info = mailbox_at(kept.stage.path, kept.stage.catalog)
    for number in range(count):
        path = kept.stage.folder / f"{number}.txt"
        request = Request(ADDRESS, path.parent, token_file=path)
        keeper.add(Job(request, job.dependencies, job.progress, job.cancelled), path, info)
    return keeper


@contextmanager
def calls_counted() -> Iterator[Counter[str]]:
    """Count all calls of functions in this thread, in Python and in C."""
    calls: Counter[str] = Counter()

    def count(frame: object, event: str, argument: object) -> None:
        if event in ("call", "c_call"):
            calls[event] += 1

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def refresh(keeper: Keeper, settle: Settle) -> None:
    """What the loop and the window do again and again."""
    for mailbox in keeper.take_due(1, reads=20):
        settle(keeper, mailbox)
    keeper.pause()
    keeper.has_any()
    keeper.is_behind()


def work(kept: Kept, count: int, settle: Settle) -> float:
    """Return the calls for one refresh when all of so many mailboxes are due."""
    keeper = listed(kept, count)
    kept.clock.now += 8 * 3600
    for _ in range(REFRESHES // 2):
        refresh(keeper, settle)
    with calls_counted() as calls:
        for _ in range(REFRESHES // 2):
            kept.clock.now += 1
            refresh(keeper, settle)
    return calls.total() / (REFRESHES // 2)


def refreshed(keeper: Keeper, mailbox: KeptMailbox) -> object:
    """The token is new."""
    now = mailbox.job.now()
    outcome = Outcome(
        ADDRESS,
        "demo",
        str(mailbox.path),
        "",
        0,
        False,
        now + 3600,
        renewed=True,
        checked=False,
        issued_at=now,
        renewable=True,
    )
    return keeper.settle(mailbox.path, outcome)


def failed(keeper: Keeper, mailbox: KeptMailbox) -> object:
    """The provider is out of reach."""
    return keeper.settle(mailbox.path, as_error(NAME_SERVERS_SILENT))


def ended(keeper: Keeper, mailbox: KeptMailbox) -> object:
    """Only the user can help."""
    return keeper.settle(mailbox.path, as_error(NO_BROWSER_NO_TERMINAL))


def held_up(keeper: Keeper, mailbox: KeptMailbox) -> object:
    """The token host wants no more for now."""
    error = as_error(NAME_SERVERS_SILENT, retry_after=3, busy_host=mailbox.host)
    return keeper.settle(mailbox.path, error)


@pytest.mark.parametrize("settle", [refreshed, failed, ended, held_up])
def test_as_many_calls_for_any_number(kept: Kept, settle: Settle) -> None:
    """Also when all of them are due, as after a night, and while many fail."""
    few, many = work(kept, FEW, settle), work(kept, MANY, settle)
    assert few > 5  # so that something was counted
    assert many <= 1.5 * few + 60  # the files of at most 50 failed ones are looked at


def test_files_of_the_failed_are_looked_at_in_turn(kept: Kept) -> None:
    """A look is bounded, and each file has its turn."""
    keeper = listed(kept, 120)
    kept.clock.now += 8 * 3600
    last = kept.stage.path
    while mailboxes := keeper.take_due(1):
        last = mailboxes[0].path
        ended(keeper, mailboxes[0])
    assert not keeper.has_any()
    last.touch()
    looks = 0
    while not keeper.has_any():
        kept.clock.now += 5
        keeper.take_due(1)
        looks += 1
    assert 1 < looks <= 3


@pytest.fixture
def opened(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are opened in the folder of the tokens from now on.

    Not by an audit hook: none can be removed, and with one Python can't start several threads at
    once while coverage is measured.
    """
    folder, names, really_open = str(kept.stage.path.parent), list[str](), os.open

    def note(path: "str | os.PathLike[str]", *arguments: Any, **options: Any) -> int:
        name = os.fspath(path)
        if name.startswith(folder):
            names.append(name.rpartition(os.sep)[2])
        return really_open(path, *arguments, **options)

    monkeypatch.setattr(os, "open", note)
    return names


def test_a_refresh_opens_few_files(kept: Kept, opened: list[str]) -> None:
    """From the turn of a mailbox to its next due time; what is read is read anew each time."""
    keeper = Keeper(interval=INTERVAL)
    job, name = kept.stage.job(), kept.stage.path.name
    keeper.add(job)
    kept.stage.change(issued_at=kept.clock.now - 2 * INTERVAL)  # another program has written it
    kept.clock.now += INTERVAL
    opened.clear()
    [mailbox] = keeper.take_due(1)
    keeper.settle(mailbox.path, renew_now(job, check=False))
    files = Counter(opened)
    del files[kept.stage.path.parent.name]  # to make the new name durable
    assert {name: 5, f"{name}.new": 1, f"{name}.lock": 1} == files
