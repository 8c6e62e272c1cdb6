"""Removing a mailbox: asks how, and has it done."""

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.model.mailbox_model import MailboxModel, Row
from gui.model.mailboxes import Mailboxes


class RemoveChoice(Enum):
    """What the person wants."""

    REVOKE = auto()  # and delete
    DELETE = auto()
    CANCEL = auto()


AskToRemove = Callable[[QWidget, Row], RemoveChoice]


class RemoveMailboxController(QObject):
    """Revoking takes a token that can be read: a broken file can only be deleted."""

    def __init__(
        self,
        window: QWidget,
        model: MailboxModel,
        mailboxes: Mailboxes,
        *,
        ask: AskToRemove | None = None,
    ) -> None:
        """`ask` is the question."""
        super().__init__(window)
        self._window = window
        self._model = model
        self._mailboxes = mailboxes
        self._ask = ask or ask_to_remove

    def remove(self, path: Path) -> None:
        """Ask, and do it."""
        row = self._model.row(path)
        way = RemoveChoice.CANCEL if row is None else self._ask(self._window, row)
        if row is None or way is RemoveChoice.CANCEL:
            return
        if row.info.problem:
            self._mailboxes.remove(path)
        else:
            self._mailboxes.forget(path, revoke=way is RemoveChoice.REVOKE)


def ask_to_remove(window: QWidget, row: Row) -> RemoveChoice:
    """The one question."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("oauth2_imap")
    box.setText(f"Remove {row.info.address or row.path.name}?")
    file = f"{row.path} is deleted; to use the mailbox again you would sign in again."
    readable = not row.info.problem
    box.setInformativeText(
        f"{file} Revoking ends the sign-in at the provider too." if readable else file
    )
    roles = QMessageBox.ButtonRole
    revoke = box.addButton("&Revoke and delete", roles.AcceptRole) if readable else None
    delete = box.addButton("&Delete only", roles.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    answers = {revoke: RemoveChoice.REVOKE, delete: RemoveChoice.DELETE}
    return answers.get(box.clickedButton(), RemoveChoice.CANCEL)  # type: ignore[call-overload, no-any-return]
