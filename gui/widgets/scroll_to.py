"""Scrolls to what has just been shown, so that the user sees it."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget


def scroll_to(widget: QWidget) -> None:
    """Let the scroll area around a widget show it, in the next turn of the event loop."""
    QTimer.singleShot(0, widget, lambda: _scroll(widget))


def _scroll(widget: QWidget) -> None:
    # Every layout around it has to have its new size first, which else takes several turns.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    area: QObject | None = widget
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parent()
    if area is not None:
        area.ensureWidgetVisible(widget)
