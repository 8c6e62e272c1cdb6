"""A view whose rows turn into columns where it is narrow."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

_NARROW = 680  # pixels
_LEAST = 400  # pixels; the texts and buttons of a column fit into it


class TurningView(QWidget):
    """Call `turn_if_narrow` with its rows; each of their parts then gets a line of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turning: tuple[QBoxLayout, ...] = ()

    def turn_if_narrow(self, *rows: QBoxLayout) -> None:
        """Turn these rows from now on."""
        self._turning = rows

    def minimumSizeHint(self) -> QSize:
        """Return the size as a column: otherwise the rows would keep the view from narrowing."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _LEAST), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn the rows."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        for row in self._turning:
            row.setDirection(ways.TopToBottom if self.width() < _NARROW else ways.LeftToRight)
