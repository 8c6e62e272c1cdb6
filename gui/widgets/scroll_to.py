"""Scrolls to what has just been shown, so that the user sees it."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

_PLACED = 50  # ms; layouts within layouts take several turns of the event loop


def scroll_to(widget: QWidget) -> None:
    """Let the scroll areas around a widget show it, once it has its place."""
    QTimer.singleShot(_PLACED, widget, lambda: _scroll(widget))


def _scroll(widget: QWidget) -> None:
    area: QObject | None = widget
    while area is not None:
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(widget)
        area = area.parent()
