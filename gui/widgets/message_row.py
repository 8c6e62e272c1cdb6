"""The row of the message bar: an icon, a headline with a line below it, and buttons.

Where there is little width, the buttons stand below the text.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui.model.bar_message import Message
from gui.model.icons import state_icon
from gui.widgets.plain_label import PlainLabel

_ICON_SIZE = QSize(24, 24)
_LINES = 2  # of text for which there is always room
_NARROW = 780  # pixels; beside the buttons, less than half of it is left for the text
_WAYS = QBoxLayout.Direction


class MessageRow(QWidget):
    """The owner shows and hides the buttons."""

    def __init__(self, buttons: Sequence[QAbstractButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = PlainLabel()
        self._headline, self._below = (PlainLabel(break_words=True) for _n in range(2))
        font = self._headline.font()
        font.setBold(True)
        self._headline.setFont(font)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        for label in (self._headline, self._below):
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # a long word must not widen the window
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texts.addWidget(label)
        text = QHBoxLayout()
        text.addWidget(self._icon)
        text.addLayout(texts, 1)
        acts = QHBoxLayout()
        acts.addStretch()
        for button in buttons:
            acts.addWidget(button)
        self._row = QBoxLayout(_WAYS.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(text, 1)
        self._row.addLayout(acts)
        lines = _LINES * self._headline.fontMetrics().height()
        self.setMinimumHeight(max(lines, *(button.sizeHint().height() for button in buttons)))

    def show_message(self, message: Message) -> None:
        """Show a message in place of the one before; then its buttons are shown."""
        if message.icon is not None:
            self._icon.setPixmap(state_icon(message.icon).pixmap(_ICON_SIZE))
        self._icon.setVisible(message.icon is not None)
        self._headline.setText(message.headline)
        self._below.setText(message.below)
        self._below.setVisible(bool(message.below))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width of the window."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        self._row.setDirection(_WAYS.TopToBottom if is_narrow else _WAYS.LeftToRight)
