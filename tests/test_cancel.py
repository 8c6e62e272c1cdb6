"""Asking work to stop, and being heard."""

import itertools
import sys
import threading
import time
from types import FrameType
from typing import Any

import pytest

from core.cancel import Cancellation
from core.errors import Cancelled
from servers import AT_ONCE


def test_nothing_is_cancelled_at_first() -> None:
    """Until somebody asks."""
    cancelled = Cancellation()
    cancelled.check()

    assert not cancelled.is_set()
    assert not cancelled.shielded
    cancelled.set()
    with pytest.raises(Cancelled):
        cancelled.check()


def test_a_wait_has_its_length() -> None:
    """It is made of slices; together they are as long as asked for."""
    cancelled = Cancellation()
    began = time.monotonic()

    assert not cancelled.wait(0.6)
    assert 0.6 <= time.monotonic() - began < AT_ONCE
    assert not cancelled.wait(0)
    assert not cancelled.wait(-1)


def test_a_wait_ends_at_once() -> None:
    """Whether it is cancelled during the wait or was before."""
    cancelled = Cancellation()
    timer = threading.Timer(0.1, cancelled.set)
    timer.start()
    began = time.monotonic()

    assert cancelled.wait(60)
    assert cancelled.wait(60)
    assert cancelled.wait(0)
    assert time.monotonic() - began < AT_ONCE
    timer.join()


def test_a_signal_at_any_moment_of_a_wait() -> None:
    """Its handler runs between two steps of the thread that waits, whatever that holds locked."""

    def wait_through_all_steps() -> None:
        for step in itertools.count():
            if not _wait_with_signal_at(step):
                return

    thread = threading.Thread(target=wait_through_all_steps, daemon=True)
    thread.start()
    thread.join(10)

    assert not thread.is_alive()


def _wait_with_signal_at(step: int) -> bool:
    """Whether the wait had so many steps; in a tracer, as a handler, runs no other code."""
    cancelled = Cancellation()
    steps = itertools.count()
    came = False

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal came
        if next(steps) == step:
            came = True
            cancelled.set()
        return trace

    sys.settrace(trace)
    try:
        cancelled.wait(0.01)
    finally:
        sys.settrace(None)
    return came


def test_shields_add_up() -> None:
    """Two mailboxes are refreshed at the same time: the first that ends doesn't open the other."""
    cancelled = Cancellation()
    with cancelled.shield():
        with cancelled.shield():
            pass
        assert cancelled.shielded
    with pytest.raises(ZeroDivisionError), cancelled.shield():
        raise ZeroDivisionError
    assert not cancelled.shielded
