"""A sentence or two that the user can read whole, and select."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.widgets.plain_label import PlainLabel


class NoteLabel(PlainLabel):
    """Wraps its text, also inside long words."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, break_words=True)
        self.setText(text)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
