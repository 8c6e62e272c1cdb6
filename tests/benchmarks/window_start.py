"""How long it takes from the start of the process to the first painted frame, and its memory then.

    python tests/benchmarks/window_start.py [--runs 10]

Beside the window, in turns, a bare window with one label. To reach: at most 1.35 times its time,
and at most 45 MB more. Prints a line for each, and the ratio.
"""

import argparse
import subprocess
import sys
import time
from statistics import median

import bench

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
    figures: dict[str, list[tuple[float, float]]] = {what: [] for what in WHAT}
    with bench.display():
        for what in WHAT:
            start(what)  # the disk's cache and the .pyc files are warm from here on
        for _ in range(options.runs):
            for what in WHAT:
                figures[what].append(start(what))
    times = {what: median(t for t, _ in figures[what]) for what in WHAT}
    sizes = {what: median(m for _, m in figures[what]) for what in WHAT}
    for what in WHAT:
        print(f"{what:6}  first frame after {times[what] * 1000:4.0f} ms, {sizes[what]:5.1f} MB")
    ratio, more = times["window"] / times["label"], sizes["window"] - sizes["label"]
    print(f"ratio   {ratio:.2f} times the time (goal 1.35), {more:+.1f} MB (goal +45)")


def start(what: str) -> tuple[float, float]:
    """Seconds to the first frame, and MB then."""
    with bench.work_folder() as home:
        command = [sys.executable, __file__, "--child", what]
        begin = time.monotonic()  # the same clock in all processes of a machine
        done = subprocess.run(
            command, env=bench.environment(home), stdout=subprocess.PIPE, text=True, check=True
        )
    frame, size = map(float, done.stdout.split())
    return frame - begin, size


def child(what: str) -> None:
    """One start; the moment of the first frame and the memory go to standard output."""
    if what == "label":
        child_label()
    else:
        child_window()


def child_label() -> None:
    """Nothing but Qt."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    window = bench.make_label()
    _watch(window, app.quit)
    window.show()
    app.exec()


def child_window() -> None:
    """The program as it starts without arguments, but that its window is watched."""
    from gui import app

    compose = app.compose

    def composed(*parts: object, **options: object) -> object:
        window = compose(*parts, **options)  # type: ignore[arg-type]
        _watch(window, window.quit)
        return window

    app.compose = composed  # type: ignore[assignment]
    app.run([])


def _watch(window, then) -> None:  # type: ignore[no-untyped-def]  # Qt is imported late
    from PySide6.QtCore import QEvent, QObject, QTimer

    class FirstFrame(QObject):
        told = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.told:
                self.told = True
                QTimer.singleShot(0, self.tell)  # once it has been painted
            return False

        def tell(self) -> None:
            print(time.monotonic(), bench.memory(), flush=True)
            then()

    window.installEventFilter(FirstFrame(window))


if __name__ == "__main__":
    main()
