"""Starts the program: one window per user, its first frame at once, everything else after it."""

import contextlib
import importlib
import logging
import sys
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from core.errors import AppError, ExitCode
from gui.model.settings import Settings
from gui.model.start_arguments import read_start_arguments
from gui.startup.single_instance import SingleInstance
from gui.widgets.main_window import MainWindow


def run(arguments: Sequence[str]) -> int:
    """Show the window until it is closed, and return the exit code.

    A window that is open already takes the address instead.
    """
    try:
        start = read_start_arguments(arguments)
    except AppError as exc:
        return refuse(exc)
    if start.version:
        from core import __version__

        print(f"oauth2_imap {__version__}")  # noqa: T201  # --version asks for it
        return ExitCode.DONE
    app = _application()
    if start.smoke_test:
        from gui.startup.smoke_test import smoke_test

        return smoke_test(app)
    instance = SingleInstance()
    if instance.hand_over(start.address):
        return ExitCode.DONE
    settings = Settings()
    window = MainWindow(settings.geometry)

    def build() -> None:
        from gui.startup.build import build_window

        build_window(app, window, settings=settings, instance=instance, start=start)

    loader = Loader(window)
    window.painted.connect(loader.start)
    loader.loaded.connect(build)
    window.show()
    return app.exec()


class Loader(QObject):
    """Imports what the window needs after its first frame, in a thread: it takes 0.1 s."""

    loaded = Signal()

    def start(self) -> None:
        """Begin; `loaded` is emitted at the end, also if an import failed: then `build` raises."""
        threading.Thread(target=self._load, name="loader", daemon=True).start()

    def _load(self) -> None:
        with contextlib.suppress(Exception):
            importlib.import_module("gui.startup.build")
        self.loaded.emit()


def _application() -> QApplication:
    if sys.platform == "win32":
        import ctypes

        # Otherwise Windows shows Python's icon in the taskbar.
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("oauth2_imap")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("oauth2_imap")
    app.setDesktopFileName("oauth2_imap")
    return app


def refuse(error: AppError) -> int:
    """Say why there is no window, and return the exit code.

    Where there is no standard error (a double-clicked exe, or one that a batch file called) a
    message box says it.
    """
    from PySide6.QtWidgets import QMessageBox  # the first frame needs none of these imports

    from core.cli.output import Console
    from core.error_lines import detail_line
    from gui.model.messages import steps
    from gui.widgets.plain_label import message_box

    logging.getLogger("core").addHandler(logging.NullHandler())  # the log is not set up
    Console().error(error)
    if sys.stderr is None:
        app = QApplication.instance() or QApplication(sys.argv[:1])
        app.setApplicationName("oauth2_imap")
        below = (detail_line(error), error.explanation, *steps(error))
        more = "\n".join(line for line in below if line)
        message_box(QMessageBox.Icon.Critical, error.message, more).exec()
    return error.exit_code
