"""A label of one line, whose middle is left out where there is no room for all of it.

For paths: their beginning and their end matter most. The whole text is in the tool tip, and it is
what screen readers get.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.model.plain_text import tool_tip
from gui.widgets.plain_label import PlainLabel


class ElidedLabel(PlainLabel):
    """Its text is the whole one; only what is painted is shortened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(1)  # a long text must not widen the window

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(text)
        self.setToolTip(tool_tip(text))
        self.setAccessibleDescription(self.text())

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line; any width will do."""
        return QSize(1, super().minimumSizeHint().height())

    def shown(self) -> str:
        """Return what fits."""
        width = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, width)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what fits, in the colour of now: it changes between dark and light."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), flags, self.shown())
