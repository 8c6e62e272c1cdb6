"""Shown in the card while the user signs in in the browser; it counts the time down."""

import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.model import WaitingForBrowser
from gui.widgets.message_bar import announce
from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported by the first wait
    from gui.widgets.waiting_view import WaitingView

_TICK = 1000  # ms


class WaitingPanel(QWidget):
    """Knows a link between `wait` and `end`."""

    open_again = Signal(str)  # the link
    pasted = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = ""
        self._end_time = 0.0
        self._next: Sequence[str] = ()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK)
        self._ticks.timeout.connect(self._tick)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @cached_property
    def _view(self) -> "WaitingView":
        """The widgets, made for the first wait."""
        from gui.widgets.waiting_view import WaitingView

        view = WaitingView()
        view.open_again.connect(lambda: self.open_again.emit(self._link))
        view.copy_wanted.connect(lambda: QGuiApplication.clipboard().setText(self._link))
        view.cancelled.connect(self.cancelled)
        view.pasted.connect(self.pasted)
        self._column.addWidget(view)
        put_into_tab_order(view, self)
        return view

    def wait(self, event: WaitingForBrowser, mailbox: str) -> None:
        """Show what to do for a mailbox, and count down."""
        self._link = event.url
        self._end_time = time.monotonic() + event.seconds
        self._view.wait(event, mailbox)
        self._view.show_next(self._next)
        self._tick()
        self._ticks.start()
        self.setAccessibleName(self._view.spoken)

    def show_next(self, names: Sequence[str]) -> None:
        """Show whose sign-ins come after this one."""
        self._next = names
        if self._link:
            self._view.show_next(names)

    def refuse(self, text: str) -> None:
        """Show why the pasted text can't be used; the wait goes on."""
        self._view.refuse(text)

    def announce(self) -> None:
        """Make screen readers speak what to do."""
        announce(self)

    def take_focus(self) -> None:
        """Put the focus where the user may have to paste."""
        self._view.focus_paste()

    def end(self) -> None:
        """Forget the link and the pasted text."""
        if self._link:
            self._ticks.stop()
            self._link = ""
            self._view.forget()

    def _tick(self) -> None:
        self._view.show_left(max(0, round(self._end_time - time.monotonic())))
