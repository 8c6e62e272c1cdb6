"""What is in the card while the user signs in: what to do, time left, buttons, the paste field."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.address import same_address
from core.model import WaitingForBrowser
from gui.widgets.plain_label import PlainLabel

_OPENS = "Continue in your browser"
_OPENS_NOT = "Open the link in a browser"
_SIGN_IN_AS = "Sign in as {user}."
_SIGN_IN_FOR = "For {mailbox}, sign in as {user}."
_LAST_PAGE = "&Browser on another computer? Copy the address of its last page here:"
_ERROR_PAGE = "Address of the error page (it &begins with {address}):"
_NEXT = "After this sign-in comes that of {name}."
_NEXT_OF_MANY = "After this sign-in comes that of {name}, and {count} more."
_LARGER = 1.2
_BAR = (120, 8)  # pixels
_HEIGHT = 28  # pixels of a field or button


class WaitingView(QWidget):
    """Emits what the user clicks and pastes."""

    open_again = Signal()
    copy_wanted = Signal()
    cancelled = Signal()
    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel()
        self._left = QProgressBar()
        self._left.setAccessibleName("Time left to sign in")
        self._left.setTextVisible(False)  # the end of the bar would cut through it
        self._left.setFixedSize(*_BAR)
        self._left_text = PlainLabel()
        self._sentences: Sequence[str] = ()
        self._next = ""
        self._open = QPushButton("Open a&gain", autoDefault=False)
        self._open.setAccessibleDescription("Opens the link in the browser once more")
        self._copy = QPushButton("Co&py the link", autoDefault=False)
        self._cancel = QPushButton("C&ancel", autoDefault=False)
        self._what_to_do = PlainLabel()
        self._what_to_do.setWordWrap(True)
        self._refused = PlainLabel()
        self._refused.setWordWrap(True)
        self._refused.setObjectName("paste_refused")
        self._question = PlainLabel()
        self._question.setWordWrap(True)
        self._paste = QLineEdit()
        self._paste.setAccessibleName("Address of the last page, or the code")
        self._paste.setClearButtonEnabled(True)
        self._continue = QPushButton("Contin&ue", autoDefault=False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * _LARGER)
        self._title.setFont(font)
        self._question.setBuddy(self._paste)
        for widget in (self._open, self._copy, self._cancel, self._paste, self._continue):
            widget.setMinimumHeight(_HEIGHT)
        first = QHBoxLayout()
        first.addWidget(self._title)
        first.addSpacing(8)
        first.addWidget(self._left)
        first.addWidget(self._left_text)
        first.addStretch()
        for button in (self._open, self._copy, self._cancel):
            first.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self._question, 1)
        last.addWidget(self._paste, 1)
        last.addWidget(self._continue)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(first)
        column.addWidget(self._what_to_do)
        column.addWidget(self._refused)
        column.addStretch()
        column.addLayout(last)

    def _connect(self) -> None:
        self._open.clicked.connect(self.open_again)
        self._copy.clicked.connect(self.copy_wanted)
        self._cancel.clicked.connect(self.cancelled)
        self._paste.textChanged.connect(self._paste_changed)
        self._paste.returnPressed.connect(self._emit_paste)
        self._continue.clicked.connect(self._emit_paste)

    def wait(self, event: WaitingForBrowser, mailbox: str) -> None:
        """Show what to do for a mailbox, as another user if it is a shared one."""
        self._title.setText(_OPENS if event.opens_browser else _OPENS_NOT)
        is_own = same_address(mailbox, event.sign_in_as)
        sign_in = (_SIGN_IN_AS if is_own else _SIGN_IN_FOR).format(
            mailbox=mailbox, user=event.sign_in_as
        )
        self._sentences = (sign_in, *event.expectations)
        self._show_what_to_do()
        asked = _ERROR_PAGE if event.error_page else _LAST_PAGE
        self._question.setText(asked.format(address=event.error_page.replace("&", "&&")))
        self._open.setVisible(event.opens_browser)
        self._left.setMaximum(int(event.seconds))
        self.forget()

    def show_left(self, seconds: int) -> None:
        """Show the time that is left."""
        self._left.setValue(seconds)
        self._left.setFormat(f"{seconds // 60}:{seconds % 60:02} left")
        self._left_text.setText(self._left.text())

    def show_next(self, names: Sequence[str]) -> None:
        """Show whose sign-ins come after this one."""
        text = _NEXT if len(names) == 1 else _NEXT_OF_MANY
        self._next = text.format(name=names[0], count=len(names) - 1) if names else ""
        self._show_what_to_do()

    @property
    def spoken(self) -> str:
        """What a screen reader says about the wait."""
        return f"{self._title.text()}. {self._what_to_do.text()}"

    def _show_what_to_do(self) -> None:
        self._what_to_do.setText(" ".join(filter(None, (*self._sentences, self._next))))

    def refuse(self, text: str) -> None:
        """Show why the pasted text can't be used, in place of what to do."""
        self._refused.setText(f"⚠ {text}")
        self._show_refused(True)
        self._paste.setFocus()
        self._paste.selectAll()

    def focus_paste(self) -> None:
        """Let the user paste at once."""
        self._paste.setFocus()

    def forget(self) -> None:
        """Empty the paste field."""
        self._paste.clear()
        self._paste_changed("")
        self._show_refused(False)

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
