"""Runs the core's calls off the GUI thread; how they go comes back as signals, never otherwise.

Sign-ins wait minutes for one person in front of one browser, so they have threads of their own and
never hold up a refresh.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer, Signal

from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.log import internal_error
from core.model import Event

log = logging.getLogger(__name__)

_REFRESHES = 4  # at once
_SIGN_INS = 4  # there is one at a time, but cancelled ones may still wait for a server
Call = Callable[[Callable[[Event], None], Cancellation], object]


class Task(QObject):
    """One call: any number of events, then exactly one of succeeded and failed, then finished."""

    progressed = Signal(object)  # core.model.Event
    succeeded = Signal(object)  # what the call returned
    failed = Signal(AppError)
    finished = Signal()

    def __init__(self, call: Call, parent: QObject) -> None:
        """Made in the GUI thread, run in another."""
        super().__init__(parent)
        self._call = call
        self._cancelled = Cancellation()

    def cancel(self) -> None:
        """Ask it to stop; it ends as failed, with `Cancelled`."""
        self._cancelled.set()

    def run(self) -> None:
        """In the worker's thread: signals cross over to the GUI's by themselves."""
        try:
            result = self._call(self.progressed.emit, self._cancelled)
        except AppError as exc:
            self.failed.emit(exc)
        except Exception as exc:  # a bug of ours: caught, logged and shown; the tokens are safe
            log.exception("unexpected error in a task")
            self.failed.emit(internal_error(exc))
        else:
            self.succeeded.emit(result)
        self.finished.emit()


class Tasks(QObject):
    """Two groups of threads: for what waits for a person, and for everything else."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Threads start with the first task."""
        super().__init__(parent)
        self._for_people = ThreadPoolExecutor(_SIGN_INS, "sign-in")
        self._for_files = ThreadPoolExecutor(_REFRESHES, "refresh")
        self._running: set[Task] = set()
        self._closed = False

    def start(self, call: Call, *, interactive: bool = False) -> Task:
        """Run a call as soon as control is back in the event loop: connect to its signals first."""
        task = Task(call, self)
        self._running.add(task)
        task.finished.connect(lambda: self._end(task))
        executor = self._for_people if interactive else self._for_files
        QTimer.singleShot(0, lambda: self._submit(executor, task))
        return task

    def close(self) -> None:
        """Cancel all, begin nothing more; a refresh whose answer is on its way is still saved."""
        self._closed = True
        for task in self._running:
            task.cancel()
        for executor in (self._for_people, self._for_files):
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, executor: ThreadPoolExecutor, task: Task) -> None:
        if not self._closed:
            executor.submit(task.run)

    def _end(self, task: Task) -> None:
        self._running.discard(task)
        task.deleteLater()


def is_cancelled(error: AppError) -> bool:
    """Whether a task failed because somebody wanted it to."""
    return isinstance(error, Cancelled)
