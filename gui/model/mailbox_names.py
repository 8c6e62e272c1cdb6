"""The mailboxes as a list of names, for a combo box: always the same as in the table."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QIdentityProxyModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.model.mailbox_model import MailboxModel
from gui.model.plain_text import plain, tool_tip

_SHOWN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
Index = QModelIndex | QPersistentModelIndex


class MailboxNames(QIdentityProxyModel):
    """One column: the address, with the provider or the path where two have the same address."""

    def __init__(self, model: MailboxModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailboxes = model
        self.setSourceModel(model)

    def path(self, number: int) -> Path:
        """Return the token file of a row."""
        return self._mailboxes.rows[number].path

    def number(self, path: Path) -> int:
        """Return the row of a token file; -1 if it has none."""
        number = self._mailboxes.number(path)
        return -1 if number is None else number

    def name(self, path: Path) -> str:
        """Return the name of a mailbox."""
        return plain(self._mailboxes.name(path))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as in Qt
        """Return 1."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, and the path as a tool tip."""
        if not index.isValid():
            return None
        path = self.path(index.row())
        if role in _SHOWN:
            return self.name(path)
        return tool_tip(str(path)) if role == Qt.ItemDataRole.ToolTipRole else None
