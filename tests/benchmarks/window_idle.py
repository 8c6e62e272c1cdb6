"""What the open window costs while it keeps mailboxes fresh: its share of a core, and its memory.

    python -m benchmarks.window_idle bare|ours FOLDER SECONDS

The mailboxes are kept, the window is visible, and none is due meanwhile: what is measured is the
watching. One refresh is done first, so that its libraries are loaded. A few mailboxes come first,
then thousands.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import window_parts
from .servers import servers
from .surroundings import child, display, environment, work_folder
from .table import Compared, Row

YARDSTICK = "window with one label"
SECONDS, FEW, MANY = 60.0, 20, 5_000
SHORT = 2.0, 3, 6


def rows(*, short: bool = False) -> Iterator[Row]:
    """A bare window beside ours with few mailboxes, then beside ours with many."""
    seconds, few, many = SHORT if short else (SECONDS, FEW, MANY)
    unit, alone, more = "% of a core", Compared.ALONE, Compared.MORE
    with display():
        (least, small), (busy, size) = _side_by_side(few, seconds)
        yield Row(f"{few} mailboxes kept fresh", busy, YARDSTICK, least, 0.3, unit, alone)
        yield Row("memory then", size, YARDSTICK, small, 45, "MB", more)
        (least, _), (busy, larger) = _side_by_side(many, seconds)
        yield Row(f"{many:,} mailboxes kept fresh", busy, YARDSTICK, least, 0.2, unit, alone)
        yield Row("memory then", larger, f"{few} mailboxes", size, 60, "MB", more)


def _side_by_side(count: int, seconds: float) -> list[tuple[list[float], list[float]]]:
    """Both windows at the same time, each in a process of its own."""
    with work_folder() as folder, servers(folder, count=count):
        return [
            _figures(process)
            for process in [_start(what, folder, seconds) for what in ("bare", "ours")]
        ]


def _start(what: str, folder: Path, seconds: float) -> "subprocess.Popen[str]":
    command = child("window_idle", what, folder, seconds)
    return subprocess.Popen(command, env=environment(folder), stdout=subprocess.PIPE, text=True)


def _figures(process: "subprocess.Popen[str]") -> tuple[list[float], list[float]]:
    said, _ = process.communicate()
    assert process.returncode == 0
    busy, size = map(float, said.split())
    return [busy], [size]


def main(what: str, folder: Path, seconds: float) -> None:
    """Show the window, and print its percentage of a core and its megabytes."""
    from PySide6.QtCore import QEventLoop, QTimer

    app = window_parts.application()

    def run(milliseconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(milliseconds), loop.quit)
        loop.exec()

    with contextlib.ExitStack() as closing:
        if what == "bare":
            window = window_parts.make_label()
            window.show()
        else:
            content, tasks = window_parts.make_content(folder)
            closing.callback(tasks.close)
            closing.callback(content.closing.quit)
            content.window().show()
            _begin_keeping(content, folder)
        run(2000)
        begin = time.process_time()
        run(seconds * 1000)
        print((time.process_time() - begin) / seconds * 100, window_parts.memory())
    app.quit()


def _begin_keeping(content, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """Switch keeping on by its box; refresh one by the menu."""
    window_parts.wait(lambda: not content.parts.mailboxes.files.is_reading)
    window_parts.click(content.window(), "Keep refreshing")
    model = content.parts.model
    window_parts.wait(lambda: len(model.kept_rows) == len(model.rows))
    path = min((folder / "tokens").glob("*.txt"))
    before = path.stat().st_mtime_ns
    content.parts.mailbox_table.select(path)
    content.parts.mailbox_table.actions_by_name["refresh"].trigger()
    window_parts.wait(lambda: path.stat().st_mtime_ns != before)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
