"""What is in the card while the user signs in on another device: the page, the code, a QR code."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.events import WaitingForDevice
from core.i18n.translation import N_, _
from gui.widgets.copied import say_copied
from gui.widgets.plain_label import PlainLabel
from gui.widgets.qr_code import QrCode
from gui.widgets.time_left import TimeLeft
from gui.widgets.turning_view import TurningView
from gui.widgets.waiting_view import OPENS_NOT_HERE, sign_in_sentence

_TITLE = N_("Type this code in a browser on any device")
_PAGE = N_("Page: {uri}")
_LARGER, _CODE_LARGER = 1.2, 2.0
_HEIGHT = 28  # pixels of a button


class DeviceView(TurningView):
    """Emits what the user clicks."""

    page_wanted = Signal(str)
    browser_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = ""
        self._sentences: Sequence[str] = ()
        self._title = _larger(QLabel(_(_TITLE)), _LARGER)
        self._left = TimeLeft()
        self._code = _larger(PlainLabel(), _CODE_LARGER)
        self._code.setFont(_fixed(self._code))
        self._code.setAccessibleName(_("Code"))
        self._uri = PlainLabel(break_words=True)
        self._uri.setWordWrap(True)
        for label in (self._code, self._uri):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._what_to_do = PlainLabel()
        self._what_to_do.setWordWrap(True)
        self._failed = PlainLabel()
        self._failed.setWordWrap(True)
        self._failed.setObjectName("browser_failed")
        self._copy = QPushButton(_("Co&py code"), autoDefault=False)
        self._open = QPushButton(_("Open pa&ge"), autoDefault=False)
        self._browser = QPushButton(_("Use the &browser"), autoDefault=False)
        self._browser.setAccessibleDescription(
            _("Shows the sign-in in the browser of this computer")
        )
        self._cancel = QPushButton(_("C&ancel"), autoDefault=False)
        self._qr_code = QrCode()
        self._lay_out()
        self._copy.clicked.connect(self._copy_code)
        self._open.clicked.connect(self._open_page)
        self._browser.clicked.connect(self.browser_wanted)
        self._cancel.clicked.connect(self.cancelled)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self._title)
        first.addSpacing(8)
        first.addWidget(self._left)
        first.addStretch(1)
        code = QHBoxLayout()
        code.addWidget(self._code)
        code.addSpacing(16)
        for button in (self._copy, self._open):
            code.addWidget(button)
        code.addSpacing(8)
        code.addWidget(self._uri, 1)
        texts = QVBoxLayout()
        texts.addLayout(first)
        texts.addLayout(code)
        texts.addWidget(self._what_to_do)
        texts.addWidget(self._failed)
        texts.addStretch(1)
        buttons = QVBoxLayout()
        for button in (self._cancel, self._browser):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self._copy, self._open, self._browser, self._cancel):
            button.setMinimumHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(texts, 1)
        row.addSpacing(16)
        row.addLayout(buttons)
        row.addSpacing(16)
        row.addWidget(self._qr_code, 0, Qt.AlignmentFlag.AlignTop)
        self.turn_if_narrow(first, code, row)

    def wait(self, event: WaitingForDevice, mailbox: str, *, has_browser: bool) -> None:
        """Show the page and the code for a mailbox; `has_browser`: the browser waits too."""
        self._page = event.complete_uri
        self._code.setText(event.user_code)
        self._uri.setText(_(_PAGE, uri=event.uri))
        self._sentences = (sign_in_sentence(mailbox, event.sign_in_as), *event.expectations)
        self.show_next("")
        self._qr_code.show_text(event.complete_uri)
        self._left.start(event.seconds)
        self._browser.setVisible(has_browser)
        self._show_failed("")

    def show_next(self, sentence: str) -> None:
        """Say whose sign-ins come after this one."""
        self._what_to_do.setText(" ".join(filter(None, (*self._sentences, sentence))))

    @property
    def page(self) -> str:
        """The page that its button opens."""
        return self._page

    def not_opened(self) -> None:
        """Say that no browser has opened the page."""
        self._show_failed(f"⚠ {_(OPENS_NOT_HERE)}.")

    def browser_failed(self, text: str) -> None:
        """Show why the browser can't be used any more, in place of what to do."""
        self._browser.hide()
        self._show_failed(f"⚠ {text}")

    @property
    def spoken(self) -> str:
        """What a screen reader says about the wait."""
        more = self._what_to_do if self._failed.isHidden() else self._failed
        return f"{_(_TITLE)}: {self._code.text()}. {self._uri.text()}. {more.text()}"

    def focus_code(self) -> None:
        """Let the user copy the code at once."""
        self._copy.setFocus()

    def forget(self) -> None:
        """Empty it: the code belongs to one sign-in."""
        self._left.stop()
        self._page = ""
        self._code.clear()
        self._qr_code.show_text("")

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        say_copied(self._copy)

    def _open_page(self) -> None:
        self._show_failed("")
        self.page_wanted.emit(self._page)

    def _show_failed(self, text: str) -> None:
        self._failed.setText(text)
        self._failed.setVisible(bool(text))
        self._what_to_do.setVisible(not text)


def _larger(label: QLabel, factor: float) -> QLabel:
    font = label.font()
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * factor)
    label.setFont(font)
    return label


def _fixed(label: QLabel) -> QFont:
    """The system's font with letters that can't be confused, in the label's size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(label.font().pointSizeF())
    font.setBold(True)
    return font
