"""What the benchmarks of the window share: the window itself, clicks, and a heart that beats.

Qt and the window are imported late: a process that starts a bare window loads nothing else.
"""

import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .surroundings import settings_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QMainWindow

BEAT = 10  # ms
LONGEST = 240.0  # seconds; a window that waits longer has failed


def application() -> "QApplication":
    """Qt's application. An exception in a slot ends the process; Qt would go on and wait."""
    from PySide6.QtWidgets import QApplication

    def fail(*exception: Any) -> None:
        traceback.print_exception(*exception)
        sys.stderr.flush()
        os._exit(1)

    sys.excepthook = fail
    return QApplication(sys.argv[:1])


def make_settings(folder: Path):  # type: ignore[no-untyped-def]
    """The window's settings, which trust the servers that filled the folder."""
    from gui.model.settings import Settings

    from .servers import CA_FILE

    settings = Settings(folder / "settings.ini")
    settings.ca_file = str(folder / CA_FILE)
    return settings


def make_content(folder: Path, window=None, settings=None):  # type: ignore[no-untyped-def]
    """The real window's content, on the servers that filled the folder; its tasks, to be closed."""
    from core.mailbox.job import Dependencies
    from core.providers.live_catalog import LiveCatalog
    from gui.model.tasks import Tasks
    from gui.startup.build import make_parts
    from gui.startup.content import Content
    from gui.widgets.main_window import MainWindow

    own = settings_folder(folder) / "providers.toml"
    dependencies = Dependencies(LiveCatalog(own), clock=time.time)
    settings = settings or make_settings(folder)
    tasks = Tasks()
    tokens = folder / "tokens"
    parts = make_parts(window or MainWindow(), settings, tasks, dependencies, folder=tokens)
    return Content(parts), tasks


def make_label() -> "QMainWindow":
    """The yardstick: a bare window with one label."""
    from PySide6.QtWidgets import QLabel, QMainWindow

    window = QMainWindow()
    window.setCentralWidget(QLabel("Hello"))
    window.resize(920, 800)
    return window


def click(window, text: str) -> None:  # type: ignore[no-untyped-def]
    """Click the visible button with this text, but for the mnemonic; a check box on its box."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QAbstractButton

    buttons = (b for b in window.findChildren(QAbstractButton) if b.isVisible())
    button = next(b for b in buttons if b.text().replace("&", "") == text)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(button, left, none, QPoint(10, button.height() // 2))


def later(act: Callable[[], None]) -> None:
    """Once the event loop runs, so that what it costs is seen there."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(50, act)


def wait(ended: Callable[[], bool], seconds: float = 60.0) -> None:
    """Run the event loop until it is so, looking every 100 ms."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer, last = QEventLoop(), QTimer(), time.monotonic() + seconds

    def look() -> None:
        if ended() or time.monotonic() > last:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(100)
    loop.exec()
    timer.stop()
    if not ended():
        raise TimeoutError("it never ended")


def longest_pause(ended: Callable[[], bool]) -> float:
    """Beat until it has ended; the longest time by which a beat was late, in milliseconds."""
    from PySide6.QtCore import Qt, QTimer

    pauses: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        pauses.append(max(0.0, (now - last) * 1000 - BEAT))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(BEAT)
    wait(ended, LONGEST)
    timer.stop()
    return max(pauses)


def seconds_passed(seconds: float) -> Callable[[], bool]:
    """Tells when so much time has passed since this call."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def memory() -> float:
    """MB of this process in memory now; NaN where the system has no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
