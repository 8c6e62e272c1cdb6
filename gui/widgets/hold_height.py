"""Holds the height of a widget, so that what is below it doesn't move up and down."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


def hold_height(widget: QWidget) -> None:
    """Let a widget, which has a height for its width, be as high as now or higher."""
    if widget.isVisible():
        shown = (widget.layout() or widget).heightForWidth(widget.width())
        widget.setMinimumHeight(max(widget.minimumHeight(), shown))


def release_height(widget: QWidget) -> None:
    """Let the widget be no higher than what it shows."""
    widget.setMinimumHeight(0)


def has_new_width(event: QResizeEvent) -> bool:
    """Whether a widget has another width now, where its height is to be released."""
    return event.size().width() != event.oldSize().width()
