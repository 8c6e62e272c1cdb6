"""Labels and message boxes that show text from outside as plain text, never as HTML.

A QLabel and a QMessageBox guess whether their text is HTML, which may name a picture to load.
"""

import re
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from gui.model.plain_text import plain

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

_LONG_WORD = re.compile(r"\S{40}(?=\S)")  # would be wider than a narrow window
_ZERO_WIDTH_SPACE = "\u200b"


class PlainLabel(QLabel):
    """A label for any text that isn't written in the code; with `break_words`, for long words."""

    def __init__(self, parent: QWidget | None = None, *, break_words: bool = False) -> None:
        super().__init__(parent)
        self._break_words = break_words

    def setText(self, text: str) -> None:
        """Show the text as it is, without control characters."""
        from PySide6.QtCore import Qt  # too slow for the first frame, where such labels are empty

        self.setTextFormat(Qt.TextFormat.PlainText)
        shown = plain(text)
        if self._break_words:
            shown = _LONG_WORD.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", shown)
        super().setText(shown)


def message_box(
    icon: "QMessageBox.Icon", text: str, more: str, parent: QWidget | None = None
) -> "QMessageBox":
    """Return a message box of the program, to which buttons can be added."""
    from PySide6.QtCore import Qt  # the first frame needs neither
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle("oauth2_imap")
    box.setText(plain(text))
    box.setInformativeText(plain(more))
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
    return box
