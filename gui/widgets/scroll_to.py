"""Scrolls to what has just been shown or got the focus, and only if it isn't in view."""

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

# ms; layouts within layouts take several turns of the event loop, on a busy computer more
_PLACED = (50, 150)
_FURTHER = 4  # pixels


def scroll_to(widget: QWidget, *, least: int | None = None) -> None:
    """Let the scroll areas around a widget show it, once it has its place.

    `least` is how much of its height is enough.
    """
    for later in _PLACED:
        QTimer.singleShot(later, widget, lambda: _scroll(widget, least))


def _scroll(widget: QWidget, least: int | None) -> None:
    area: QObject | None = widget
    while area is not None:
        if isinstance(area, QScrollArea) and (way := _way_to(area, widget, least)):
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + _past_buttons(area, widget, way))
        area = area.parent()


def reveal(area: QScrollArea, widget: QWidget) -> None:
    """Scroll up or down as little as possible until a widget is in view; its top counts most.

    QScrollArea.ensureWidgetVisible also moves what is in view, to have 50 pixels around it.
    """
    area.verticalScrollBar().setValue(area.verticalScrollBar().value() + _way_to(area, widget))


def _way_to(area: QScrollArea, widget: QWidget, least: int | None = None) -> int:
    height = area.viewport().height()
    top = widget.mapTo(area.viewport(), QPoint()).y()
    bottom = top + (widget.height() if least is None else min(least, widget.height()))
    is_cut_above, is_cut_below = top < 0, bottom > height
    if is_cut_above and not is_cut_below:
        return top
    if is_cut_below and not is_cut_above:
        return min(top, bottom - height)
    return 0


def _past_buttons(area: QScrollArea, widget: QWidget, way: int) -> int:
    """Return a way down on which no other button comes under the mouse, if there is one.

    The user may be about to press again.
    """
    mouse = area.viewport().mapFromGlobal(QCursor.pos())
    if not area.viewport().rect().contains(mouse):
        return way
    pressed = _button_at(area, mouse)
    top = widget.mapTo(area.viewport(), QPoint()).y()
    ways = range(way, top + 1, _FURTHER)  # none on the way up
    free = (w for w in ways if _button_at(area, mouse + QPoint(0, w)) in {None, pressed})
    return next(free, way)


def _button_at(area: QScrollArea, place: QPoint) -> QWidget | None:
    """Return the button at a place of the viewport, or where it would be after scrolling there."""
    content = area.widget()
    found = content and content.childAt(content.mapFrom(area.viewport(), place))
    return found if isinstance(found, QAbstractButton) else None


class CalmScrollArea(QScrollArea):
    """Scrolls no further than Tab needs."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move the focus, and scroll to where it is then.

        Qt also moves it from what is hidden or greyed out; then nobody has asked to go elsewhere.
        """
        before = self.window().focusWidget()
        is_asked = before is None or (before.isVisible() and before.isEnabled())
        moved = QWidget.focusNextPrevChild(self, forward)
        focused = self.window().focusWidget()
        inner: QWidget | None = focused if moved and is_asked else None
        while inner is not None and self.isAncestorOf(inner):
            inner = inner.parentWidget()
            if isinstance(inner, QScrollArea) and focused:
                reveal(inner, focused)
        return moved
