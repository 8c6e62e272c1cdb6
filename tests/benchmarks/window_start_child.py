"""One start of a window; prints the two moments and the memory.

    python -m benchmarks.window_start_child bare|ours

It imports nothing that the window doesn't need: that would make both slower, and so alike.
"""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def bare() -> None:
    """Nothing but Qt."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    from .window_parts import make_label

    window = make_label()
    _after_paint(window, lambda: _tell(time.monotonic()))
    window.show()
    app.exec()


def ours() -> None:
    """The program as it starts without arguments, but that its window is watched."""
    from gui.startup import window_face

    window_face.prepare()
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
    now = time.monotonic()
    from PySide6.QtCore import QCoreApplication

    from .window_parts import memory

    print(first, now, memory(), flush=True)
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
    {"bare": bare, "ours": ours}[sys.argv[1]]()
