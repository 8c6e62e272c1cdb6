"""How long it takes from the start of the process to the first painted frame, and its memory then.

    python tests/benchmarks/window_start.py [--runs 10]

Beside the window, in turns, a bare window with one label. To reach: at most 1.35 times its time,
and at most 45 MB more. The first frame has the menu and the address bar, ready to be typed into;
when the whole window is painted is printed beside it, and the memory is taken then.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

import bench

if TYPE_CHECKING:  # the children import it, each as much as is measured
    from PySide6.QtWidgets import QWidget


WHAT = ("label", "window")


def main() -> None:
    """All runs, then the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--child", choices=WHAT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    figures: dict[str, list[tuple[float, ...]]] = {what: [] for what in WHAT}
    with bench.display():
        for what in WHAT:
            start(what)  # the disk's cache and the .pyc files are warm from here on
        for _ in range(options.runs):
            for what in WHAT:
                figures[what].append(start(what))
    middle = {
        what: [median(column) for column in zip(*figures[what], strict=True)] for what in WHAT
    }
    for what, (first, whole, size) in middle.items():
        times = f"first frame after {first * 1000:4.0f} ms, whole after {whole * 1000:4.0f} ms"
        print(f"{what:6}  {times}, {size:5.1f} MB")
    ours, bare = middle["window"], middle["label"]
    print(f"first frame {ours[0] / bare[0]:.2f} times the bare one's (goal 1.35)")
    print(f"whole       {ours[1] / bare[0]:.2f} times; {ours[2] - bare[2]:+.1f} MB (goal +45)")


def start(what: str) -> tuple[float, ...]:
    """Seconds to the first frame and to the whole window, and MB then."""
    with bench.work_folder() as home:
        command = [sys.executable, __file__, "--child", what]
        begin = time.monotonic()  # the same clock in all processes of a machine
        done = subprocess.run(
            command, env=bench.environment(home), stdout=subprocess.PIPE, text=True, check=True
        )
    first, whole, size = map(float, done.stdout.split())
    return first - begin, whole - begin, size


def child(what: str) -> None:
    """One start; the two moments and the memory go to standard output."""
    if what == "label":
        child_label()
    else:
        child_window()


def child_label() -> None:
    """Nothing but Qt."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    window = bench.make_label()

    def painted() -> None:
        now = time.monotonic()
        print(now, now, bench.memory(), flush=True)
        app.quit()

    _after_paint(window, painted)
    window.show()
    app.exec()


def child_window() -> None:
    """The program as it starts without arguments, but that its window is watched."""
    from gui.model.start_arguments import StartArguments
    from gui.startup import app
    from gui.widgets.main_window import MainWindow

    first: list[float] = []

    def watched(geometry: bytes) -> MainWindow:
        window = MainWindow(geometry)
        window.painted.connect(lambda: first.append(time.monotonic()))
        window.completed.connect(lambda: _tell(first[0]))
        return window

    vars(app)["MainWindow"] = watched
    app.run(StartArguments())


def _tell(first: float) -> None:
    from PySide6.QtCore import QCoreApplication

    print(first, time.monotonic(), bench.memory(), flush=True)
    QCoreApplication.quit()


def _after_paint(widget: "QWidget", then: Callable[[], None]) -> None:
    from PySide6.QtCore import QEvent, QObject, QTimer

    class FirstFrame(QObject):
        told = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.told:
                self.told = True
                QTimer.singleShot(0, then)  # once it has been painted
            return False

    widget.installEventFilter(FirstFrame(widget))


if __name__ == "__main__":
    main()
