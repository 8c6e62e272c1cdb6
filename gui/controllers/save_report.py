"""Saves a report for whoever helps the user: asks for a folder, then writes it in a task."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.cancel import Cancellation
from core.i18n.translation import N_, _
from gui.controllers.parts import Parts
from gui.model.tasks import Progress

_SAVED = N_("The report is saved as {path}")
_NEXT = N_("Read it before you send it.")
AskFolder = Callable[[QWidget], str]


def ask_folder(window: QWidget) -> str:
    """Ask for the folder of the report; return its path, empty where none was chosen."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    title = _("Save a report without secrets, for somebody who helps you: choose its folder")
    return QFileDialog.getExistingDirectory(window, title)


class SaveReportController(QObject):
    """Writes the report in a task, since it tests the network too."""

    def __init__(
        self, parts: Parts, *, ask: AskFolder = ask_folder, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._ask = ask

    def save(self) -> None:
        """Ask for a folder, and write a report about all mailboxes in the table into it."""
        parts = self._parts
        chosen = self._ask(parts.window)
        if not chosen:
            return
        infos = [row.info for row in parts.model.rows]
        network = parts.mailboxes.requests.network

        def call(_progress: Progress, cancelled: Cancellation) -> Path:
            from core.report.report import question_here, write_report

            addresses = sorted({info.address for info in infos if info.address})
            question = question_here(addresses, [info.path for info in infos], network)
            return write_report(question, Path(chosen), cancelled)

        task = parts.tasks.start(call)
        task.succeeded.connect(self._tell)
        task.failed.connect(parts.message_bar.show_error)
        parts.window.note(_("Writing the report…"))

    def _tell(self, path: Path) -> None:
        saved = _(_SAVED, path=path)
        self._parts.window.note(saved)
        self._parts.message_bar.show_success(saved, _(_NEXT))
