"""Keeps the room of a widget while it is hidden, so that nothing moves by that."""

from PySide6.QtWidgets import QWidget


def keep_room(widget: QWidget) -> None:
    """Let nothing move when the widget is shown or hidden."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
