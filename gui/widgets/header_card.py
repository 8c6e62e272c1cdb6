"""The card at the top of the window: what to sign in to, or in the same place the wait for it.

It is part of the first frame: import and create here only what that shows.
"""

from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

_WIDEST = 1_400  # pixels: all of a small screen; longer lines are hard to read
_HEIGHT = 136  # pixels; the wait needs no more, so that nothing below the card moves by it
_ABOVE = 12
_LINE = 50  # of 255


class HeaderCard(QWidget):
    """Shows one of its pages."""

    def __init__(self, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keep_height(True)
        self._inner = QWidget()
        self._inner.setMaximumWidth(_WIDEST)
        self._pages = [first]
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, _ABOVE, 0, _ABOVE)
        self._column.addWidget(first)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._inner, 1)
        row.addStretch()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a hairline below the card."""
        super().paintEvent(event)
        colours = self.palette()
        colour = colours.windowText().color()
        colour.setAlpha(_LINE)
        colours.setColor(QPalette.ColorRole.Mid, colour)
        line = QPainterPath()
        line.addRect(0.0, self.height() - 1.0, self.width(), 1.0)
        painter = QPainter(self)
        painter.fillPath(line, colours.mid())  # a colour as an argument would load `Qt`
        painter.end()

    def keep_height(self, kept: bool) -> None:
        """Have room for the wait at all times, or be no higher than what is shown."""
        self.setMinimumHeight(_HEIGHT if kept else 0)

    def has_focus(self) -> bool:
        """Whether a widget in the card has the keyboard."""
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def add_page(self, page: QWidget) -> None:
        """Add a hidden page."""
        page.hide()
        self._pages.append(page)
        self._column.addWidget(page)

    def turn_to(self, page: QWidget) -> None:
        """Show this page in place of the others, also where the window has been scrolled."""
        from gui.widgets.scroll_to import scroll_to  # the first frame needs none

        for other in self._pages:
            other.hide()
        page.show()
        scroll_to(self)
