"""Runs core's functions in threads; progress and results come back as Qt signals.

Sign-ins wait for minutes until the user has finished in the browser. They have threads of their own
and never delay a refresh.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer, Signal

from core.cancel import Cancellation
from core.errors import AppError
from core.log import internal_error
from core.model import Event
from core.verdicts.verdict import Kind

log = logging.getLogger(__name__)

_REFRESHES = 4  # at once
_SIGN_INS = 4  # one at a time, but cancelled ones may still wait for a server
Call = Callable[[Callable[[Event], None], Cancellation], object]


class Task(QObject):
    """One call: emits any number of events, then either succeeded or failed, then finished."""

    progressed = Signal(object)  # core.model.Event
    succeeded = Signal(object)  # what the call returned
    failed = Signal(AppError)
    finished = Signal()

    def __init__(self, call: Call, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._cancelled = Cancellation()

    def cancel(self) -> None:
        """Ask the call to stop; the task then fails with `Cancelled`."""
        self._cancelled.set()

    def run(self) -> None:
        """Run the call in a worker thread; Qt delivers the signals in the GUI thread."""
        try:
            result = self._call(self.progressed.emit, self._cancelled)
        except AppError as exc:
            self.failed.emit(exc)
        except Exception as exc:  # a bug of ours: logged and shown, and the window stays open
            log.exception("unexpected error in a task")
            self.failed.emit(internal_error(exc))
        else:
            self.succeeded.emit(result)
        self.finished.emit()


class Tasks(QObject):
    """Starts tasks in two groups of threads: one for sign-ins, one for everything else."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interactive = ThreadPoolExecutor(_SIGN_INS, "sign-in")
        self._background = ThreadPoolExecutor(_REFRESHES, "refresh")
        self._running: set[Task] = set()
        self._closed = False

    def start(self, call: Call, *, interactive: bool = False) -> Task:
        """Return a task that starts from the event loop, so connect to its signals at once.

        `interactive` is for calls that wait for the user.
        """
        task = Task(call, self)
        self._running.add(task)
        task.finished.connect(lambda: self._end(task))
        executor = self._interactive if interactive else self._background
        QTimer.singleShot(0, lambda: self._submit(executor, task))
        return task

    def close(self) -> None:
        """Cancel all tasks, start no new ones, and wait; tokens on their way are still saved."""
        self._closed = True
        for task in self._running:
            task.cancel()
        for executor in (self._interactive, self._background):
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, executor: ThreadPoolExecutor, task: Task) -> None:
        if not self._closed:
            executor.submit(task.run)

    def _end(self, task: Task) -> None:
        self._running.discard(task)
        task.deleteLater()


def is_cancelled(error: AppError) -> bool:
    """Return whether a task failed because it was cancelled."""
    return error.kind is Kind.CANCELLED
