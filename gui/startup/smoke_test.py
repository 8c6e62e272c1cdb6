"""`--smoke-test`: shows the whole window once, then closes it; exit code 1 where that fails."""

import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.cli.output import Console
from core.errors import ExitCode
from core.mailbox.job import new_dependencies
from gui.model.settings import Settings
from gui.model.tasks import Tasks
from gui.startup.app import application
from gui.startup.build import make_parts
from gui.startup.content import Content
from gui.widgets.main_window import MainWindow
from gui.widgets.tray import Tray

_SECONDS = 60.0  # usually one is enough, and a few on a busy machine


def run_smoke_test() -> int:
    """Run the smoke test as a program, and return the exit code."""
    return smoke_test(application())


def smoke_test(app: QApplication, seconds: float = _SECONDS) -> int:
    """Show the window without network, tray, other instances and the user's settings."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "smoke_test.ini")
        window, tasks = MainWindow(), Tasks()

        def build() -> None:
            tray = Tray(is_available=lambda: False)
            tokens = Path(folder) / "tokens"
            dependencies = new_dependencies()
            content = Content(
                make_parts(window, settings, tasks, dependencies, folder=tokens, tray=tray)
            )
            content.closing.ended.connect(app.quit)
            content.parts.mailbox_table.installEventFilter(_Painted(content))

        def give_up() -> None:
            # Not in a message box: where the window isn't painted, a box isn't either.
            Console().say(f"The window did not appear within {seconds:g} seconds.")
            app.exit(ExitCode.FAILED)

        window.painted.connect(build)
        QTimer.singleShot(round(seconds * 1000), give_up)
        window.show()
        code = app.exec()
        tasks.close()
    return code


class _Painted(QObject):
    """Ends the smoke test once the content is painted."""

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._content = content

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._content.closing.quit)
        return False
