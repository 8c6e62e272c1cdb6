"""The text of the log: lines are shown whole or not at all."""

from PySide6.QtCore import QMargins, QPoint, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_PADDING = 4  # pixels around the text
_ROUNDING = 1  # pixel; Qt scrolls one line further without it


class LogText(QPlainTextEdit):
    """Has a whole number of lines, whatever its height: the rest is below the last one.

    It follows its end, unless the user has scrolled up.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follows = True
        # At once, Qt would go on with where it was before.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._go_on)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        # Long words are broken; yet Qt would show and hide this bar for ever, laying them out.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)  # would be scrolled away at the top alone
        self.setBackgroundRole(QPalette.ColorRole.Base)  # around the lines too
        self.setAutoFillBackground(True)
        bar = self.verticalScrollBar()
        bar.actionTriggered.connect(lambda _: self._take_scroll())
        bar.valueChanged.connect(lambda _: self._later.start())
        bar.rangeChanged.connect(lambda *_: self._later.start())

    def height_of(self, lines: int) -> int:
        """Return the height that shows so many lines, in pixels."""
        around = 2 * (self.frameWidth() + _PADDING) + _ROUNDING
        return lines * self.fontMetrics().lineSpacing() + around

    def append_lines(self, text: str) -> None:
        """Add lines; where the user has scrolled up, Qt keeps the position."""
        self.appendPlainText(text)
        self._go_on()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what is less than a line below the last one, and stay where the user is."""
        follows, first = self._follows, self.firstVisibleBlock()
        super().resizeEvent(event)
        rest = max(self.height() - self.height_of(0), 0) % self.fontMetrics().lineSpacing()
        margins = QMargins(_PADDING, _PADDING, _PADDING, _PADDING + rest)
        if margins != self.viewportMargins():  # setting them may show a scroll bar, and come here
            self.setViewportMargins(margins)
        self._follows = follows
        if not follows and first != self.firstVisibleBlock():  # Qt keeps the number of the line
            self.verticalScrollBar().setValue(first.firstLineNumber())
        self._go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Note where the keys lead to."""
        super().keyPressEvent(event)
        self._take_scroll()

    def _take_scroll(self) -> None:
        """Note where the user scrolls to. Qt scrolls too, while it lays out the lines."""
        bar = self.verticalScrollBar()
        self._follows = bar.sliderPosition() >= bar.maximum()

    def _go_on(self) -> None:
        """Stay at the end, also where it has come into view by itself."""
        bar = self.verticalScrollBar()
        self._follows |= bar.value() >= bar.maximum()
        if self._follows:
            bar.setValue(bar.maximum())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hide the end of a line at the top: inside a long line, Qt rounds where it scrolls to."""
        super().paintEvent(event)
        first = self.cursorRect(self.cursorForPosition(QPoint(0, 0)))
        if first.top() < 0:
            painter = QPainter(self.viewport())
            width = self.viewport().width()
            painter.fillRect(0, 0, width, first.bottom() + 1, self.palette().base())
