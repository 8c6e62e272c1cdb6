"""Reads a program's window as a screen reader does: by AT-SPI, from another process.

    dbus-run-session -- python tests/at_spi.py TEXT PROGRAM [ARGUMENT...]

starts the program, waits until its window shows the text and has stopped growing, prints one line
of JSON for each accessible object, and ends the program. The object's depth in the tree, role,
name, description and states are those of
https://gnome.pages.gitlab.gnome.org/at-spi2-core/libatspi/.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

PATIENCE = 30.0  # seconds for the window to appear
_PAUSE = 1.0  # seconds between two looks
# Of AtspiStateType.
STATES = {4: "checked", 8: "enabled", 11: "focusable", 12: "focused", 25: "showing"}
_NO_ERROR = None


class Accessible(NamedTuple):
    """One object of the tree."""

    depth: int
    role: str
    name: str
    description: str
    states: tuple[str, ...]


class Library:
    """What is used of libatspi; each object of it is an address."""

    def __init__(self) -> None:
        self._c = ctypes.CDLL("libatspi.so.0")
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        for name, result, *arguments in (
            ("atspi_get_desktop", pointer, number),
            ("atspi_accessible_get_child_count", number, pointer, pointer),
            ("atspi_accessible_get_child_at_index", pointer, pointer, number, pointer),
            ("atspi_accessible_get_name", text, pointer, pointer),
            ("atspi_accessible_get_description", text, pointer, pointer),
            ("atspi_accessible_get_role_name", text, pointer, pointer),
            ("atspi_accessible_get_state_set", pointer, pointer),
            ("atspi_state_set_contains", number, pointer, number),
            ("atspi_accessible_set_cache_mask", None, pointer, number),
        ):
            function = getattr(self._c, name)
            function.restype, function.argtypes = result, arguments
        self._c.atspi_init()

    def programs(self) -> list[int]:
        """Return the programs that offer their windows."""
        desktop = self._c.atspi_get_desktop(0)
        self._c.atspi_accessible_set_cache_mask(desktop, 0)  # what was read before has changed
        return self._children(desktop)

    def tree(self, one: int, depth: int = 0) -> Iterator[Accessible]:
        """Yield an object and everything in it."""
        c = self._c
        states = c.atspi_accessible_get_state_set(one)
        yield Accessible(
            depth,
            _text(c.atspi_accessible_get_role_name(one, _NO_ERROR)),
            _text(c.atspi_accessible_get_name(one, _NO_ERROR)),
            _text(c.atspi_accessible_get_description(one, _NO_ERROR)),
            tuple(w for n, w in STATES.items() if c.atspi_state_set_contains(states, n)),
        )
        for child in self._children(one):
            yield from self.tree(child, depth + 1)

    def _children(self, one: int) -> list[int]:
        c = self._c
        count = c.atspi_accessible_get_child_count(one, _NO_ERROR)
        found = (c.atspi_accessible_get_child_at_index(one, n, _NO_ERROR) for n in range(count))
        return [child for child in found if child]


def _text(text: bytes | None) -> str:
    return (text or b"").decode()


def read(text: str, command: list[str]) -> list[Accessible]:
    """Start a program, and return the objects of its window once it shows the text."""
    environ = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
    with subprocess.Popen(command, env=environ) as program:
        try:
            return _when_complete(Library(), text)
        finally:
            program.kill()


def _when_complete(library: Library, text: str) -> list[Accessible]:
    end, before = time.monotonic() + PATIENCE, 0
    while time.monotonic() < end:
        found = [each for one in library.programs() for each in library.tree(one)]
        if len(found) == before and any(text in one.name for one in found):
            return found
        before = len(found)
        time.sleep(_PAUSE)
    raise TimeoutError(f"{text} is not in the window, or it still grows; it has {before} objects")


def main(command: list[str]) -> None:
    """Print the tree."""
    for one in read(command[0], command[1:]):
        print(json.dumps(one._asdict()))


def parse(printed: str) -> list[Accessible]:
    """Return what `main` printed; the daemons of AT-SPI print there too."""
    lines = (line for line in printed.splitlines() if line.startswith("{"))
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [Accessible(**{**row, "states": tuple(row["states"])}) for row in rows]


if __name__ == "__main__":
    main(sys.argv[1:])
