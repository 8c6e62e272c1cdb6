"""A button with a key of its own, for places where letters to underline are short."""

from PySide6.QtWidgets import QPushButton

from gui.model.plain_text import tool_tip


def key_button(text: str, name: str, key: str) -> QPushButton:
    """Return a button; `name` says the whole of what it does, and its tool tip names the key."""
    button = QPushButton(text, autoDefault=False)
    button.setAccessibleName(name)
    button.setToolTip(tool_tip(f"{name} ({key})"))
    button.setShortcut(key)
    return button
