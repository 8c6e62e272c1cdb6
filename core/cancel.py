"""Stopping work that a person no longer wants, except where stopping would lose a token."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Cancelled

_SLICE = 0.5  # seconds


class Cancellation:
    """Asked for by one thread, noticed by another.

    The window sets it from a button; the command line from Ctrl-C, where the signal handler also
    interrupts whatever blocks, unless `shielded` says that a refreshed token is on its way to disk.
    """

    def __init__(self) -> None:
        """Nothing is cancelled yet."""
        self._event = threading.Event()
        self._shields = 0

    def set(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether it was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` where it was asked to stop."""
        if self.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when cancelled; whether it was."""
        deadline = time.monotonic() + seconds
        # In slices, since Ctrl-C doesn't interrupt a long wait on Windows.
        while (left := deadline - time.monotonic()) > 0:
            if self._event.wait(min(left, _SLICE)):
                return True
        return self.is_set()

    @property
    def shielded(self) -> bool:
        """Whether the work must not be torn apart now."""
        return self._shields > 0

    @contextmanager
    def shield(self) -> Iterator[None]:
        """From the question that may rotate a refresh token until the answer is on disk."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
