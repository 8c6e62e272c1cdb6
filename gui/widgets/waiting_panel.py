"""While it waits for the browser: what to do, the link, the time left, the field to paste into."""

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.model import WaitingForBrowser

_TICK = 1000  # ms
_WARNING = (
    "At the end the browser warns of the certificate of https://localhost: it was made just now on "
    "this computer, for this one sign-in. Go on to the page."
)


class WaitingPanel(QGroupBox):
    """Hidden until `wait` and after `end`."""

    open_again = Signal(str)  # the link
    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing is waited for yet."""
        super().__init__("Waiting for your browser", parent)
        self._link = ""
        self._until = 0.0
        self._what = QLabel()
        self._what.setWordWrap(True)
        self._left = QProgressBar()
        self._left.setAccessibleName("Time left to sign in")
        self._left.setTextVisible(False)  # the bar's end would cut through it
        self._left_words = QLabel()
        self._open = QPushButton("&Open the browser again")
        self._copy = QPushButton("Copy the l&ink")
        self._paste = QLineEdit()
        self._paste.setAccessibleName("The last address of the browser, or the code")
        self._paste.setClearButtonEnabled(True)
        self._use = QPushButton("Us&e")
        self._use.setEnabled(False)
        self._refused = QLabel()
        self._refused.setWordWrap(True)
        self._refused.setAccessibleName("What was pasted")
        self._refused.hide()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK)
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        question = QLabel("&Signed in on another computer? Paste the last address or the code:")
        question.setWordWrap(True)
        question.setBuddy(self._paste)
        links = QHBoxLayout()
        links.addWidget(self._open)
        links.addWidget(self._copy)
        links.addStretch()
        links.addWidget(self._left)
        links.addWidget(self._left_words)
        paste = QHBoxLayout()
        paste.addWidget(self._paste, 1)
        paste.addWidget(self._use)
        column = QVBoxLayout(self)
        column.addWidget(self._what)
        column.addLayout(links)
        column.addWidget(question)
        column.addLayout(paste)
        column.addWidget(self._refused)

    def _connect(self) -> None:
        self._open.clicked.connect(lambda: self.open_again.emit(self._link))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._link))
        self._paste.textChanged.connect(self._look_at_paste)
        self._paste.returnPressed.connect(self._use_paste)
        self._use.clicked.connect(self._use_paste)
        self._ticks.timeout.connect(self._tick)

    def wait(self, event: WaitingForBrowser) -> None:
        """Show what to do and count down."""
        self._link = event.url
        self._until = time.monotonic() + event.seconds
        self._left.setMaximum(int(event.seconds))
        opens = "Your browser opens" if event.opens_browser else "Open the link in a browser"
        text = (
            f"{opens}: sign in as {event.sign_in_as}. The page asks to allow "
            f"{event.application_label}; that is on purpose, since oauth2_imap asks with that "
            "application's registration."
        )
        self._what.setText(f"{text} {_WARNING}" if event.certificate_warning else text)
        self._open.setVisible(event.opens_browser)
        self._paste.clear()
        self._refused.hide()
        self._tick()
        self._ticks.start()
        self.show()

    def refuse(self, text: str) -> None:
        """Say that what was pasted is something else; the wait goes on."""
        self._refused.setText(f"⚠ {text}")
        self._refused.show()
        self._paste.setFocus()
        self._paste.selectAll()

    def end(self) -> None:
        """Nothing is waited for any more; the link and the paste are forgotten."""
        self._ticks.stop()
        self._link = ""
        self._paste.clear()
        self.hide()

    def _tick(self) -> None:
        seconds = max(0, round(self._until - time.monotonic()))
        self._left.setValue(seconds)
        self._left.setFormat(f"{seconds // 60}:{seconds % 60:02} left")
        self._left_words.setText(self._left.text())

    def _look_at_paste(self, text: str) -> None:
        self._use.setEnabled(bool(text.strip()))
        if text:
            self._refused.hide()

    def _use_paste(self) -> None:
        text = self._paste.text().strip()
        if text:
            self.pasted.emit(text)
