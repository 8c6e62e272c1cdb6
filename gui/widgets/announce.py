"""Lets screen readers speak."""

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget) -> None:
    """Make screen readers speak the accessible name of a widget now."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent

    event = QAccessibleEvent(widget, QAccessible.Event.Alert)
    QAccessible.updateAccessibility(event)
