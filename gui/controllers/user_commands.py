"""The user's commands: started for each new token, and when a mailbox needs a sign-in."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject

from core.errors import AppError
from core.model import Outcome
from gui.controllers.parts import Parts
from gui.model.messages import in_one_paragraph


class UserCommandsController(QObject):
    """Tells the commands of all results but those of the rehearsal."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        parts.mailboxes.obtained.connect(self._take)
        parts.mailboxes.user_needed.connect(self._take_trouble)
        parts.list_run.obtained.connect(self._take_all)
        parts.user_commands.noted.connect(lambda text: parts.window.note(text, warning=True))

    def restore(self) -> None:
        """Use the commands that were chosen at an earlier start."""
        settings = self._parts.settings
        if settings.hook or settings.on_trouble:
            try:
                self._parts.user_commands.use(settings.hook, settings.on_trouble)
            except AppError as exc:
                self._parts.window.note(in_one_paragraph(exc), warning=True)

    def _take(self, outcome: Outcome) -> None:
        if not self._parts.rehearsal.has(Path(outcome.file)):
            self._parts.user_commands.take(outcome.address, outcome.file, outcome)

    def _take_all(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._take(outcome)

    def _take_trouble(self, path: Path, error: AppError) -> None:
        row = self._parts.model.row(path)
        if row is not None and not self._parts.rehearsal.has(path):
            self._parts.user_commands.take(row.info.address, str(path), error)
