"""A button says for a moment that it has copied."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from core.i18n.translation import _

_SHOWN = 2000  # ms


def say_copied(button: QPushButton) -> None:
    """Show that in place of the button's own text; the key stays the same."""
    own, key, said = button.text(), button.shortcut(), _("Copied ✓")
    if own == said:
        return

    def say(text: str) -> None:
        button.setText(text)
        button.setShortcut(key)  # a new text removes it

    button.setMinimumWidth(button.width())
    say(said)
    QTimer.singleShot(_SHOWN, button, lambda: say(own))
