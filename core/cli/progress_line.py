"""How far a long run is: one line that is rewritten in a terminal, and few lines elsewhere."""

import sys
import time
from collections.abc import Callable

from .output import Console, rewrite_line

_EVERY_AT_TERMINAL = 0.1  # seconds
_EVERY_ELSEWHERE = 60.0


class ProgressLine:
    """Shows a text on standard error, not more often than somebody can use."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rewrites = sys.stderr is not None and sys.stderr.isatty()
        self._shown_at = time.monotonic()
        self._length = 0

    def show(self, words: Callable[[], str]) -> None:
        """Show the words if it is time for them."""
        now = time.monotonic()
        if now - self._shown_at < (_EVERY_AT_TERMINAL if self._rewrites else _EVERY_ELSEWHERE):
            return
        self._shown_at, text = now, words()
        if self._rewrites:
            rewrite_line(f"{text:<{self._length}}")
            self._length = len(text)
        else:
            self._console.say(text)

    def warn(self, text: str) -> None:
        """Print a warning above the line."""
        self._clear()
        self._console.warn(text)

    def end(self, text: str) -> None:
        """Show the last text, on a line that stays."""
        self._clear()
        self._console.say(text)

    def _clear(self) -> None:
        if self._length:
            rewrite_line(" " * self._length)
            rewrite_line("")
            self._length = 0
