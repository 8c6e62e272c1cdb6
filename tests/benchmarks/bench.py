"""What the benchmarks of the window share: a display, the servers, and the window itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

BEAT = 10  # ms
LONGEST = 600.0  # seconds
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
for _folder in (HERE, ROOT / "tests", ROOT):
    sys.path.insert(0, str(_folder))


def environment(home: Path) -> dict[str, str]:
    """A person without settings, so that nothing of the real one's is read or changed."""
    return {**os.environ, "HOME": str(home), "OAUTH2_IMAP_HOME": str(home)}


@contextmanager
def display() -> Iterator[None]:
    """A screen for all windows of a run, an Xvfb where there is none; offscreen if that fails."""
    from bed.install import MissingPart
    from screenshots import display as screen

    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        yield
        return
    try:
        with screen() as variables:
            os.environ.update(variables)
            yield
    except MissingPart as missing:
        print(f"offscreen, since {missing}")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield


@contextmanager
def servers(folder: Path, count: int, *, slowest: float = 0.0) -> Iterator[None]:
    """The demo's servers in a process of their own, and token files for them in the folder."""
    program = str(HERE / "demo_servers.py")
    command = [sys.executable, program, str(folder), str(count), str(slowest)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.stdin.close()


@contextmanager
def work_folder() -> Iterator[Path]:
    """Gone after the run."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_bench_") as folder:
        yield Path(folder)


def make_settings(folder: Path):  # type: ignore[no-untyped-def]  # Qt is imported late
    """The window's settings, which trust the servers that filled the folder."""
    from gui.model.settings import Settings

    settings = Settings(folder / "settings.ini")
    settings.ca_file = str(folder / "ca.pem")
    return settings


def make_content(folder: Path, window=None, settings=None):  # type: ignore[no-untyped-def]
    """The real window's content, on the servers that filled the folder; its tasks, to be closed."""
    from core.mailbox.job import Dependencies
    from core.providers.live_catalog import LiveCatalog
    from gui.model.tasks import Tasks
    from gui.startup.build import make_parts
    from gui.startup.content import Content
    from gui.widgets.main_window import MainWindow

    own = folder / "providers.toml"
    dependencies = Dependencies(LiveCatalog(own), lambda *_: [], time.time)
    settings = settings or make_settings(folder)
    tasks = Tasks()
    tokens = folder / "tokens"
    parts = make_parts(window or MainWindow(), settings, tasks, dependencies, folder=tokens)
    return Content(parts), tasks


def make_label() -> QMainWindow:
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


class Heart:
    """Beats while something is waited for, and knows when it missed a beat."""

    def beat(self, ended: Callable[[], bool], name: str) -> None:
        """Print the pauses until it has ended."""
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
        began = time.perf_counter()
        wait(ended, LONGEST)
        took = time.perf_counter() - began
        timer.stop()
        pauses.sort()
        worst, often = pauses[-1], pauses[len(pauses) * 99 // 100]
        over = sum(pause > 100 for pause in pauses)
        print(
            f"{name:22}  worst {worst:5.1f} ms, 99 % under {often:4.1f} ms, "
            f"{over} over 100 ms, in {took:.1f} s",
            flush=True,
        )


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
