"""The row of buttons of a dialog that is only read and closed."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox

_CLOSE = QDialogButtonBox.StandardButton.Close


def buttons_with_close() -> QDialogButtonBox:
    """Return a row with Close, to which more can be added."""
    buttons = QDialogButtonBox(_CLOSE)
    buttons.button(_CLOSE).setIcon(QIcon())  # the style's cross is black in the dark too
    return buttons
