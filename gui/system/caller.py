"""Who started the program, and how to speak to them.

A program with a window has no console on Windows. It writes to the pipes and files that it has
inherited, else to the console of the program that started it. Nothing is ever read from that
console: cmd and PowerShell don't wait at their prompt for a program with a window, so they read
what is typed there.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gui.system import windows_processes

_DESKTOP = "explorer.exe"  # it starts what a user double-clicks, and waits for nothing


@dataclass(frozen=True, slots=True)
class Caller:
    """Who started the program.

    `waits` is False for a user who double-clicked the program or a shortcut. Then `unheard` gets
    what was written for them, if they have neither a console nor a pipe.
    """

    waits: bool = True
    unheard: io.BytesIO | None = None


@contextlib.contextmanager
def speaking() -> Iterator[Caller]:
    """Give the program streams to write to, for the length of the block; yield who reads them."""
    if windows_processes.has_console():
        yield Caller()
        return
    starter = windows_processes.starter()
    console = windows_processes.open_console(starter) if starter else None
    unheard = io.BytesIO()
    said = io.TextIOWrapper(unheard, encoding="utf-8", write_through=True)
    before = sys.stdin, sys.stdout, sys.stderr
    # A stream of a console that isn't ours can't be used.
    usable = [stream is not None and not stream.isatty() for stream in before]
    if not usable[0]:
        sys.stdin = None
    if not usable[1]:
        sys.stdout = console or said
    if not usable[2]:
        sys.stderr = console or said
    is_heard = console is not None or any(usable[1:])
    waits = is_heard or (starter is not None and windows_processes.name_of(starter) != _DESKTOP)
    try:
        yield Caller(waits, None if waits else unheard)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        said.detach()  # else `unheard` is closed with it
        if console is not None:
            console.close()


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a window can be shown; Windows and macOS always have a desktop."""
    if platform in ("win32", "darwin"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def user_can_act() -> bool:
    """Return whether the user can see a window of this process; not that of a service."""
    return has_display(os.environ) and windows_processes.has_desktop()
