"""What can be copied for imapsync while only one of the two mailboxes is named."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.i18n.translation import _
from gui.widgets.command_text import CopyButton
from gui.widgets.plain_label import PlainLabel


class SingleSide(QWidget):
    """Its options as the source and as the destination, for a command that the user writes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = PlainLabel(break_words=True)
        self._note.setWordWrap(True)
        self.copies = (
            CopyButton(_("Copy as source"), _("Copy the options as the source"), "Ctrl+1"),
            CopyButton(
                _("Copy as destination"), _("Copy the options as the destination"), "Ctrl+2"
            ),
        )
        row = QHBoxLayout()
        for button in self.copies:
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._note)
        column.addLayout(row)

    def show_side(self, address: str) -> None:
        """Say whose options they are."""
        self._note.setText(
            _(
                "For an imapsync command of your own, copy the options of {address}:",
                address=address,
            )
        )
