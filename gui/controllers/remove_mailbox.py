"""Removes a mailbox: asks how, then deletes its token file and may revoke its tokens."""

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.controllers.parts import Parts
from gui.model.mailbox_model import Row


class RemoveChoice(Enum):
    """What the user wants."""

    REVOKE_AND_DELETE = auto()
    DELETE = auto()
    CANCEL = auto()


_DELETE = "{file} will be deleted. To use this mailbox later, you must sign in again."
_REVOKE = (
    '"Revoke and delete" also makes the tokens invalid at the provider, if the provider supports '
    "this. Gmail does, Microsoft doesn't."
)

AskToRemove = Callable[[QWidget, Row], RemoveChoice]


def ask_to_remove(window: QWidget, row: Row) -> RemoveChoice:
    """Ask how to remove a mailbox; revoking isn't offered for a file that can't be read."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("oauth2_imap")
    box.setText(f"Remove {row.info.address or row.path.name}?")
    readable = row.info.problem is None
    question = _DELETE.format(file=row.path)
    box.setInformativeText(f"{question} {_REVOKE}" if readable else question)
    roles = QMessageBox.ButtonRole
    revoke = box.addButton("&Revoke and delete", roles.AcceptRole) if readable else None
    delete = box.addButton("&Delete only", roles.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    answers = {revoke: RemoveChoice.REVOKE_AND_DELETE, delete: RemoveChoice.DELETE}
    return answers.get(box.clickedButton(), RemoveChoice.CANCEL)  # type: ignore[call-overload, no-any-return]


class RemoveMailboxController(QObject):
    """Acts on the table's Remove button."""

    def __init__(
        self, parts: Parts, *, ask: AskToRemove = ask_to_remove, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._ask = ask
        parts.mailbox_table.remove.connect(self.remove)

    def remove(self, path: Path) -> None:
        """Ask, then remove the mailbox of this token file."""
        row = self._parts.model.row(path)
        if row is None:
            return
        choice = self._ask(self._parts.window, row)
        if choice is RemoveChoice.CANCEL:
            return
        if row.info.problem is not None:
            self._parts.mailboxes.remove(path)
        else:
            revoke = choice is RemoveChoice.REVOKE_AND_DELETE
            self._parts.mailboxes.forget(path, revoke=revoke)
