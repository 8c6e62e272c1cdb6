"""How large the Windows programs are and how long they take to start, under Wine.

Beside a window with one label that PyInstaller made the usual way, built in the same run. The
windows end after their first painted frame, so their times include the end of the program.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.tokenfile.format import TokenFile, serialize

from .surroundings import work_folder
from .table import Row
from .timing import in_turns

if TYPE_CHECKING:
    from wine.build import Programs
    from wine.prefix import Wine

YARDSTICK = "bare window"


def rows(*, short: bool = False) -> Iterator[Row]:
    """Build all programs in a new Windows, and measure them."""
    from screenshots import virtual_screen
    from wine import install, prefix
    from wine.build import build, build_bare
    from wine.screen import SIZE

    install.wine()
    libraries = install.windows_python()
    with ExitStack() as closing:
        display = closing.enter_context(virtual_screen(SIZE))
        windows = closing.enter_context(prefix.running({"DISPLAY": display}))
        folder = closing.enter_context(work_folder())
        bare = build_bare(windows, libraries, folder)
        yield from rows_of(windows, build(windows, folder), bare, 1 if short else 5)


def rows_of(windows: "Wine", programs: "Programs", bare: Path, rounds: int) -> Iterator[Row]:
    """Measure built programs; the times are from start to end."""
    from wine.prefix import windows_path

    window, terminal = programs.window, programs.terminal
    with work_folder() as folder:
        file = windows_path(_fresh(folder))
        took = in_turns(
            rounds,
            {
                "bare": partial(_seconds, windows, bare),
                "window": partial(_seconds, windows, window, "--smoke-test"),
                "folder": partial(_seconds, windows, programs.folder / window.name, "--smoke-test"),
                "version": partial(_seconds, windows, terminal, "--version"),
                "fresh": partial(
                    _seconds, windows, terminal, "--refresh_only", "--token_file", file
                ),
            },
        )
    for program, goal in ((window, 0.85), (terminal, 0.6)):
        sizes = [_megabytes(program)], YARDSTICK, [_megabytes(bare)]
        yield Row(f"size of `{program.name}`", *sizes, goal, "MB")
    for name, what, goal in (
        ("window", f"first frame of `{window.name}`", 1.0),
        ("folder", "first frame of the folder variant", 1.0),
        ("version", f"`{terminal.name} --version`", 0.7),
        ("fresh", f"`{terminal.name} --refresh_only`, the token is fresh", 0.7),
    ):
        yield Row(what, took[name], YARDSTICK, took["bare"], goal, "s")


def _seconds(windows: "Wine", program: Path, *words: str) -> float:
    begin = time.perf_counter()
    windows.run(program, *words)
    return time.perf_counter() - begin


def _megabytes(program: Path) -> float:
    return program.stat().st_size / 1e6


def _fresh(folder: Path) -> Path:
    """A token file whose token is valid for long."""
    now = time.time()
    file = TokenFile(
        access="an-access-token" * 100,  # as long as Microsoft's
        refresh="a-refresh-token" * 80,
        account="you@example.com",
        provider="office365",
        application="thunderbird",
        issued_at=now,
        expires_at=now + 24 * 3600,
    )
    path = folder / "token.txt"
    path.write_bytes(serialize(file, now=now))
    return path
