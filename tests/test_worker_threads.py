"""Threads for calls that may hang, and Ctrl-C while a thread starts."""

import queue
import sys
import threading
from types import FrameType
from typing import Any

import pytest

from core.keeping.worker_threads import WorkerThreads


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
