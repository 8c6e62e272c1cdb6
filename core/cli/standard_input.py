"""Read lines from standard input without delaying or crashing the end of the program.

A thread that is blocked in input() or sys.stdin holds a lock that the interpreter needs at exit
(`_enter_buffered_busy`, exit code 134). A thread in os.read holds no lock. A read can't be
cancelled, so one thread reads for the whole run. It gives the lines to the current receiver.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

LINE_LIMIT = 64 * 1024
_CHUNK = 4096
_LINE_END = 0x0A
_BACKSPACES = b"\x7f\x08"
_END_TYPED = 0x04  # Ctrl-D
# The terminal has shown the backspace key as "^?". Erase that, then the character before it.
_ERASE_ECHO = b"\b \b" * 2
_ERASE = b"\b \b"

DeliverLine = Callable[[str], None]
Closed = Callable[[], None]


class StandardInput:
    """Standard input for the whole run. Each `start` names a new receiver, until `close`.

    Before the first `start` nothing is read, and the terminal is not changed.
    """

    def __init__(self, fd: int = 0) -> None:
        self._fd = fd
        self._lock = threading.Lock()
        self._reading = False
        self._lines: _Lines | None = None
        self._terminal: _Terminal | None = None

    def start(self, deliver: DeliverLine, closed: Closed) -> None:
        """Give every line to `deliver`, also empty ones; at the end of file call `closed`, once.

        Both are called in the reading thread and must return at once. A process in the background
        of its terminal has no input, because the system would stop a process that reads there.
        """
        self.close()
        if _in_background(self._fd):
            closed()
            return
        self._terminal = _Terminal(self._fd)
        with self._lock:
            self._lines = _Lines(deliver, closed, self._terminal)
            if not self._reading:
                self._reading = True
                threading.Thread(target=self._read, daemon=True).start()

    def close(self) -> None:
        """Restore the terminal and ignore further input. May be called more than once."""
        with self._lock:
            self._lines = None
        if self._terminal is not None:
            self._terminal.restore()
            self._terminal = None

    def __enter__(self) -> Self:
        """Return itself, so that a `with` block closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, also after Ctrl-C."""
        self.close()

    def _read(self) -> None:
        ended = False
        while not ended:
            try:
                data = os.read(self._fd, _CHUNK)
            except OSError:  # standard input is closed, or the terminal is gone
                data = b""
            lines = self._lines
            ended = not data or (lines is not None and lines.feed(data))
        with self._lock:
            self._reading = False
            lines = self._lines
        if lines is not None:
            lines.end()


class _Lines:
    """Collects bytes into lines."""

    def __init__(self, deliver: DeliverLine, closed: Closed, terminal: "_Terminal") -> None:
        self._deliver = deliver
        self._closed = closed
        self._terminal = terminal
        self._line = bytearray()

    def feed(self, data: bytes) -> bool:
        """Take the bytes that were read. Returns whether the user typed the end of file."""
        for byte in data:
            if byte == _LINE_END:
                self._finish_line()
            elif self._terminal.long_lines and byte in _BACKSPACES:
                self._erase()
            elif self._terminal.long_lines and byte == _END_TYPED and not self._line:
                return True
            elif len(self._line) <= LINE_LIMIT:
                self._line.append(byte)
        return False

    def end(self) -> None:
        """Deliver the last line, which may have no line end, and report the end of file."""
        if self._line:
            self._finish_line()
        self._closed()

    def _finish_line(self) -> None:
        line, self._line = self._line, bytearray()
        if len(line) <= LINE_LIMIT:
            self._deliver(line.removesuffix(b"\r").decode(errors="replace"))

    def _erase(self) -> None:
        self._terminal.write(_ERASE_ECHO)
        if self._line:
            while self._line and self._line.pop() & 0xC0 == 0x80:
                pass  # a UTF-8 character's later bytes; its first one ends the loop
            self._terminal.write(_ERASE)


class _Terminal:
    """Makes a terminal accept lines of any length.

    Canonical mode cuts a line at 4095 bytes on Linux (N_TTY_BUF_SIZE) and at 1024 on macOS
    (MAX_CANON), and Microsoft's response addresses are longer. Without canonical mode, echo, Enter
    and Ctrl-C still work; `_Lines` handles the backspace.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._saved: list[Any] | None = None
        self._echoes = False
        if sys.platform != "win32" and os.isatty(fd):
            import termios

            with contextlib.suppress(termios.error):
                saved = termios.tcgetattr(fd)
                changed = saved.copy()
                changed[3] = (saved[3] & ~termios.ICANON) | termios.ECHOCTL
                changed[6] = saved[6].copy()
                changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0
                self._saved = saved
                self._echoes = bool(saved[3] & termios.ECHO)
                termios.tcsetattr(fd, termios.TCSANOW, changed)

    @property
    def long_lines(self) -> bool:
        """Whether the terminal gives us each byte as it is typed."""
        return self._saved is not None

    def write(self, data: bytes) -> None:
        """Write to the terminal, if it shows what the user types."""
        if self._echoes:
            with contextlib.suppress(OSError):
                os.write(self._fd, data)

    def restore(self) -> None:
        """Restore the old settings, unless another program has the terminal in its foreground."""
        if sys.platform != "win32" and self._saved is not None and not _in_background(self._fd):
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._fd, termios.TCSANOW, self._saved)


def _in_background(fd: int) -> bool:
    """Whether the system would stop us for using this terminal (SIGTTIN, SIGTTOU)."""
    if sys.platform == "win32":
        return False
    try:
        return os.isatty(fd) and os.tcgetpgrp(fd) != os.getpgrp()
    except OSError:  # it is not our controlling terminal, so it can't stop us
        return False
