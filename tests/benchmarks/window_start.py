"""From the start of the process to the first painted frame, to the whole window, and its memory.

The first frame has the menu and the address bar, ready to be typed into; the memory is taken when
the whole window is painted.
"""

import time
from collections.abc import Iterator

from .surroundings import child, display, environment, work_folder
from .table import Compared, Row
from .timing import output

WHAT = ("bare", "ours")
YARDSTICK = "window with one label"


def rows(*, short: bool = False) -> Iterator[Row]:
    """The program as it starts without arguments, beside a bare window."""
    figures: dict[str, list[list[float]]] = {what: [] for what in WHAT}
    with display():
        for number in range(2 if short else 16):
            for what in WHAT:
                figure = start(what)
                if number:  # the first start fills the disk's cache and writes .pyc files
                    figures[what].append(figure)
    first, whole, size = (list(column) for column in zip(*figures["ours"], strict=True))
    painted, _, small = (list(column) for column in zip(*figures["bare"], strict=True))
    yield Row("first frame", first, YARDSTICK, painted, 1.3)
    yield Row("whole window", whole, YARDSTICK, painted, 2.2)
    more = Compared.MORE
    yield Row("memory of the whole window", size, YARDSTICK, small, 45, "MB", more)


def start(what: str) -> list[float]:
    """Milliseconds to the first frame and to the whole window, and MB then."""
    with work_folder() as home:
        begin = time.monotonic()  # the same clock in all processes of a computer
        said = output(child("window_start_child", what), environment(home), home)
    first, whole, size = map(float, said.split())
    return [(first - begin) * 1000, (whole - begin) * 1000, size]
