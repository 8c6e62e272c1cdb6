"""What the message bar says: an icon, a headline, and a line below it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.model.bar_message import Message
from gui.model.icons import state_icon
from gui.widgets.plain_label import PlainLabel

_ICON_SIZE = QSize(24, 24)
_LINES = 2  # for which there is always room


class MessageText(QWidget):
    """Becomes higher for more lines, and stays so: the list below must not move up and down.

    It is lower again after `release`.
    """

    def __init__(self, least: int, parent: QWidget | None = None) -> None:
        """`least` is the height of what stands beside it, in pixels."""
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
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._icon)
        self._row.addLayout(texts, 1)
        self._least = max(_LINES * self._headline.fontMetrics().height(), least)
        self.release()

    def show_message(self, message: Message) -> None:
        """Show a message in place of the one before."""
        if self.isVisible():
            shown = self._row.heightForWidth(self.width())
            self.setMinimumHeight(max(self.minimumHeight(), shown))
        if message.icon is not None:
            self._icon.setPixmap(state_icon(message.icon).pixmap(_ICON_SIZE))
        self._icon.setVisible(message.icon is not None)
        self._headline.setText(message.headline)
        self._below.setText(message.below)
        self._below.setVisible(bool(message.below))

    def release(self) -> None:
        """Be no higher than what is shown."""
        self.setMinimumHeight(self._least)
