"""Lines from standard input that can neither hold up nor crash the end of the program.

A thread that is blocked in input() or sys.stdin holds a lock which the interpreter wants at exit
(`_enter_buffered_busy`, exit code 134); one in os.read holds nothing. Such a read can't be taken
back either, so one thread reads for the whole run, and what it reads goes to whoever has started.
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
# The terminal has echoed the backspace itself as "^?": that goes, then the character before it.
_ERASE_ECHO = b"\b \b" * 2
_ERASE = b"\b \b"

DeliverLine = Callable[[str], None]
Closed = Callable[[], None]


class StandardInput:
    """One for the run; each `start` gives the lines to somebody else, until `close`."""

    def __init__(self, fd: int = 0) -> None:
        """Nothing is read, and the terminal is left alone, until `start`."""
        self._fd = fd
        self._lock = threading.Lock()
        self._reading = False
        self._lines: _Lines | None = None
        self._terminal: _Terminal | None = None

    def start(self, deliver: DeliverLine, closed: Closed) -> None:
        """Give every line to `deliver`, empty ones too; at the end of file call `closed`, once.

        Both are called in the reading thread and must return at once. A process in the background
        of its terminal has no input: reading would stop it.
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
        """Restore the terminal and ignore what still comes; a second time does nothing."""
        with self._lock:
            self._lines = None
        if self._terminal is not None:
            self._terminal.restore()
            self._terminal = None

    def __enter__(self) -> Self:
        """Nothing is read yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it, also after Ctrl-C."""
        self.close()

    def _read(self) -> None:
        ended = False
        while not ended:
            try:
                data = os.read(self._fd, _CHUNK)
            except OSError:  # there is none: closed, or the terminal is gone
                data = b""
            lines = self._lines
            ended = not data or (lines is not None and lines.feed(data))
        with self._lock:
            self._reading = False
            lines = self._lines
        if lines is not None:
            lines.end()


class _Lines:
    """Bytes in, lines out."""

    def __init__(self, deliver: DeliverLine, closed: Closed, terminal: "_Terminal") -> None:
        self._deliver = deliver
        self._closed = closed
        self._terminal = terminal
        self._line = bytearray()

    def feed(self, data: bytes) -> bool:
        """Take what was read; whether its end was typed."""
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
        """The last line may lack its line end."""
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
    """Makes a terminal take lines of any length.

    Canonical mode cuts a line at 4095 bytes on Linux (N_TTY_BUF_SIZE) and at 1024 on macOS
    (MAX_CANON), and Microsoft's addresses are longer. Without it the echo, Enter and Ctrl-C stay;
    the backspace is our work.
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
        """Whether we read it byte by byte, as typed."""
        return self._saved is not None

    def write(self, data: bytes) -> None:
        """Show something where the person types."""
        if self._echoes:
            with contextlib.suppress(OSError):
                os.write(self._fd, data)

    def restore(self) -> None:
        """Give it back as it was; in the background it belongs to another by now."""
        if sys.platform != "win32" and self._saved is not None and not _in_background(self._fd):
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._fd, termios.TCSANOW, self._saved)


def _in_background(fd: int) -> bool:
    """Whether touching this terminal would stop us (SIGTTIN, SIGTTOU)."""
    if sys.platform == "win32":
        return False
    try:
        return os.isatty(fd) and os.tcgetpgrp(fd) != os.getpgrp()
    except OSError:  # not the terminal that controls us: it has no say
        return False
