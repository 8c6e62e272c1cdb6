"""The widgets of the error panel: a sign, the texts and the buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.model.icons import IconState, state_icon
from gui.widgets.plain_label import PlainLabel

_ICON_SIZE = QSize(32, 32)


class ErrorView(QWidget):
    """Emits what the user clicks."""

    sign_in_again = Signal()
    details_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = PlainLabel()
        self._labels = tuple(PlainLabel(break_words=True) for _ in range(5))
        self._message, self._others = self._labels[0], self._labels[4]
        self._sign_in = QPushButton("Sign in again", autoDefault=False)
        self._copy = QPushButton("Cop&y details")
        self._copy.setAccessibleDescription("Copies the error without secrets, to ask for help")
        self._dismiss = QPushButton("&Close")
        self._dismiss.setAccessibleName("Close the error message")
        self._lay_out()
        self._sign_in.clicked.connect(self.sign_in_again)
        self._copy.clicked.connect(self.details_wanted)
        self._dismiss.clicked.connect(self.dismissed)

    def _lay_out(self) -> None:
        font = self._message.font()
        font.setBold(True)
        self._message.setFont(font)
        # Qt's own one is searched in the icon themes, which takes 15 ms on X11.
        self._icon.setPixmap(state_icon(IconState.TROUBLE).pixmap(_ICON_SIZE))
        texts = QVBoxLayout()
        for label in self._labels:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # a long word must not widen the window
            texts.addWidget(label)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._sign_in)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._dismiss)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def offer_sign_in(self, offered: bool, mailbox: str) -> None:
        """Show the button that signs in to a mailbox, or hide it."""
        self._sign_in.setVisible(offered)
        self._sign_in.setAccessibleDescription(f"Signs in to {mailbox}")

    def show_parts(self, parts: Sequence[str]) -> None:
        """Show what happened, the details, why, what to do, and how many others need the user."""
        for label, text in zip(self._labels, parts, strict=True):
            _show(label, text)

    def show_others(self, text: str) -> None:
        """Change how many others need the user."""
        _show(self._others, text)


def _show(label: PlainLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
