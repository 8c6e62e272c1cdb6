"""Whether the window comes up at all: shown whole once, then closed; or given up, with exit 1."""

import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.cli.output import Console
from core.errors import ExitCode
from core.mailbox.job import new_dependencies
from gui.model.settings import Settings
from gui.model.tasks import Tasks
from gui.startup.build import make_parts
from gui.startup.content import Content
from gui.widgets.main_window import MainWindow
from gui.widgets.tray import Tray

_SECONDS = 60.0  # one is the rule, a few where the machine is busy


def smoke_test(app: QApplication, seconds: float = _SECONDS) -> int:
    """No network, no tray, no other instance, no settings of the person."""
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
            # Not in a message box, which would be painted no more than the window was.
            Console().say(f"The window was not painted within {seconds:g} seconds.")
            app.exit(ExitCode.FAILED)

        window.painted.connect(build)
        QTimer.singleShot(round(seconds * 1000), give_up)
        window.show()
        code = app.exec()
        tasks.close()
    return code


class _Painted(QObject):
    """Ends the smoke test after the content's first frame."""

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._content = content

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._content.closing.quit)
        return False
