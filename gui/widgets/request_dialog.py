"""The dialog of the open requests: the text for each owner, and a field for the answer."""

import time
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import N_, _
from core.open_requests.open_request import OpenRequest
from core.times import short_time
from gui.model.owner_requests import Invitation
from gui.model.plain_text import plain
from gui.widgets.command_text import CopyButton
from gui.widgets.fitted_dialog import FittedDialog
from gui.widgets.plain_label import PlainLabel

_SEND = N_("1. Send this te&xt to {owner}, by mail or chat. The link works until {end}.")
_PASTE = N_("2. &Paste the address that comes back. It is valid for a few minutes only:")
_WORKING = N_("Getting the token…")
_WIDTH = 720  # pixels
_TEXT_HEIGHT = 340
_GAP = 8


class RequestDialog(FittedDialog):
    """Shows one open request at a time."""

    chosen = Signal(OpenRequest)
    pasted = Signal(OpenRequest, str)
    cancel_wanted = Signal(OpenRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Ask somebody else to sign in"))
        self._request: OpenRequest | None = None
        self._requests = QComboBox()
        self._requests.setAccessibleName(_("Mailbox"))
        self._send = PlainLabel()
        self._send.setWordWrap(True)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(_TEXT_HEIGHT)
        self._text.setAccessibleName(_("Text for the owner"))
        self._send.setBuddy(self._text)
        self._copy_text = CopyButton(_("Copy the &text"), _("Copies the whole text"), "Alt+T")
        self._copy_link = CopyButton(_("Copy the &link"), _("Copies the link alone"), "Alt+L")
        self._answer = QLineEdit()
        self._answer.setAccessibleName(_("Address that the owner has sent"))
        self._answer.setClearButtonEnabled(True)
        self._continue = QPushButton(_("Contin&ue"), autoDefault=False)
        self._told = PlainLabel()
        self._told.setWordWrap(True)
        self._told.setObjectName("answer_told")
        self._cancel = QPushButton(_("Cancel the &request"), autoDefault=False)
        self._close = QPushButton(_("Close"), autoDefault=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        copies, answer, buttons = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for button in (self._copy_text, self._copy_link):
            copies.addWidget(button)
        copies.addStretch()
        answer.addWidget(self._answer, 1)
        answer.addWidget(self._continue)
        buttons.addWidget(self._cancel)
        buttons.addStretch()
        buttons.addWidget(self._close)
        question = QLabel(_(_PASTE))
        question.setWordWrap(True)
        question.setBuddy(self._answer)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self._requests)
        column.addWidget(self._send)
        column.addWidget(self._text, 1)
        column.addLayout(copies)
        column.addSpacing(_GAP)
        column.addWidget(question)
        column.addLayout(answer)
        column.addWidget(self._told)
        self.fit(body, buttons, _WIDTH)

    def _connect(self) -> None:
        self._requests.activated.connect(lambda _: self.chosen.emit(self._requests.currentData()))
        self._answer.textChanged.connect(self._answer_changed)
        self._answer.returnPressed.connect(self._emit_answer)
        self._continue.clicked.connect(self._emit_answer)
        self._cancel.clicked.connect(lambda: self.cancel_wanted.emit(self._request))
        self._close.clicked.connect(self.reject)

    def show_invitation(self, invitation: Invitation) -> None:
        """Show a request, perhaps with a new link; the field is for the answer to this one."""
        request = invitation.request
        if request != self._request:
            self._answer.clear()
            self._answer_changed("")
        self._request = request
        end = short_time(request.ends_at, time.time())
        self._send.setText(_(_SEND, owner=request.sign_in_as.replace("&", "&&"), end=end))
        self._text.setPlainText(plain(invitation.text))
        self._copy_text.offer(invitation.text)
        self._copy_link.offer(invitation.link)
        self._show_chosen()

    def show_requests(self, requests: Sequence[OpenRequest]) -> None:
        """Offer these requests, if there are several."""
        self._requests.clear()
        for request in requests:
            self._requests.addItem(plain(request.address), request)
        self._requests.setVisible(len(requests) > 1)
        self._show_chosen()
        if self.isVisible():
            self.fit_height()

    def tell(self, text: str) -> None:
        """Say why there is no token; the user can paste once more."""
        self._told.setText(f"⚠ {text}")
        self._set_busy(False)
        self.fit_height()
        self._answer.setFocus()
        self._answer.selectAll()

    def focus_answer(self) -> None:
        """Let the user paste at once."""
        self._answer.setFocus()

    def _show_chosen(self) -> None:
        shown = (self._requests.itemData(n) for n in range(self._requests.count()))
        number = next((n for n, request in enumerate(shown) if request == self._request), -1)
        self._requests.setCurrentIndex(number)

    def _answer_changed(self, text: str) -> None:
        self._told.setText("")
        self._set_busy(False)
        self._continue.setEnabled(bool(text.strip()))

    def _set_busy(self, busy: bool) -> None:
        for widget in (self._answer, self._continue, self._cancel, self._requests):
            widget.setEnabled(not busy)

    def _emit_answer(self) -> None:
        text = self._answer.text().strip()
        if text:
            self._told.setText(_(_WORKING))
            self._set_busy(True)
            self.pasted.emit(self._request, text)
