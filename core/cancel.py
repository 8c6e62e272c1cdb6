"""Stopping work that a person no longer wants, except where stopping would lose a token."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Cancelled

_POLL = 0.5  # seconds


class Cancellation:
    """Asked for by one thread, noticed by another.

    The window sets it from a button; the command line from Ctrl-C, where the signal handler also
    interrupts whatever blocks, unless `shielded` says that a refreshed token is on its way to disk.
    """

    def __init__(self) -> None:
        """Nothing is cancelled yet."""
        self._is_set = False
        # Its lock is reentrant, unlike an Event's: a signal handler may interrupt who holds it.
        self._changed = threading.Condition(threading.RLock())
        self._lock = threading.Lock()  # not for the signal handler, which may interrupt its owner
        self._shields = 0

    def set(self) -> None:
        """Ask the work to stop."""
        self._is_set = True
        with self._changed:
            self._changed.notify_all()

    def is_set(self) -> bool:
        """Whether it was asked to stop."""
        return self._is_set

    def check(self) -> None:
        """Raise `Cancelled` where it was asked to stop."""
        if self.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when cancelled; whether it was."""
        deadline = time.monotonic() + seconds
        # In slices, since Ctrl-C doesn't interrupt a long wait on Windows, and since nobody is told
        # where a signal's handler comes between the look and the wait.
        while not self._is_set and (left := deadline - time.monotonic()) > 0:
            with self._changed:
                self._changed.wait_for(self.is_set, min(left, _POLL))
        return self._is_set

    @property
    def shielded(self) -> bool:
        """Whether the work must not be torn apart now."""
        return self._shields > 0

    @contextmanager
    def shield(self) -> Iterator[None]:
        """From the question that may rotate a refresh token until the answer is on disk.

        Once cancelled nobody gets one any more, so whoever waits for the last to end waits for all.
        """
        self._add_shields(1)
        try:
            self.check()  # only now: in the other order a cancellation between the two is missed
            yield
        finally:
            self._add_shields(-1)

    def _add_shields(self, step: int) -> None:
        with self._lock:
            self._shields += step
