"""What is in the card while the browser waits: what to do, time left, buttons, the paste field."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.address import same_address
from core.browser_choice import BrowserChoice
from core.events import WaitingForBrowser
from core.i18n.translation import N_, _
from gui.model.plain_text import button_text
from gui.widgets.copied import say_copied
from gui.widgets.outlined import Menu
from gui.widgets.plain_label import PlainLabel
from gui.widgets.time_left import TimeLeft
from gui.widgets.turning_view import TurningView

_OPENS = N_("Continue in your browser")
_OPENS_NOT = N_("Open the link in a browser")
OPENS_NOT_HERE = N_("The browser could not be started")
_OPEN_IT = N_("Copy the link and open it in a browser, or press Open again.")
_SIGN_IN_AS = N_("Sign in as {user}.")
_SIGN_IN_FOR = N_("For {mailbox}, sign in as {user}.")
_LAST_PAGE = N_("&Browser on another computer? Paste the address of its last page here:")
_ERROR_PAGE = N_("Address of the error page (it &begins with {address}):")
_LARGER = 1.2
_HEIGHT = 28  # pixels of a field or button


def sign_in_sentence(mailbox: str, user: str) -> str:
    """Say who signs in for a mailbox: another user if it is a shared one."""
    sentence = _SIGN_IN_AS if same_address(mailbox, user) else _SIGN_IN_FOR
    return _(sentence, mailbox=mailbox, user=user)


class WaitingView(TurningView):
    """Emits what the user clicks and pastes."""

    open_again = Signal()
    browser_wanted = Signal(BrowserChoice)
    device_wanted = Signal()
    copy_wanted = Signal()
    cancelled = Signal()
    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel()
        self._left = TimeLeft()
        self._sentences: Sequence[str] = ()
        self._next = ""
        self._opens = True
        self._open = QPushButton(_("Open a&gain"), autoDefault=False)
        self._open.setAccessibleDescription(_("Opens the link in the browser once more"))
        self._copy = QPushButton(_("Co&py the link"), autoDefault=False)
        self._other = QPushButton(_("In another bro&wser"), autoDefault=False)
        self._other.setAccessibleDescription(_("Opens the link in the browser that you choose"))
        self._browsers = Menu(self)
        self._other.setMenu(self._browsers)
        self._cancel = QPushButton(_("C&ancel"), autoDefault=False)
        self._device = QPushButton(_("On another &device"), autoDefault=False)
        self._device.setAccessibleDescription(_("Shows a code to type in a browser elsewhere"))
        self._what_to_do = PlainLabel()
        self._what_to_do.setWordWrap(True)
        self._refused = PlainLabel()
        self._refused.setWordWrap(True)
        self._refused.setObjectName("paste_refused")
        self._question = PlainLabel()
        self._question.setText(_(_LAST_PAGE))
        self._question.setWordWrap(True)
        self._paste = QLineEdit()
        self._paste.setAccessibleName(_("Address of the last page, or the code"))
        self._paste.setClearButtonEnabled(True)
        self._continue = QPushButton(_("Contin&ue"), autoDefault=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * _LARGER)
        self._title.setFont(font)
        self._question.setBuddy(self._paste)
        buttons = (self._open, self._copy, self._cancel)
        for widget in (*buttons, self._other, self._device, self._paste, self._continue):
            widget.setMinimumHeight(_HEIGHT)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self._left)
        head.addStretch()
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addLayout(head, 1)
        first.addLayout(_row(*buttons))
        second.addWidget(self._what_to_do, 1)
        second.addWidget(self._refused, 1)
        second.addLayout(_row(self._other, self._device))
        self.turn_if_narrow(first, second)
        last = QHBoxLayout()
        last.addWidget(self._question, 1)
        last.addWidget(self._paste, 1)
        last.addWidget(self._continue)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(first)
        column.addLayout(second)
        column.addStretch()
        column.addLayout(last)

    def _connect(self) -> None:
        self._open.clicked.connect(self._show_opening)
        self._open.clicked.connect(self.open_again)
        self._copy.clicked.connect(self.copy_wanted)
        self._copy.clicked.connect(lambda: say_copied(self._copy))
        self._device.clicked.connect(self._ask_for_device)
        self._cancel.clicked.connect(self.cancelled)
        self._paste.textChanged.connect(self._paste_changed)
        self._paste.returnPressed.connect(self._emit_paste)
        self._continue.clicked.connect(self._emit_paste)

    def wait(self, event: WaitingForBrowser, mailbox: str) -> None:
        """Show what to do for a mailbox, as another user if it is a shared one."""
        self._opens = event.opens_browser
        sign_in = sign_in_sentence(mailbox, event.sign_in_as)
        self._sentences = (sign_in, *event.expectations)
        self._show_what_to_do()
        asked = _ERROR_PAGE if event.error_page else _LAST_PAGE
        self._question.setText(_(asked, address=event.error_page.replace("&", "&&")))
        self._open.setVisible(event.opens_browser)
        self._other.setVisible(event.opens_browser and not self._browsers.isEmpty())
        self._device.setVisible(event.takes_device_code)
        self.forget()
        self._show_opening()
        self._left.start(event.seconds)

    def offer_browsers(self, labels: Mapping[BrowserChoice, str]) -> None:
        """Offer to open the link in one of these; they are kept for the next wait."""
        self._browsers.clear()
        for choice, label in labels.items():
            action = self._browsers.addAction(button_text(label))
            action.triggered.connect(self._show_opening)
            action.triggered.connect(lambda _=False, c=choice: self.browser_wanted.emit(c))
        self._other.setVisible(bool(labels) and not self._open.isHidden())

    def show_next(self, sentence: str) -> None:
        """Say whose sign-ins come after this one."""
        self._next = sentence
        self._show_what_to_do()

    @property
    def spoken(self) -> str:
        """What a screen reader says about the wait."""
        is_refused = not self._refused.isHidden()
        more = self._refused.text() if is_refused else self._what_to_do.text()
        return f"{self._title.text()}. {more}"

    def _show_what_to_do(self) -> None:
        self._what_to_do.setText(" ".join(filter(None, (*self._sentences, self._next))))

    def refuse(self, text: str) -> None:
        """Show why the pasted text can't be used, in place of what to do."""
        self._refused.setText(f"⚠ {text}")
        self._show_refused(True)
        self._paste.setFocus()
        self._paste.selectAll()

    def not_opened(self) -> None:
        """Say that no browser has opened the link, and what to do about it."""
        self._title.setText(_(OPENS_NOT_HERE))
        self._refused.setText(f"⚠ {_(_OPEN_IT)}")
        self._show_refused(True)

    def _show_opening(self) -> None:
        """Say again that the browser opens, for another try."""
        self._title.setText(_(_OPENS if self._opens else _OPENS_NOT))
        self._show_refused(False)

    def device_code_failed(self, text: str) -> None:
        """Show why there is no code any more, in place of what to do; another one can be tried."""
        self._refused.setText(f"⚠ {text}")
        self._show_refused(True)
        self.allow_device()

    def allow_device(self) -> None:
        """Let the button show the code, or ask for one; while the provider is asked, it can't."""
        self._device.setEnabled(True)

    def focus_paste(self) -> None:
        """Let the user paste at once."""
        self._paste.setFocus()

    def forget(self) -> None:
        """Empty the paste field, and count no more."""
        self._left.stop()
        self.allow_device()
        self._paste.clear()
        self._paste_changed("")
        self._show_refused(False)

    def _ask_for_device(self) -> None:
        self._device.setEnabled(False)
        self.device_wanted.emit()

    def _show_refused(self, refused: bool) -> None:
        self._refused.setVisible(refused)
        self._what_to_do.setVisible(not refused)

    def _paste_changed(self, text: str) -> None:
        self._continue.setEnabled(bool(text.strip()))
        if text:
            self._show_refused(False)

    def _emit_paste(self) -> None:
        text = self._paste.text().strip()
        if text:
            self.pasted.emit(text)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row
