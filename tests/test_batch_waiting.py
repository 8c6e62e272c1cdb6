"""A token host that accepts no more requests: a list waits for it, but not for ever."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from core.batch.batch import open_batch, work_through
from core.batch.entries import Listed
from core.batch.task import Done, Task
from core.batch.waiting import Waiting
from core.errors import AppError, as_error
from core.mailbox.job import Job
from core.model import Outcome, State
from core.providers.overrides import Overrides
from core.verdicts.local_settings import NAME_SERVERS_SILENT
from faulty_servers.responses import Fault
from servers import MakeStage, Stage, changed

HERE, THERE = "near.example", "far.example"
SECRET = "the-secret-of-the-organisation"


class Round:
    """A list's tasks with a clock; the results are given by hand."""

    def __init__(self, job: Job, hosts: Iterable[str]) -> None:
        self.now = 1.8e9
        self.told: list[str] = []
        tasks = [task_at(job, host, line) for line, host in enumerate(hosts, 1)]
        self.waiting = Waiting(tasks, self.told.append, lambda: self.now)

    def take(self, count: int = 1) -> list[Task]:
        """The tasks that begin."""
        return list(self.waiting.take(count))

    def settle(self, task: Task, result: AppError | Outcome) -> list[int]:
        """The lines that are final after a result."""
        return [done.task.listed.line for done in self.waiting.settle(Done(task, result))]


def task_at(job: Job, host: str, line: int) -> Task:
    """A mailbox whose token comes from a host; that of the second is not known if it is empty."""
    given = Overrides({"token_uri": f"https://{host}/token"} if host else {})
    address = f"user{line}@demo.example"
    request = replace(job.request, address=address, overrides=given)
    return Task(Listed(line, address), replace(job, request=request))


def busy(host: str, retry_after: float = 0.0) -> AppError:
    """The answer of a host that accepts no more requests."""
    return as_error(
        NAME_SERVERS_SILENT, retry_after=retry_after, busy_host=host, domain="demo.example"
    )


DONE = Outcome("user@demo.example", "demo", "", "", 0, False, None, True, False)


def test_in_the_order_of_the_list(stage: Stage) -> None:
    """Hosts take turns as the list has them."""
    there = Round(stage.job(), [HERE, THERE, "", HERE])
    assert [1, 2, 3] == [task.listed.line for task in there.take(3)]
    assert [4] == [task.listed.line for task in there.take(3)]
    assert not there.waiting


def test_a_pause(stage: Stage) -> None:
    """A mailbox is tried again after the time that its host asks for; others go on meanwhile."""
    there = Round(stage.job(), [HERE, HERE, THERE])
    first, second = there.take(2)
    assert [] == there.settle(first, busy(HERE, 60))
    assert [] == there.settle(second, busy(HERE, 60))
    assert 1 == len(there.told)
    assert f"{HERE} accepts no more requests for now." in there.told[0]
    assert [3] == [task.listed.line for task in there.take(9)]
    assert there.waiting
    there.now += 61
    again = sorted(there.take(9), key=lambda task: task.listed.line)
    assert [[1], [2]] == [there.settle(task, DONE) for task in again]


def test_a_pause_that_is_too_long(stage: Stage) -> None:
    """Nobody asks a host that wants an hour: its other mailboxes have the same result."""
    there = Round(stage.job(), [HERE, HERE, THERE, HERE])
    [first] = there.take()
    assert [1, 2, 4] == there.settle(first, busy(HERE, 3600))
    assert [3] == [task.listed.line for task in there.take(9)]


def test_pauses_that_do_not_help(stage: Stage) -> None:
    """The pauses grow, and after some of them the host is given up; a token begins them anew."""
    there = Round(stage.job(), 9 * [HERE])
    for _ in range(5):
        [task] = there.take()
        assert [] == there.settle(task, busy(HERE))
        there.now += 100
    [task] = there.take()
    assert [task.listed.line] == there.settle(task, DONE)
    for _ in range(5):
        [task] = there.take()
        assert [] == there.settle(task, busy(HERE))
        there.now += 100
    [task] = there.take()
    assert 8 == len(there.settle(task, busy(HERE)))
    assert not there.waiting


def test_mailboxes_whose_host_is_unknown(stage: Stage) -> None:
    """They wait together, but each one fails by itself: they may be at different hosts."""
    there = Round(stage.job(), ["", "", ""])
    [first] = there.take()
    assert [1] == there.settle(first, busy(HERE, 3600))
    assert 2 == len(there.take(9))


def test_other_errors_are_final(stage: Stage) -> None:
    """Only a host's wish for fewer requests is waited for."""
    there = Round(stage.job(), [HERE])
    [first] = there.take()
    assert [1] == there.settle(first, as_error(NAME_SERVERS_SILENT, domain="demo.example"))


@pytest.fixture
def app_only(make_stage: MakeStage) -> Stage:
    """A provider whose application opens every mailbox."""
    stage = make_stage(server={"client_secret": SECRET}, grant="client_credentials")
    application = replace(stage.provider.applications["demo"], client_secret=SECRET)
    stage.provider = changed(stage.provider, applications={"demo": application})
    return stage


def states(stage: Stage, path: Path) -> set[str]:
    """What the report says after the list was worked through."""
    base = stage.job(check=False)
    for _ in work_through(open_batch(path, base), 4, base):
        pass
    rows = json.loads(path.with_name("list.report.json").read_text("utf-8"))
    assert 20 == len(rows)
    return {row["state"] for row in rows}


def test_a_real_server(app_only: Stage) -> None:
    """It wants to be left alone for an hour, and then for a moment."""
    path = app_only.folder / "list.csv"
    path.write_text("address\n" + "".join(f"user{n}@demo.example\n" for n in range(20)), "utf-8")
    app_only.server.faults.append(Fault(429, headers={"Retry-After": "3600"}))
    assert {State.TRY_AGAIN} == states(app_only, path)
    assert 1 == app_only.server.token_requests
    app_only.server.faults.append(Fault(429, headers={"Retry-After": "1"}))
    assert {State.FRESH} == states(app_only, path)
    assert 3 == app_only.server.token_requests
    assert "accepts no more requests for now" in app_only.said()
