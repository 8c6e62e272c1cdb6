"""Which lines of the list are selected; it says when the user selects others instead."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Signal,
)


class ListSelection(QItemSelectionModel):
    """While `is_replacing`, what was selected before is not wanted any more.

    With Ctrl or Shift lines are added instead; then also hidden mailboxes stay selected.
    """

    replaced = Signal()  # also if no line has changed
    is_replacing = False

    def select(
        self,
        lines: QItemSelection | QModelIndex | QPersistentModelIndex,
        command: QItemSelectionModel.SelectionFlag,
        /,
    ) -> None:
        """Change the selection."""
        outer = self.is_replacing  # Qt calls this for one index and then for a selection
        self.is_replacing = bool(command & QItemSelectionModel.SelectionFlag.Clear)
        super().select(lines, command)
        if self.is_replacing:
            self.replaced.emit()
        self.is_replacing = outer
