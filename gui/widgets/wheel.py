"""The mouse wheel over a list or a number scrolls the page, and changes nothing by accident."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class _Ignoring(QObject):
    """Qt then hands the event to the widget behind."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_wheel = event.type() == QEvent.Type.Wheel
        if is_wheel:
            event.ignore()
        return is_wheel


def leave_wheel_to_page(*widgets: QWidget) -> None:
    """Let these widgets ignore the wheel; an open list still scrolls, since it is another one."""
    for widget in widgets:
        widget.installEventFilter(_Ignoring(widget))
