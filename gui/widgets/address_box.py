"""The field for the address, with the addresses of earlier sign-ins as its list.

It is part of the first frame: import and create here only what that shows.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget


class AddressBox(QComboBox):
    """A plain field while there is nothing to choose: an arrow would open nothing."""

    def __init__(self, edit: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLineEdit(edit)  # this makes it editable
        self._edit = edit
        self._show_kind()

    def offer(self, addresses: Sequence[str]) -> None:
        """Fill the list; the text in the field stays."""
        text = self._edit.text()
        self.clear()
        self.addItems(list(addresses))
        self._edit.setText(text)
        self._show_kind()

    def _show_kind(self) -> None:
        """Let the field alone be seen, with a frame of its own, or as a part of the whole."""
        self._edit.setFrame(not self.count())
        super().resizeEvent(QResizeEvent(self.size(), self.size()))  # it places the field
        self._widen()
        self.update()

    def _widen(self) -> None:
        if not self.count():
            self._edit.setGeometry(self.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the field the room of the arrow too."""
        super().resizeEvent(event)
        self._widen()

    def changeEvent(self, event: QEvent) -> None:
        """Do so again after a change of the style or the font, where Qt places the field anew."""
        super().changeEvent(event)
        self._widen()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and the arrow only where there is a list."""
        if self.count():
            super().paintEvent(event)
