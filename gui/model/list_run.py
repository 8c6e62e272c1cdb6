"""One list of mailboxes: opened, worked through in a thread, then one sign-in after the other."""

import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from core.cancel import Cancellation
from core.errors import AppError, Cancelled, SignInNeeded
from core.i18n.translation import english
from core.mailbox.job import Dependencies, Job, Request
from core.model import Note, Outcome, State
from gui.model.request_maker import RequestMaker
from gui.model.tasks import Progress, Tasks, Threads, is_cancelled
from gui.model.tasks import Task as ThreadTask

if TYPE_CHECKING:  # imported in the thread of the first list
    from core.batch.batch import Batch
    from core.batch.forecast import Forecast
    from core.batch.report import ReportRow
    from core.batch.script import Written
    from core.batch.task import Task
    from core.events import Event

log = logging.getLogger(__name__)

_TELL_EVERY = 0.1  # seconds
_EXPECTED = (State.FRESH, State.SIGN_IN_NEEDED)


class OpenedList(NamedTuple):
    """What a list holds and will take; `folder` is where new token files go."""

    path: Path
    folder: Path
    batch: "Batch"
    forecast: "Forecast"


class ListProgress(NamedTuple):
    """How many rows of the report are there already, and how many have each state."""

    tried: int
    size: int
    counts: Mapping[State, int]

    @property
    def is_complete(self) -> bool:
        """Whether each mailbox was tried."""
        return self.tried == self.size


class ListReport(NamedTuple):
    """What the report says; `problems` are the rows without a valid token."""

    progress: ListProgress
    problems: "Sequence[ReportRow]"

    @property
    def is_bad(self) -> bool:
        """Whether anything is wrong; that a mailbox needs a sign-in is usual."""
        return any(state not in _EXPECTED for state in self.progress.counts)


class ListRun(QObject):
    """One list at a time. Only its own thread touches the report.

    A start reads the list again, since its mistakes may have been corrected. Each start ends with
    exactly one of ended and failed.
    """

    opened = Signal(object)  # OpenedList
    begun = Signal()
    advanced = Signal(object)  # ListProgress
    obtained = Signal(list)  # of Outcome: valid tokens since the last time
    ended = Signal(object)  # ListReport
    reported = Signal(object)  # ListReport: after each sign-in
    script_written = Signal(Path, object)  # core.batch.script.Written
    failed = Signal(AppError)

    def __init__(
        self,
        tasks: Tasks,
        dependencies: Dependencies,
        requests: RequestMaker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._dependencies = dependencies
        self._requests = requests
        self._path: Path | None = None
        self._batch: Batch | None = None  # of the last run
        self._run: ThreadTask | None = None
        self._waiting: deque[Task] = deque()
        self._signing_in: Task | None = None

    @property
    def path(self) -> Path | None:
        """The list; None while none is open."""
        return self._path

    @property
    def is_running(self) -> bool:
        """Whether the list is worked through now."""
        return self._run is not None

    @property
    def is_signing_in(self) -> bool:
        """Whether a sign-in of the list is under way, or waits for another sign-in."""
        return self._signing_in is not None

    @property
    def waiting(self) -> Sequence[str]:
        """The addresses that need a sign-in, the next one first."""
        tasks = [self._signing_in, *self._waiting] if self._signing_in else self._waiting
        return [task.job.address for task in tasks]

    @property
    def has_pairs(self) -> bool:
        """Whether a script for imapsync can be written."""
        return self._batch is not None and bool(self._batch.found.pairs)

    def open(self, path: Path) -> None:
        """Read a list and say what is in it; nothing else is done."""
        request, dependencies = self._requests.for_address(""), self._dependencies

        def call(_progress: Progress, cancelled: Cancellation) -> OpenedList:
            from core.batch.batch import open_batch
            from core.batch.forecast import forecast_of

            batch = open_batch(path, Job(request, dependencies, _to_log, cancelled))
            forecast = forecast_of(batch, dependencies.catalog)
            return OpenedList(path, request.folder.absolute(), batch, forecast)

        task = self._tasks.start(call, Threads.LISTS)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def close(self) -> None:
        """Forget the list; the tokens that are there stay."""
        self._path = self._batch = None
        self._waiting.clear()

    def start(self, at_once: int) -> None:
        """Get all tokens that need no user, `at_once` at a time."""
        if self._path is None or self._run is not None:
            return
        path, request, dependencies = self._path, self._requests.for_address(""), self._dependencies

        def call(progress: Progress, cancelled: Cancellation) -> object:
            job = Job(request, dependencies, _to_log, cancelled)
            return _work_through(path, at_once, job, progress)

        self._waiting.clear()
        self._run = self._tasks.start(call, Threads.LISTS)
        self._run.progressed.connect(self._advance)
        self._run.succeeded.connect(self._end)
        self._run.failed.connect(self._fail)
        self.begun.emit()

    def cancel(self) -> None:
        """End the run; tokens on their way are still saved, and the report is written."""
        if self._run is not None:
            self._run.cancel()

    def take_next(self) -> Request | None:
        """Return what the next sign-in is for, and wait for `settle`; None if there is none."""
        if self._signing_in is not None or not self._waiting:
            return None
        self._signing_in = self._waiting.popleft()
        return self._signing_in.job.request

    def settle(self, result: Outcome | AppError) -> None:
        """Take the result of that sign-in. One without a token comes again, after the others."""
        task, self._signing_in, batch = self._signing_in, None, self._batch
        if task is None or batch is None:
            return
        if isinstance(result, AppError):
            self._waiting.append(task)
        done = None if isinstance(result, AppError) and is_cancelled(result) else result

        def call(_progress: Progress, _cancelled: Cancellation) -> ListReport:
            if done is not None:
                from core.batch.report import row_of
                from core.batch.task import Done

                batch.report.add(row_of(Done(task, done)))
                batch.report.write()
            return _report_of(batch)

        started = self._tasks.start(call, Threads.LISTS)
        started.succeeded.connect(self.reported)
        started.failed.connect(self.failed)

    def write_script(self, script: Path) -> None:
        """Write one script for imapsync for all pairs whose tokens are there."""
        batch = self._batch
        if batch is None:
            return

        def call(_progress: Progress, _cancelled: Cancellation) -> "Written":
            from core.batch.script import check_script, write_script

            check_script(script)
            return write_script(batch, script)

        task = self._tasks.start(call, Threads.LISTS)
        task.succeeded.connect(lambda written: self.script_written.emit(script, written))
        task.failed.connect(self.failed)

    def _show(self, opened: OpenedList) -> None:
        self.close()
        self._path = opened.path
        self.opened.emit(opened)

    def _advance(self, news: "tuple[ListProgress, Sequence[Outcome]]") -> None:
        progress, outcomes = news
        if outcomes:
            self.obtained.emit(list(outcomes))
        self.advanced.emit(progress)

    def _end(self, ended: "tuple[Batch, Sequence[Task], ListReport]") -> None:
        self._batch, waiting, report = ended
        self._waiting.extend(waiting)
        self._run = None
        self.ended.emit(report)

    def _fail(self, error: AppError) -> None:
        self._run = None
        self.failed.emit(error)


def _work_through(
    path: Path, at_once: int, base: Job, progress: Progress
) -> "tuple[Batch, list[Task], ListReport]":
    """Work through the list, also after a cancellation to the end of what has begun."""
    from core.batch.batch import open_batch, work_through

    batch, new, waiting = open_batch(path, base), [], []
    told_at = 0.0
    with suppress(Cancelled), closing(work_through(batch, at_once, base)) as results:
        for done in results:
            if isinstance(done.result, Outcome):
                new.append(done.result)
            elif isinstance(done.result, SignInNeeded):
                waiting.append(done.task)
            if time.monotonic() - told_at > _TELL_EVERY:
                progress((_progress_of(batch), new))
                new, told_at = [], time.monotonic()
    progress((_progress_of(batch), new))
    waiting.sort(key=lambda task: task.listed.line)
    return batch, waiting, _report_of(batch)


def _report_of(batch: "Batch") -> ListReport:
    problems = [row for row in batch.report.rows if row.state is not State.FRESH]
    return ListReport(_progress_of(batch), problems)


def _progress_of(batch: "Batch") -> ListProgress:
    counts = batch.report.counts()
    return ListProgress(sum(counts.values()), batch.size, counts)


def _to_log(event: "Event") -> None:
    """Thousands of mailboxes: what is no warning stays in the report."""
    if isinstance(event, Note) and event.warning:
        log.warning("%s", english(event.text))
