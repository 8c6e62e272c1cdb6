"""Cancellation of running work, except while stopping would lose a token."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Cancelled

_POLL = 0.5  # seconds


class Cancellation:
    """One thread asks for the cancellation, another notices it.

    The window calls `set` when its button is pressed, the command line on Ctrl-C. The signal
    handler of Ctrl-C also interrupts blocking calls, unless `shielded` is True: then a refreshed
    token is about to be saved.
    """

    def __init__(self) -> None:
        self._is_set = False
        # A reentrant lock, unlike an Event's: the signal handler may run while its thread holds it.
        self._changed = threading.Condition(threading.RLock())
        self._lock = threading.Lock()  # the signal handler must not use it: it may be held
        self._shields = 0

    def set(self) -> None:
        """Ask the work to stop; wakes every `wait`."""
        self._is_set = True
        with self._changed:
            self._changed.notify_all()

    def is_set(self) -> bool:
        """Whether the work was asked to stop."""
        return self._is_set

    def check(self) -> None:
        """Raise `Cancelled` if the work was asked to stop."""
        if self.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep until the time is over or the work is cancelled; returns True if cancelled."""
        deadline = time.monotonic() + seconds
        # In short waits, for two reasons: on Windows Ctrl-C doesn't interrupt a long wait, and a
        # signal handler that runs between the test and the wait would not wake it.
        while not self._is_set and (left := deadline - time.monotonic()) > 0:
            with self._changed:
                self._changed.wait_for(self.is_set, min(left, _POLL))
        return self._is_set

    @property
    def shielded(self) -> bool:
        """Whether the work must not be interrupted now."""
        return self._shields > 0

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Protect the time from a refresh request until its tokens are saved.

        Raises `Cancelled` if the work was cancelled before. After `set` no new shield can be
        entered, so it is enough to wait until `shielded` is False.
        """
        self._add_shields(1)
        try:
            self.check()  # after counting: in the other order a cancellation could be missed
            yield
        finally:
            self._add_shields(-1)

    def _add_shields(self, step: int) -> None:
        with self._lock:
            self._shields += step
