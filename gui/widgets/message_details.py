"""The rest of a message: what the server said, why it happened, what to do; and a copy of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.i18n.translation import _
from gui.model.bar_message import Message
from gui.widgets.copied import say_copied
from gui.widgets.plain_label import PlainLabel


class MessageDetails(QWidget):
    """Shows the details of one message."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._to_copy = ""
        self._text = PlainLabel(break_words=True)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(1)  # a long word must not widen the window
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QPushButton(_("Cop&y details"), autoDefault=False)
        self._copy.setAccessibleDescription(_("Copies the error without secrets, to ask for help"))
        self._copy.clicked.connect(self._copy_all)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text, 1)
        column = QVBoxLayout()
        column.addWidget(self._copy)
        column.addStretch()
        row.addLayout(column)

    def show_message(self, message: Message) -> None:
        """Show the details of this message."""
        self._to_copy = message.to_copy
        self._text.setText("\n".join(message.more))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._to_copy)
        say_copied(self._copy)
