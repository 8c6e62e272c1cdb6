"""Keeps what a run of imapsync tells, for a window that looks at it now and then.

imapsync may print thousands of lines a second, so they are counted as they come, and the last ones
are kept.
"""

import threading
from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache

from ...redaction import redact
from .observer import OURS
from .progress import Progress

_MOST_LINES = 1_000
_LONGEST_LINE = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Seen:
    """A run at one moment: how often imapsync was started, what it printed, and what we said.

    `progress` is that of the last start. `copied` is the number of messages of all starts.
    """

    starts: int
    progress: Progress
    copied: int
    lines: tuple[str, ...]
    said: str


class Watch:
    """An observer; `look` can be called in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._starts = self._copied_before = 0
        self._progress = Progress()
        self._unfinished = {False: b"", True: b""}
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self._said = ""

    def started(self) -> None:
        """Count the messages of the new start anew."""
        with self._lock:
            self._starts += 1
            self._copied_before += self._progress.copied
            self._progress = Progress()
            self._said = ""

    def output(self, chunk: bytes, is_error: bool) -> None:
        """Read the lines that are complete now."""
        with self._lock:
            *lines, last = (self._unfinished[is_error] + chunk).split(b"\n")
            self._unfinished[is_error] = last[-_LONGEST_LINE:]
            for line in lines:
                self._take(line)

    def say(self, text: str) -> None:
        """Keep it until the next start, and put it among the lines."""
        with self._lock:
            self._said = text
            self._lines.append(f"{OURS}{text}")

    def look(self, last: int) -> Seen:
        """The run as it is now, with its last lines."""
        with self._lock:
            lines = tuple(self._lines)[-last:]
            copied = self._copied_before + self._progress.copied
            seen = Seen(self._starts, self._progress, copied, lines, self._said)
        return replace(seen, lines=tuple(map(_without_secrets, seen.lines)))

    def _take(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r")[:_LONGEST_LINE]
        self._progress = self._progress.after(text)
        self._lines.append(text)


@lru_cache(maxsize=2 * _MOST_LINES)
def _without_secrets(line: str) -> str:
    """Redact a line, once: a window that shows all lines asks for them again and again."""
    return redact(line)
