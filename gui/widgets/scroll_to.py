"""Scrolls to what has just been shown or got the focus, and only if it isn't in view."""

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

_PLACED = 50  # ms; layouts within layouts take several turns of the event loop


def scroll_to(widget: QWidget) -> None:
    """Let the scroll areas around a widget show it, once it has its place."""
    QTimer.singleShot(_PLACED, widget, lambda: _scroll(widget))


def _scroll(widget: QWidget) -> None:
    area: QObject | None = widget
    while area is not None:
        if isinstance(area, QScrollArea):
            reveal(area, widget)
        area = area.parent()


def reveal(area: QScrollArea, widget: QWidget) -> None:
    """Scroll up or down as little as possible until a widget is in view; its top counts most.

    QScrollArea.ensureWidgetVisible also moves what is in view, to have 50 pixels around it.
    """
    height = area.viewport().height()
    top = widget.mapTo(area.viewport(), QPoint()).y()
    bottom = top + widget.height()
    is_cut_above, is_cut_below = top < 0, bottom > height
    way = 0
    if is_cut_above and not is_cut_below:
        way = top
    elif is_cut_below and not is_cut_above:
        way = min(top, bottom - height)
    area.verticalScrollBar().setValue(area.verticalScrollBar().value() + way)


class CalmScrollArea(QScrollArea):
    """Scrolls no further than Tab needs."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move the focus, and scroll to where it is then."""
        moved = QWidget.focusNextPrevChild(self, forward)
        if moved and (focused := self.window().focusWidget()) and self.isAncestorOf(focused):
            reveal(self, focused)
        return moved
