"""Runs core's functions in threads; progress and results come back as Qt signals.

Sign-ins wait for minutes until the user has finished in the browser. They have threads of their own
and never delay a refresh.
"""

import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core.cancel import Cancellation
from core.errors import AppError
from core.log import internal_error
from core.verdicts.verdict import Kind

log = logging.getLogger(__name__)

# Seconds for which a thread keeps Python's lock while others wait for it. The window's thread needs
# the lock again after many calls of Qt, and with Python's 5 ms these waits become pauses.
_TURN = 0.0005

Progress = Callable[[object], None]
Call = Callable[[Progress, Cancellation], object]


class Threads(Enum):
    """A group of threads, and how many they are."""

    REFRESHES = "refresh", 4
    SIGN_INS = "sign-in", 4  # one at a time, but cancelled ones may still wait for a server
    IMAPSYNC = "imapsync", 1  # for hours
    LISTS = "list", 1  # of mailboxes; it starts more threads for them
    FILES = "files", 1  # a refresh that hangs must not delay the list of mailboxes

    def executor(self) -> ThreadPoolExecutor:
        """Return new threads."""
        name, count = self.value
        return ThreadPoolExecutor(count, name)


class Task(QObject):
    """One call: emits any number of events, then either succeeded or failed, then finished."""

    progressed = Signal(object)  # core.events.Event, or whatever else the call reports
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
    """Starts tasks in groups of threads, so that no group waits for another one."""

    freed = Signal()  # a task has ended, and its thread can run another one
    _ran = Signal(Task)  # it has emitted everything

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN)
        self._executors = {group: group.executor() for group in Threads}
        self._running: dict[Task, Threads] = {}
        self._closed = False
        # Queued behind what the task has emitted: a short one may have ended at once.
        self._ran.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @property
    def free(self) -> int:
        """How many more refreshes can start without waiting for another one."""
        used = sum(group is Threads.REFRESHES for group in self._running.values())
        return 0 if self._closed else Threads.REFRESHES.value[1] - used

    def start(self, call: Call, threads: Threads = Threads.REFRESHES) -> Task:
        """Return a task that starts from the event loop, so connect to its signals at once."""
        task = Task(call, self)
        self._running[task] = threads
        QTimer.singleShot(0, lambda: self._submit(self._executors[threads], task))
        return task

    def close(self) -> None:
        """Cancel all tasks, start no new ones, and wait; tokens on their way are still saved."""
        self._closed = True
        for task in self._running:
            task.cancel()
        for executor in self._executors.values():
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, executor: ThreadPoolExecutor, task: Task) -> None:
        if not self._closed:
            # Its thread still emits after the first slot was called: if that deleted the task, the
            # other slots would not be called.
            executor.submit(task.run).add_done_callback(lambda _: self._ran.emit(task))

    def _end(self, task: Task) -> None:
        self._running.pop(task, None)
        task.deleteLater()
        self.freed.emit()


def is_cancelled(error: AppError) -> bool:
    """Return whether a task failed because it was cancelled."""
    return error.kind is Kind.CANCELLED
