"""What Ctrl-C, a shutdown of the system and a closed terminal do to the command line."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ..cancel import Cancellation

# The last two come when a terminal is closed, on Unix and on Windows.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
# A terminal sends these to all of its programs at once.
_SENT_BY_TERMINAL = ("SIGINT", "SIGBREAK")


class _Interrupted(KeyboardInterrupt):
    """A signal has come.

    A class of our own: Python notes each plain KeyboardInterrupt that leaves an exec() of text, as
    dataclasses use it while a module is imported. It then ends by SIGINT, whatever exit code
    is returned later (run_eval_code_obj in
    https://github.com/python/cpython/blob/3.11/Python/pythonrun.c).
    """


def cancel_on_signals(cancelled: Cancellation) -> None:
    """Let signals interrupt everything but the saving of a refreshed token."""

    def handle(number: int, frame: FrameType | None) -> None:
        cancelled.set()
        if not cancelled.shielded:
            raise _Interrupted

    for number in _handled_signals():
        signal.signal(number, handle)


@contextmanager
def left_to_the_child(stop: Callable[[int, bool], None]) -> Iterator[None]:
    """While the block runs, signals do not end this program: the child process decides.

    `stop` is called with each signal and with whether it must be passed on to the child. A signal
    from the terminal reaches the child anyway, because both are in the terminal's foreground.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        stop(number, signal.Signals(number).name not in _SENT_BY_TERMINAL)

    before = {number: signal.getsignal(number) for number in _handled_signals()}
    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handled_signals() -> list[signal.Signals]:
    """The signals that exist on this system, except those that nohup ignores."""
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
