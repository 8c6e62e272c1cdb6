"""A button with a key of its own, for places where letters to underline are short.

The key isn't in the label: a digit there would be taken for a count.
"""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QPushButton

from gui.model.plain_text import tool_tip


def key_button(text: str, name: str, key: str) -> QPushButton:
    """Return a button; `name` says the whole of what it does, and its tool tip names the key."""
    button = QPushButton(text, autoDefault=False)
    give_key(button, name, key)
    return button


def give_key(button: QAbstractButton, name: str, key: str) -> None:
    """Give a button its name and its key, once it has its text: a new one would take the key."""
    name_with_key(button, name, key)
    button.setShortcut(key)


def name_with_key(button: QAbstractButton, name: str, key: str, *, below: str = "") -> None:
    """Give a button its name, and name the key that it has from elsewhere.

    `below` is a line of its own in the tool tip.
    """
    button.setAccessibleName(name)
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    button.setToolTip(tool_tip("\n".join(filter(None, (f"{name} ({shown})", below)))))
