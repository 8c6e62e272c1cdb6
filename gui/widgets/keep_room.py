"""Keeps the room of a widget while it is hidden, so that nothing moves by that."""

from PySide6.QtWidgets import QWidget


def keep_room(widget: QWidget, *, kept: bool = True) -> None:
    """Let nothing move when the widget is shown or hidden, or no longer so."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(kept)
    widget.setSizePolicy(policy)
