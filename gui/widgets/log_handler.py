"""Takes the records of Python's logging from any thread to the thread of the window.

It holds only the newest records, and sends one signal for many: a flood of records neither fills
the memory nor blocks the window.
"""

import logging
import threading
from collections import deque
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from core.plain_text import visible
from core.redaction import RedactingFilter, redact

LIMIT = 2_000  # records
_LONGEST = 4_000  # characters of one record
_WORDS = {
    logging.DEBUG: "Detail",
    logging.INFO: "Info",
    logging.WARNING: "Warning",
    logging.ERROR: "Error",
    logging.CRITICAL: "Error",
}
_WIDTH = max(map(len, _WORDS.values()))
_INDENT = "\n" + " " * 4


class LogLine(NamedTuple):
    """One log record as the user reads it; `detail` is the traceback, if there is one."""

    time: str
    level: int
    message: str
    detail: str

    def text(self, *, with_detail: bool) -> str:
        """Return date, time, level, message and traceback; further lines are indented."""
        word = _WORDS.get(self.level, logging.getLevelName(self.level)).ljust(_WIDTH)
        text = f"{self.time}  {word}  {self.message}"
        return f"{text}\n{self.detail}" if with_detail and self.detail else text


class _Bridge(QObject):
    """Has the handler's signal: `emit` is a method of both logging.Handler and QObject."""

    arrived = Signal()


class LogHandler(logging.Handler):
    """Collects records until `take`; emits `bridge.arrived` when there are new ones."""

    def __init__(self) -> None:
        super().__init__()
        self.bridge = _Bridge()
        self._waiting: deque[LogLine] = deque(maxlen=LIMIT)
        self._announced = False
        self._guard = threading.Lock()
        self.addFilter(RedactingFilter())

    def emit(self, record: logging.LogRecord) -> None:
        """Store a record; called in the thread that logs."""
        try:
            line = line_of(record)
        except Exception:  # logging's own rule: a bad record must not stop what logged it
            self.handleError(record)
            return
        with self._guard:
            self._waiting.append(line)
            first, self._announced = not self._announced, True
        if first:
            with suppress(RuntimeError):  # the window is closed, and a thread still logs
                self.bridge.arrived.emit()

    def take(self) -> list[LogLine]:
        """Return all records since the last call, oldest first."""
        with self._guard:
            lines = list(self._waiting)
            self._waiting.clear()
            self._announced = False
        return lines


def line_of(record: logging.LogRecord) -> LogLine:
    """Return a record as a line; no text in it can look like another record."""
    detail = ""
    if record.exc_info:
        detail = logging.Formatter().formatException(record.exc_info)
    return LogLine(
        time=datetime.fromtimestamp(record.created).strftime("%Y-%m-%d %H:%M:%S"),
        level=record.levelno,
        message=_INDENT.join(_printable(record.getMessage())),
        detail="\n".join(_INDENT[1:] + line for line in _printable(redact(detail))),
    )


def _printable(text: str) -> list[str]:
    """Return the lines of a text as plain text; a long text is cut."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    return [visible(line) for line in text.splitlines()]
