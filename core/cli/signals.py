"""What Ctrl-C, the end of the system and a closed terminal do to the command line."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ..cancel import Cancellation

# The last two: a closed terminal, on Unix and on Windows.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
# What a terminal sends to all of its programs at once.
_SENT_BY_TERMINAL = ("SIGINT", "SIGBREAK")


def cancel_on_signals(cancelled: Cancellation) -> None:
    """Ctrl-C interrupts whatever blocks, but for a refreshed token on its way to disk."""

    def handle(number: int, frame: FrameType | None) -> None:
        cancelled.set()
        if not cancelled.shielded:
            raise KeyboardInterrupt

    for number in _heeded():
        signal.signal(number, handle)


@contextmanager
def left_to_the_child(stop: Callable[[int, bool], None]) -> Iterator[None]:
    """While a child runs it gets the signals, and its end is waited for.

    `stop` is called with each signal, and whether it has to be passed on: what a terminal sends
    reaches the child by itself, since both are in its foreground.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        stop(number, signal.Signals(number).name not in _SENT_BY_TERMINAL)

    before = {number: signal.getsignal(number) for number in _heeded()}
    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _heeded() -> list[signal.Signals]:
    """Those that exist here, but for what nohup has taken away."""
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
