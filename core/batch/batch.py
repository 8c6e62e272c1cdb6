"""One list from its file to its report, for both faces: open it, then work through it."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..detection.question import Lookups
from ..detection.remembered import remembering
from ..errors import AppError
from ..mailbox.job import Dependencies, Job
from ..model import State
from .entries import Identity, Listed, MailboxList, Mistake
from .jobs import request_of
from .places import NewPlaces
from .reading import read_list
from .report import Report, row_of, row_of_mistake
from .task import Done, Task
from .waiting import Tell
from .work import obtain_all


@dataclass(frozen=True, slots=True)
class Batch:
    """A list, what is to do for it, and the report."""

    found: MailboxList
    tasks: list[Task]
    report: Report
    _task_of: dict[Identity, Task]

    def task_of(self, listed: Listed) -> Task:
        """The task of a mailbox, which may be that of an earlier line."""
        return self._task_of[listed.identity]

    def state_of(self, listed: Listed) -> State | None:
        """The state of a mailbox; None if it wasn't tried."""
        task = self._task_of.get(listed.identity)
        return self.report.state_of(task.listed) if task else None

    @property
    def size(self) -> int:
        """The number of rows that the report will have."""
        return len(self.tasks) + len(self.found.mistakes)


def open_batch(list_file: Path, base: Job) -> Batch:
    """Read a list; `base` is the job with what holds for all of its mailboxes.

    The mistakes are in the report. Raises `AppError` if the whole list can't be used.
    """
    found = read_list(list_file)
    base = replace(base, dependencies=_asking_once(base.dependencies))
    catalog, places = base.dependencies.catalog, NewPlaces(base.request.folder)
    tasks = []
    for listed in found.mailboxes:
        try:
            request = request_of(listed, base.request, catalog, places)
        except AppError as exc:
            found.mistakes.append(Mistake(listed.line, "", exc))
        else:
            tasks.append(Task(listed, replace(base, request=request)))
    found.mistakes.sort(key=lambda mistake: mistake.line)
    report = Report(list_file)
    for mistake in found.mistakes:
        report.add(row_of_mistake(mistake))
    return Batch(found, tasks, report, {task.listed.identity: task for task in tasks})


def _asking_once(dependencies: Dependencies) -> Dependencies:
    """Thousands of mailboxes are at few domains: name servers are asked once about each."""
    return replace(dependencies, lookups=remembering(dependencies.lookups or Lookups()))


def work_through(
    batch: Batch, at_once: int, base: Job, tell: Tell | None = None
) -> Generator[Done, None, None]:
    """Get all tokens that need no user, and write the report, also after a cancellation.

    `tell` tells the user that a token host wants a pause; without it, `base` does.
    """
    tell = tell or partial(base.say, warning=True)
    try:
        for done in obtain_all(batch.tasks, at_once, base.cancelled, tell):
            batch.report.add(row_of(done))
            yield done
    finally:
        batch.report.write()
