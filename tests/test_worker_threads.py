"""Threads for calls that may hang, and Ctrl-C while a thread starts."""

import queue
import sys
import threading
import time
from types import FrameType
from typing import Any

import pytest

from core.cancel import Cancellation
from core.errors import Cancelled, as_error
from core.keeping.worker_threads import WorkerThreads, all_at_once
from core.verdicts.local_mailbox import NO_TOKEN
from servers import AT_ONCE


def test_ctrl_c_before_a_start() -> None:
    """A thread that was not started is not waited for."""
    done: queue.SimpleQueue[str] = queue.SimpleQueue()
    workers = WorkerThreads(2, done)

    def interrupt(frame: FrameType, event: str, arg: Any) -> None:
        if frame.f_code is threading.Thread.start.__code__:
            raise KeyboardInterrupt

    sys.settrace(interrupt)  # a trace function raises where a signal handler would
    try:
        with pytest.raises(KeyboardInterrupt):
            workers.start(lambda: "done")
    finally:
        sys.settrace(None)
    workers.join(5)

    assert done.empty()


def test_all_at_once_in_order() -> None:
    """All calls run at the same time; results and errors come in the order of the calls."""
    second_has_ended = threading.Event()

    def first() -> str:
        assert second_has_ended.wait(AT_ONCE)
        return "first"

    def second() -> str:
        second_has_ended.set()
        raise as_error(NO_TOKEN, address="you@demo.example", path="you.txt")

    def third() -> str:
        raise ZeroDivisionError  # a bug

    results = all_at_once([first, second, third], Cancellation())
    names = [r if isinstance(r, str) else r.verdict.id for r in results]
    assert ["first", "no_token_of_mailbox", "internal_error"] == names


def test_a_cancellation_stops_all() -> None:
    """Nobody waits for a call that hangs, but for one that saves a token."""
    cancelled, saving, saved = Cancellation(), threading.Event(), threading.Event()
    hangs_until = threading.Event()

    def save() -> None:
        with cancelled.shield():
            saving.set()
            while not cancelled.is_set():
                time.sleep(0.01)
            time.sleep(0.2)
            saved.set()

    def cancel() -> None:
        saving.wait()
        cancelled.set()
        hangs_until.wait()

    with pytest.raises(Cancelled):
        all_at_once([save, cancel], cancelled)
    assert saved.is_set()
    hangs_until.set()
