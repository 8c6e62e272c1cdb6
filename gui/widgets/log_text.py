"""The text of the log: lines are shown whole or not at all."""

from PySide6.QtCore import QMargins, QPoint, Qt
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_PADDING = 4  # pixels around the text
_ROUNDING = 1  # pixel; Qt scrolls one line further without it


class LogText(QPlainTextEdit):
    """Has a whole number of lines, whatever its height: the rest is below the last one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        # Long words are broken; yet Qt would show and hide this bar for ever, laying them out.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)  # would be scrolled away at the top alone
        self.setBackgroundRole(QPalette.ColorRole.Base)  # around the lines too
        self.setAutoFillBackground(True)

    def height_of(self, lines: int) -> int:
        """Return the height that shows so many lines, in pixels."""
        around = 2 * (self.frameWidth() + _PADDING) + _ROUNDING
        return lines * self.fontMetrics().lineSpacing() + around

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what is less than a line below the last one."""
        super().resizeEvent(event)
        rest = max(self.height() - self.height_of(0), 0) % self.fontMetrics().lineSpacing()
        margins = QMargins(_PADDING, _PADDING, _PADDING, _PADDING + rest)
        if margins != self.viewportMargins():  # setting them may show a scroll bar, and come here
            self.setViewportMargins(margins)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hide the end of a line at the top: inside a long line, Qt rounds where it scrolls to."""
        super().paintEvent(event)
        first = self.cursorRect(self.cursorForPosition(QPoint(0, 0)))
        if first.top() < 0:
            painter = QPainter(self.viewport())
            width = self.viewport().width()
            painter.fillRect(0, 0, width, first.bottom() + 1, self.palette().base())
