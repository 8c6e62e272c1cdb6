"""The report for whoever is asked for help: asks where to, and has it written."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.cancel import Cancellation
from core.errors import AppError
from core.model import Event
from gui.model.mailbox_model import MailboxModel
from gui.model.mailboxes import Mailboxes
from gui.model.tasks import Tasks

AskFolder = Callable[[QWidget], str]


def ask_folder(window: QWidget) -> str:
    """The folder the person chose; empty for none."""
    return QFileDialog.getExistingDirectory(window, "Save a report into")


class SaveReportController(QObject):
    """The network is asked as well, so it takes a while."""

    noted = Signal(str, bool)  # text, warning
    failed = Signal(AppError)

    def __init__(
        self,
        window: QWidget,
        tasks: Tasks,
        model: MailboxModel,
        mailboxes: Mailboxes,
        *,
        ask: AskFolder = ask_folder,
    ) -> None:
        """`ask` is the question where to."""
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._model = model
        self._mailboxes = mailboxes
        self._ask = ask

    def save(self) -> None:
        """About the mailboxes that are shown."""
        chosen = self._ask(self._window)
        if not chosen:
            return
        infos = [row.info for row in self._model.rows]
        network = self._mailboxes.network

        def call(_progress: Callable[[Event], None], cancelled: Cancellation) -> Path:
            from core.report.report import question_here, write_report

            addresses = sorted({info.address for info in infos if info.address})
            question = question_here(addresses, [info.path for info in infos], network)
            return write_report(question, Path(chosen), cancelled)

        task = self._tasks.start(call)
        task.succeeded.connect(
            lambda path: self.noted.emit(f"Read {path} before you send it to anybody", False)
        )
        task.failed.connect(self.failed)
        self.noted.emit("The report is being written…", False)
