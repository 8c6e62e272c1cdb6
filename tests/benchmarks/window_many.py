"""Thousands of mailboxes: how long until all are listed, and the longest pause of the event loop.

    python -m benchmarks.window_many bare|empty|many|kept FOLDER COUNT

A timer beats every 10 ms in the window's thread: while the window starts with as many token files,
while "Keep refreshing" is ticked, while a word is typed into the search, and while a window starts
that keeps them all. None of them is due, and no server is asked. A bare window beats alone, and our
window starts with an empty folder.
"""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from . import window_parts
from .status import fill
from .surroundings import child, display, environment, work_folder
from .table import Compared, Row
from .timing import output

COUNT = 5_000
GOAL = 100.0  # ms
LISTED = 1_500.0  # ms
_TYPED_EVERY = 150  # ms
YARDSTICK = "window with one label, alone"


def rows(*, short: bool = False) -> Iterator[Row]:
    """Each window in a process of its own; the last two share their folder and settings."""
    count = 30 if short else COUNT
    with display(), work_folder() as empty, work_folder() as folder:
        fill(folder / "tokens", count)
        (alone,) = _figures("bare", folder, count)
        start_empty, listed_empty = _figures("empty", empty, 0)
        start, listed, tick, search = _figures("many", folder, count)
        start_kept, listed_kept = _figures("kept", folder, count)
    limit = Compared.ALONE
    for what, pause in (
        ("pause, start with an empty folder", start_empty),
        (f"pause, start with {count:,} mailboxes", start),
        ("pause, *Keep refreshing* is ticked", tick),
        ("pause, a word is searched for", search),
        ("pause, start when all are kept fresh", start_kept),
    ):
        yield Row(what, [pause], YARDSTICK, [alone], GOAL, compared=limit)
    for what, took in (
        (f"first frame until all {count:,} are listed", listed),
        ("the same when all are kept fresh", listed_kept),
    ):
        yield Row(what, [took], "an empty folder", [listed_empty], LISTED, compared=limit)


def _figures(what: str, folder: Path, count: int) -> list[float]:
    command = child("window_many", what, folder, count)
    return [float(figure) for figure in output(command, environment(folder), folder).split()]


def main(what: str, folder: Path, count: int) -> None:
    """Beat, and print the pauses, and after the first one when all were listed."""
    if what != "bare":
        from gui.startup import window_face

        window_face.prepare()
    app = window_parts.application()
    if what == "bare":
        window = window_parts.make_label()
        window.show()
        print(window_parts.longest_pause(window_parts.seconds_passed(3)))
    else:
        _start(what, folder, count)
    app.quit()


def _start(what: str, folder: Path, count: int) -> None:
    from gui.startup import garbage
    from gui.startup.app import Loader
    from gui.widgets.main_window import MainWindow

    settings, window = window_parts.make_settings(folder), MainWindow()
    made: list = []  # type: ignore[type-arg]  # Qt is imported late
    listed: list[float] = []
    first: list[float] = []

    def build() -> None:
        content, tasks = window_parts.make_content(folder, window, settings)
        files = content.parts.mailboxes.files
        files.listed.connect(lambda: listed.append(time.perf_counter() - first[0]))
        files.when_complete(garbage.resume)
        made.extend((content, tasks))

    loader = Loader(window)
    window.painted.connect(lambda: first.append(time.perf_counter()))
    window.painted.connect(loader.start)
    loader.loaded.connect(build)
    window.show()
    print(window_parts.longest_pause(_later(lambda: bool(listed))))
    content, tasks = made
    assert count == len(content.parts.model.rows)
    print(listed[0] * 1000)
    if what == "many":
        box = "Keep refreshing"
        window_parts.later(lambda: window_parts.click(window, box))
        print(window_parts.longest_pause(_later(lambda: _all_kept(content, count))))
        window_parts.later(lambda: _search(window, "mailbox1"))
        print(window_parts.longest_pause(window_parts.seconds_passed(2)))
    assert what != "kept" or _all_kept(content, count)
    content.closing.quit()
    tasks.close()


def _all_kept(content, count: int) -> bool:  # type: ignore[no-untyped-def]
    return count == len(content.parts.model.kept_rows)


def _search(window, word: str) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLineEdit

    fields = window.findChildren(QLineEdit)
    field = next(f for f in fields if f.accessibleName() == "Search mailboxes")
    for number, letter in enumerate(word):
        QTimer.singleShot(number * _TYPED_EVERY, partial(QTest.keyClicks, field, letter))


def _later(done: Callable[[], bool], seconds: float = 2.0) -> Callable[[], bool]:
    """Whether it has been so for a while, since what follows it may make a pause too."""
    since: list[float] = []

    def ended() -> bool:
        if done():
            since.append(time.monotonic())
        return bool(since) and time.monotonic() > since[0] + seconds

    return ended


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
