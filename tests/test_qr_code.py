"""The QR code of a page: in the terminal only where it can be shown."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest

from core.cli.qr_lines import qr_lines
from core.qr_code import QUIET_ZONE, qr_modules

PAGE = "https://microsoft.com/devicelogin"


def test_the_modules_are_a_code() -> None:
    """A square with the three finder patterns in its corners (ISO/IEC 18004 section 6.3.3)."""
    modules = qr_modules(PAGE)
    assert {len(modules)} == {len(row) for row in modules}
    assert 29 == len(modules)  # version 3
    ring, core = (True,) * 7, (True, False, True, True, True, False, True)
    for rows in (modules[:7], modules[-7:]):
        assert ring == rows[0][:7] == rows[6][:7]
        assert core == rows[3][:7]
    assert (ring, core) == (modules[0][-7:], modules[3][-7:])


@contextmanager
def terminal(columns: int, lines: int, encoding: str) -> Iterator[TextIO]:
    """A terminal of its own, with a size."""
    import termios

    leader, follower = os.openpty()
    termios.tcsetwinsize(follower, (lines, columns))
    with open(follower, "w", encoding=encoding) as stream:
        yield stream
    os.close(leader)


@pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals that a test can open")
def test_half_blocks_draw_the_modules() -> None:
    """Each character is two modules; read back they are the code with its quiet zone."""
    with terminal(80, 40, "utf-8") as stream:
        lines = qr_lines(PAGE, stream)
    is_light = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
    rows = [
        tuple(not is_light[character][half] for character in line)
        for line in lines
        for half in (0, 1)
    ]
    zone = slice(QUIET_ZONE, QUIET_ZONE + 29)
    assert qr_modules(PAGE) == tuple(row[zone] for row in rows[zone])
    around = [*rows[:QUIET_ZONE], *rows[QUIET_ZONE + 29 :]]
    assert not any(map(any, around))
    assert not any(any(row[:QUIET_ZONE] + row[-QUIET_ZONE:]) for row in rows)


@pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals that a test can open")
@pytest.mark.parametrize(
    ("columns", "lines", "encoding"), [(36, 40, "utf-8"), (80, 20, "utf-8"), (80, 40, "ascii")]
)
def test_a_terminal_that_cannot_show_it(columns: int, lines: int, encoding: str) -> None:
    """Too narrow, too low, or without these characters: the page and the code are enough."""
    with terminal(columns, lines, encoding) as stream:
        assert [] == qr_lines(PAGE, stream)


def test_no_terminal() -> None:
    """Nothing of it gets into a file, a pipe or a log."""
    assert [] == qr_lines(PAGE, io.StringIO())
    assert [] == qr_lines(PAGE, None)
