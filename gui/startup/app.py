"""Starts the program: one window per user, its first frame at once, everything else after it."""

import contextlib
import importlib
import sys
import threading

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from core.errors import ExitCode
from gui.model.settings import Settings
from gui.model.start_arguments import StartArguments
from gui.startup.language import choose_language, translate_qt
from gui.startup.qt_failure import told_in_a_sentence
from gui.startup.single_instance import SingleInstance
from gui.widgets.main_window import MainWindow

_LINES_IN_BOX = 20


def run(start: StartArguments) -> int:
    """Show the window until it is closed, and return the exit code.

    An open window comes to the front instead; it takes an address if it would do the same for it.
    """
    app = application()
    instance = SingleInstance()
    if not start.address and instance.raise_window():
        return ExitCode.DONE
    settings = Settings()
    if start.address:
        from gui.startup.answers import ask_open_window  # rarely needed

        if answer := ask_open_window(instance, start, settings):
            return answer.code
    choose_language(start.language, settings.language)
    translate_qt(app)
    use_theme(settings)
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


def application() -> QApplication:
    """Create Qt's application, with the program's own name and icon."""
    if sys.platform == "win32":
        import ctypes

        # Otherwise Windows shows Python's icon in the taskbar.
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("oauth2_imap")
    with told_in_a_sentence():
        app = QApplication(sys.argv[:1])
    app.setApplicationName("oauth2_imap")
    app.setDesktopFileName("oauth2_imap")
    return app


def use_theme(settings: Settings) -> None:
    """Use the look that the user chose; most users keep the system's."""
    if settings.theme:
        from gui.model.theme import apply_theme

        apply_theme(settings.theme)


def show_box(text: str, *, failed: bool) -> None:
    """Show a text in a message box, below its first line; a long one is scrolled."""
    from PySide6.QtWidgets import QMessageBox  # the first frame needs none of these imports

    from gui.widgets.plain_label import message_box

    translate_qt(QApplication.instance() or application())
    first, _, rest = text.strip().partition("\n")
    icon = QMessageBox.Icon.Critical if failed else QMessageBox.Icon.Information
    is_long = rest.count("\n") >= _LINES_IN_BOX
    box = message_box(icon, first, "" if is_long else rest)
    if is_long:
        box.setDetailedText(text)
    box.exec()
