"""Tasks: core's functions in threads, whose signals arrive in the window's thread."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from core.cancel import Cancellation
from core.errors import as_error
from core.events import Event
from core.model import Note
from core.verdicts import local_commands
from gui.model.tasks import Tasks, Threads
from servers import AT_ONCE
from window import SOON

MANY = 1_000


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    """Return tasks that are closed with the test."""
    made = Tasks()
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_task_speaks_in_the_windows_thread(qtbot: QtBot, tasks: Tasks) -> None:
    """All signals arrive in the GUI thread."""
    threads: dict[str, int] = {}

    def call(progress: Callable[[Event], None], cancelled: Cancellation) -> str:
        threads["worker"] = threading.get_ident()
        progress(Note("on the way"))
        return "done"

    def fail(progress: Callable[[Event], None], cancelled: Cancellation) -> str:
        raise as_error(local_commands.AUTOSTART_NOT_CHANGED)

    task = tasks.start(call)
    task.progressed.connect(lambda _: threads.update(progressed=threading.get_ident()))
    task.succeeded.connect(lambda _: threads.update(succeeded=threading.get_ident()))
    failing = tasks.start(fail, Threads.SIGN_INS)
    failing.failed.connect(lambda _: threads.update(failed=threading.get_ident()))
    qtbot.waitUntil(lambda: 4 == len(threads))
    assert threads.pop("worker") not in threads.values()
    assert {threading.get_ident()} == set(threads.values())


def test_the_end_cancels_what_runs(qtbot: QtBot, tasks: Tasks) -> None:
    """Closing doesn't wait for a browser."""
    began = threading.Event()

    def call(progress: Callable[[Event], None], cancelled: Cancellation) -> None:
        began.set()
        cancelled.wait(60)

    tasks.start(call, Threads.SIGN_INS)
    qtbot.waitUntil(began.is_set)
    before = time.monotonic()
    tasks.close()
    assert time.monotonic() - before < AT_ONCE


def test_no_task_starts_after_closing(qtbot: QtBot, tasks: Tasks) -> None:
    """A task that was started just before closing never runs."""
    begun: list[bool] = []
    tasks.start(lambda _progress, _cancelled: begun.append(True))
    tasks.close()
    QCoreApplication.processEvents()
    assert [] == begun


class Counter(QObject):
    """Counts the calls of a slot that lives longer than the tasks."""

    count = 0

    def add(self) -> None:
        """Count one."""
        self.count += 1


def test_each_slot_hears_the_end_of_each_task(qtbot: QtBot, tasks: Tasks) -> None:
    """Also if it is the second one: the first must not delete a task whose thread still emits."""
    first, second = Counter(), Counter()

    def start_next() -> None:
        if first.count < MANY:
            task = tasks.start(lambda progress, cancelled: None, Threads.FILES)
            task.finished.connect(first.add)
            task.finished.connect(second.add)

    tasks.freed.connect(start_next)
    start_next()
    qtbot.waitUntil(lambda: MANY == first.count, timeout=SOON)
    qtbot.waitUntil(lambda: MANY == second.count, timeout=SOON)


class Immediate(ThreadPoolExecutor):
    """Threads that are so fast, or a window's thread so slow, that a call ends within `submit`."""

    def submit(self, *arguments: Any, **options: Any) -> Future[Any]:
        """Run the call in a thread, and wait for its end."""
        future = super().submit(*arguments, **options)
        wait([future])
        return future


def test_a_task_runs_until_its_result_is_heard(qtbot: QtBot, tasks: Tasks) -> None:
    """Also if it has ended before the window's thread goes on."""
    tasks._executors[Threads.FILES] = Immediate(1)
    heard: list[object] = []
    told: list[list[object]] = []
    tasks.freed.connect(lambda: told.append([*heard]))
    task = tasks.start(lambda progress, cancelled: 7, Threads.FILES)
    task.succeeded.connect(heard.append)
    qtbot.waitUntil(lambda: bool(told), timeout=SOON)
    assert [[7]] == told
