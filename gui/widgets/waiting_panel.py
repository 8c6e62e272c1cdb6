"""Shown while the user signs in in the browser: what to do, the link, time left, paste field."""

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
from gui.widgets.plain_label import PlainLabel

_TICK = 1000  # ms
_BROWSER_OPENS = "Your browser opens. Sign in as {user}."
_OPEN_LINK = "Open the link in a browser and sign in as {user}."


class WaitingPanel(QGroupBox):
    """Visible between `wait` and `end`."""

    open_again = Signal(str)  # the link
    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Waiting for your browser", parent)
        self._link = ""
        self._end_time = 0.0
        self._what_to_do = PlainLabel()
        self._what_to_do.setWordWrap(True)
        self._left = QProgressBar()
        self._left.setAccessibleName("Time left to sign in")
        self._left.setTextVisible(False)  # the end of the bar would cut through it
        self._left_text = PlainLabel()
        self._open = QPushButton("&Open the browser again")
        self._copy = QPushButton("Copy the l&ink")
        self._paste = QLineEdit()
        self._paste.setAccessibleName("Address of the last page, or the code")
        self._continue = QPushButton("Continu&e")
        self._continue.setEnabled(False)
        self._refused = PlainLabel()
        self._refused.setWordWrap(True)
        self._refused.setObjectName("paste_refused")
        self._refused.hide()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK)
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        question = QLabel(
            "Is the brow&ser on another computer? Paste the address of its last page here:"
        )
        question.setWordWrap(True)
        question.setBuddy(self._paste)
        links = QHBoxLayout()
        links.addWidget(self._open)
        links.addWidget(self._copy)
        links.addStretch()
        links.addWidget(self._left)
        links.addWidget(self._left_text)
        paste = QHBoxLayout()
        paste.addWidget(self._paste, 1)
        paste.addWidget(self._continue)
        column = QVBoxLayout(self)
        column.addWidget(self._what_to_do)
        column.addLayout(links)
        column.addWidget(question)
        column.addLayout(paste)
        column.addWidget(self._refused)

    def _connect(self) -> None:
        self._open.clicked.connect(lambda: self.open_again.emit(self._link))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._link))
        self._paste.textChanged.connect(self._paste_changed)
        self._paste.returnPressed.connect(self._emit_paste)
        self._continue.clicked.connect(self._emit_paste)
        self._ticks.timeout.connect(self._tick)

    def wait(self, event: WaitingForBrowser) -> None:
        """Show what to do, and count down."""
        self._link = event.url
        self._end_time = time.monotonic() + event.seconds
        self._left.setMaximum(int(event.seconds))
        self._what_to_do.setText(_what_to_do(event))
        self._open.setVisible(event.opens_browser)
        self._paste.clear()
        self._paste.setClearButtonEnabled(True)  # not before: it searches the icon themes
        self._refused.hide()
        self._tick()
        self._ticks.start()
        self.show()

    def refuse(self, text: str) -> None:
        """Show why the pasted text can't be used; the wait goes on."""
        self._refused.setText(f"⚠ {text}")
        self._refused.show()
        self._paste.setFocus()
        self._paste.selectAll()

    def end(self) -> None:
        """Hide the panel, and forget the link and the pasted text."""
        self._ticks.stop()
        self._link = ""
        self._paste.clear()
        self.hide()

    def _tick(self) -> None:
        seconds = max(0, round(self._end_time - time.monotonic()))
        self._left.setValue(seconds)
        self._left.setFormat(f"{seconds // 60}:{seconds % 60:02} left")
        self._left_text.setText(self._left.text())

    def _paste_changed(self, text: str) -> None:
        self._continue.setEnabled(bool(text.strip()))
        if text:
            self._refused.hide()

    def _emit_paste(self) -> None:
        text = self._paste.text().strip()
        if text:
            self.pasted.emit(text)


def _what_to_do(event: WaitingForBrowser) -> str:
    sign_in = _BROWSER_OPENS if event.opens_browser else _OPEN_LINK
    return " ".join([sign_in.format(user=event.sign_in_as), *event.expectations])
