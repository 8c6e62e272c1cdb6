"""What is shown in place of the list while there is no mailbox, or none that was searched for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from core.i18n.translation import N_, _
from gui.model.icons import app_icon
from gui.widgets.plain_label import PlainLabel

TRY_THE_DEMO = N_("T&ry it with a pretend mailbox")
_FIRST = N_("Enter a mail address above and press Get token: the mailbox then appears here.")
_NOTHING_FOUND = N_("No mailbox has these words in its address or provider. Esc shows all again.")
_ICON = 64
_GRID = 8


class EmptyList(QWidget):
    """Says what to do first, or what happens now, and offers the demo."""

    demo = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = PlainLabel()
        icon.setPixmap(app_icon().pixmap(_ICON, _ICON))
        self._text = _centred(_(_FIRST))
        self._button = QPushButton(_(TRY_THE_DEMO))
        self._button.clicked.connect(self.demo)
        column = QVBoxLayout(self)
        column.setSpacing(2 * _GRID)
        column.addStretch()
        column.addWidget(icon, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._text)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch()

    def show_sign_in(self, text: str, *, can_try: bool) -> None:
        """Say which sign-in is under way; with an empty text, what to do first.

        `can_try` is False while the demo is wanted already: one press is enough.
        """
        self._text.setText(text or _(_FIRST))
        self.setAccessibleName(text)
        if not can_try and self._button.hasFocus():
            self.setFocus()  # and not what Qt would choose; a screen reader then tells what happens
        self._button.setEnabled(can_try)


def nothing_found() -> QLabel:
    """Return what is shown while the search finds nothing."""
    return _centred(_(_NOTHING_FOUND))


def _centred(text: str) -> QLabel:
    label = PlainLabel()
    label.setText(text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
