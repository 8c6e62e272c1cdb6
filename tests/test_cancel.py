"""Tests of core/cancel.py: cancelling, waiting and shielding."""

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
    """A new cancellation is not set."""
    cancelled = Cancellation()
    cancelled.check()

    assert not cancelled.is_set()
    assert not cancelled.shielded
    cancelled.set()
    with pytest.raises(Cancelled):
        cancelled.check()


def test_a_wait_has_its_length() -> None:
    """A wait takes as long as requested, although it consists of several short waits."""
    cancelled = Cancellation()
    began = time.monotonic()

    assert not cancelled.wait(0.6)
    assert 0.6 <= time.monotonic() - began < AT_ONCE
    assert not cancelled.wait(0)
    assert not cancelled.wait(-1)


def test_a_wait_ends_at_once() -> None:
    """A wait ends at once if it is cancelled before or during the wait."""
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
    """A signal handler may cancel between any two steps of a waiting thread.

    The thread may hold any lock then.
    """

    def wait_through_all_steps() -> None:
        for step in itertools.count():
            if not _wait_with_signal_at(step):
                return

    thread = threading.Thread(target=wait_through_all_steps, daemon=True)
    thread.start()
    thread.join(10)

    assert not thread.is_alive()


def _wait_with_signal_at(step: int) -> bool:
    """Cancel at one step of a wait, in a tracer; returns whether the wait had so many steps."""
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
    """If two mailboxes are refreshed at the same time, the shield lasts until both are done."""
    cancelled = Cancellation()
    with cancelled.shield():
        with cancelled.shield():
            pass
        assert cancelled.shielded
    with pytest.raises(ZeroDivisionError), cancelled.shield():
        raise ZeroDivisionError
    assert not cancelled.shielded
