"""Reading standard input from pipes and terminals, and the exit of a process that reads it."""

import contextlib
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli.standard_input import LINE_LIMIT, StandardInput
from servers import AT_ONCE

CLOSED = "(closed)"
ROOT = Path(__file__).resolve().parent.parent
needs_terminals = pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals")


class Heard:
    """A listener to standard input that keeps what it heard."""

    def __init__(self) -> None:
        """Start without any line."""
        self.lines: queue.Queue[str] = queue.Queue()

    def closed(self) -> None:
        """Take note of the end, in order with the lines."""
        self.lines.put(CLOSED)

    def next(self) -> str:
        """Return the next line, or CLOSED."""
        return self.lines.get(timeout=AT_ONCE)


def read_all(data: bytes) -> list[str]:
    """Return all lines that a pipe with this content gives."""
    reading, writing = os.pipe()
    heard = Heard()
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, reading)

        def write() -> None:
            os.write(writing, data)
            os.close(writing)

        writer = threading.Thread(target=write)
        writer.start()
        with StandardInput(reading) as standard_input:
            standard_input.start(heard.lines.put, heard.closed)
            lines = [heard.next()]
            while CLOSED not in lines:
                lines.append(heard.next())
        writer.join()
    return lines


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n \r\n\r\n", ["", " ", ""]),
        (b"one\ntwo\r\nthree\n", ["one", "two", "three"]),
        (b"without end", ["without end"]),
        (b"  spaces stay \n", ["  spaces stay "]),
        ("é€\n".encode(), ["é€"]),
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
        (b"a\x7fb\x04\n", ["a\x7fb\x04"]),
        (b"x" * LINE_LIMIT + b"\nnext\n", ["x" * LINE_LIMIT, "next"]),
        (b"x" * (LINE_LIMIT + 1) + b"\nnext\n", ["next"]),
        (b"x" * 1_000_000 + b"\nnext\n", ["next"]),
    ],
)
def test_a_pipe_gives_its_lines_and_its_end(data: bytes, lines: list[str]) -> None:
    """It gives whole lines, decoded and without overlong ones, and then the end, once."""
    assert [*lines, CLOSED] == read_all(data)


def test_a_missing_standard_input_is_an_ended_one() -> None:
    """A closed standard input counts as ended; a program can be started without any."""
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    heard = Heard()
    with StandardInput(reading) as standard_input:
        standard_input.start(heard.lines.put, heard.closed)
        assert CLOSED == heard.next()


def test_lines_go_to_whoever_started_last() -> None:
    """The pending read of a first sign-in takes no line away from a second one."""
    reading, writing = os.pipe()
    first, second = Heard(), Heard()
    with StandardInput(reading) as standard_input:
        standard_input.start(first.lines.put, first.closed)
        os.write(writing, b"one\nhalf a l")
        assert first.next() == "one"
        standard_input.close()
        os.write(writing, b"for nobody\n")
        while select.select([reading], [], [], 0)[0]:
            time.sleep(0.01)
        time.sleep(0.1)  # it was read, and now it is thrown away
        standard_input.start(second.lines.put, second.closed)
        os.write(writing, b"two\n")
        assert second.next() == "two"
        os.close(writing)
        assert CLOSED == second.next()
        standard_input.start(first.lines.put, first.closed)
        assert CLOSED == first.next()
    assert first.lines.empty()
    assert second.lines.empty()
    os.close(reading)


@pytest.mark.parametrize("ending", ["", "raise SystemExit(0)"])
def test_a_pending_read_neither_holds_up_nor_crashes_the_exit(ending: str) -> None:
    """The program exits although a thread waits for a line that never comes."""
    program = (
        "from core.cli.standard_input import StandardInput\n"
        "import time\n"
        "with StandardInput() as standard_input:\n"
        "    standard_input.start(print, lambda: print('closed'))\n"
        "    time.sleep(0.1)\n"
        f"{ending}\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        code = process.wait(timeout=AT_ONCE)
        output = process.stdout.read() if process.stdout else b""

    assert (0, b"") == (code, output)


class Terminal:
    """A pseudo terminal: the program reads `fd`, the user types, and `shown` is the screen."""

    def __init__(self) -> None:
        """Open it in canonical mode, like any terminal."""
        self.person, self.fd = os.openpty()
        self.shown = b""
        self._thread = threading.Thread(target=self._show, daemon=True)
        self._thread.start()

    def type(self, data: bytes) -> None:
        """Type or paste."""
        while data:
            data = data[os.write(self.person, data[:1000]) :]

    def settings(self) -> list[object]:
        """Return all settings of the terminal."""
        import termios

        return termios.tcgetattr(self.fd)

    def canonical(self) -> bool:
        """Whether the terminal itself collects whole lines."""
        import termios

        return bool(termios.tcgetattr(self.fd)[3] & termios.ICANON)

    def close(self) -> None:
        """Close both sides; a read that is still pending would keep the program's open."""
        os.close(self.fd)
        self.type(b"\n")
        self._thread.join(5)
        os.close(self.person)

    def _show(self) -> None:
        with contextlib.suppress(OSError):  # EIO: the other side is closed
            while data := os.read(self.person, 4096):
                self.shown += data


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A pseudo terminal."""
    terminal = Terminal()
    yield terminal
    terminal.close()


@needs_terminals
def test_a_terminal_takes_long_lines_and_is_restored(terminal: Terminal) -> None:
    """A line of 6,000 characters arrives whole, in the first sign-in and in a second one."""
    before = terminal.settings()
    standard_input = StandardInput(terminal.fd)
    for letter in "ab":
        heard = Heard()
        standard_input.start(heard.lines.put, heard.closed)
        terminal.type(letter.encode() * 6000 + b"\r")

        assert letter * 6000 == heard.next()
        assert not terminal.canonical()
        standard_input.close()
        assert before == terminal.settings()
    standard_input.start(heard.lines.put, heard.closed)
    terminal.type(b"\x04")
    assert CLOSED == heard.next()
    standard_input.close()
    assert before == terminal.settings()


@needs_terminals
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (b"abx\x7fc\r", "abc"),
        (b"abx\x08c\n", "abc"),
        (b"\x7f\x7fa\r", "a"),
        ("aé\x7f€\x7fb\r".encode(), "ab"),
        (b"a\xff\x7fb\r", "ab"),
        (b"ab\x04c\r", "ab\x04c"),
        (b"\x7f\r", ""),
    ],
)
def test_a_terminal_keeps_enter_and_backspace(terminal: Terminal, typed: bytes, line: str) -> None:
    """Enter ends a line and the backspace erases a character."""
    heard = Heard()
    with StandardInput(terminal.fd) as standard_input:
        standard_input.start(heard.lines.put, heard.closed)
        terminal.type(typed)
        assert line == heard.next()
        terminal.type(b"\x04")
        assert CLOSED == heard.next()


@needs_terminals
def test_a_terminal_shows_what_is_typed_and_erased(terminal: Terminal) -> None:
    """The backspace removes its own echo and one character from the screen."""
    heard = Heard()
    with StandardInput(terminal.fd) as standard_input:
        standard_input.start(heard.lines.put, heard.closed)
        terminal.type(b"ab\x7fc\r")
        assert heard.next() == "ac"
        deadline = time.monotonic() + AT_ONCE
        while terminal.shown.count(b"\b \b") < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        terminal.type(b"\x04")
        assert CLOSED == heard.next()

    assert b"ab^?" in terminal.shown
    assert 3 == terminal.shown.count(b"\b \b")


IN_A_TERMINAL = """
import os, pty, signal, sys, termios, time
from core.cli.standard_input import StandardInput

pid, person = pty.fork()
if pid:
    screen = b""
    while b"ready\\r\\n" not in screen:
        screen += os.read(person, 1000)
    os.write(person, b"\\x03")
    while b"left" not in screen:
        screen += os.read(person, 1000)
    print(screen.decode())
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
before = termios.tcgetattr(0)
try:
    with StandardInput() as standard_input:
        standard_input.start(print, lambda: print("closed"))
        print("canonical" if termios.tcgetattr(0)[3] & termios.ICANON else "ready", flush=True)
        time.sleep(10)
except KeyboardInterrupt:
    # Flushed, so that the process that is forked next has nothing of it to print once more.
    print("restored" if termios.tcgetattr(0) == before else "spoilt", flush=True)
pid = os.fork()
if not pid:
    os.setpgid(0, 0)
    StandardInput().start(print, lambda: print("background", flush=True))
    time.sleep(0.2)
    os._exit(0)
os.waitpid(pid, os.WUNTRACED)
print("left", flush=True)
"""


@needs_terminals
def test_ctrl_c_works_and_restores_and_the_background_is_left_alone() -> None:
    """Ctrl-C interrupts and restores the terminal; a program in the background leaves it alone."""
    result = subprocess.run(
        [sys.executable, "-c", IN_A_TERMINAL],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (0, "") == (result.returncode, result.stderr)
    assert result.stdout.split() == ["ready", "^Crestored", "background", "left"]
