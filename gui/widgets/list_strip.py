"""Above the mailboxes while a list is open: how far it is, and what is left to do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.i18n.translation import _
from gui.widgets.key_button import key_button
from gui.widgets.plain_label import PlainLabel


class ListStrip(QWidget):
    """Hidden while there is nothing to say."""

    sign_in_wanted = Signal()
    show_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel(break_words=True)
        self._text.setWordWrap(True)
        self._sign_in = key_button(
            _("Sign in next"), _("Sign in to the next mailbox of the list"), "Alt+Shift+N"
        )
        self._show = key_button(_("Show the list…"), _("Show the list of mailboxes"), "Alt+Shift+L")
        self._close = key_button(
            _("Close the list"), _("Close the list of mailboxes"), "Alt+Shift+E"
        )
        self._sign_in.clicked.connect(lambda _: self.sign_in_wanted.emit())
        self._show.clicked.connect(lambda _: self.show_wanted.emit())
        self._close.clicked.connect(lambda _: self.close_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text, 1)
        for button in (self._sign_in, self._show, self._close):
            row.addWidget(button)
        self.hide()

    def say(self, text: str, *, can_sign_in: bool = False, can_close: bool = True) -> None:
        """Say how far the list is, and offer what is possible; nothing is left to say if empty."""
        had_focus = self._sign_in.hasFocus()
        self._text.setText(text)
        self._sign_in.setVisible(can_sign_in)
        self._close.setVisible(can_close)
        self.setVisible(bool(text))
        if had_focus and not can_sign_in:
            self._show.setFocus()
