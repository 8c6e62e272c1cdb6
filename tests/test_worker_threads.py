"""Threads for what may hang, and Ctrl-C while they are started."""

import queue
import sys
import threading
from types import FrameType
from typing import Any

import pytest

from core.keeping.worker_threads import WorkerThreads


def test_ctrl_c_before_a_start() -> None:
    """What wasn't started isn't waited for."""
    done: queue.SimpleQueue[str] = queue.SimpleQueue()
    workers = WorkerThreads(2, done)

    def interrupt(frame: FrameType, event: str, arg: Any) -> None:
        if frame.f_code is threading.Thread.start.__code__:
            raise KeyboardInterrupt

    sys.settrace(interrupt)  # a tracer raises where a signal's handler would
    try:
        with pytest.raises(KeyboardInterrupt):
            workers.start(lambda: "done")
    finally:
        sys.settrace(None)
    workers.join(5)

    assert done.empty()
