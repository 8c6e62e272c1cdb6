"""Shown in the card while the user signs in: the wait for the browser, or for another device."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.browser_choice import BrowserChoice
from gui.model.sign_in_words import next_sentence
from gui.widgets.announce import announce
from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported by the first wait
    from core.events import WaitingForBrowser, WaitingForDevice
    from gui.widgets.device_view import DeviceView
    from gui.widgets.waiting_view import WaitingView


class WaitingPanel(QWidget):
    """Knows a link, or has a code, between `wait` and `end`; one of its two views is shown."""

    open_again = Signal(str)  # the link
    open_elsewhere = Signal(str, BrowserChoice)
    device_code_wanted = Signal()
    pasted = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = ""
        self._has_code = False
        self._next = ""
        self._made: list[WaitingView | DeviceView] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @cached_property
    def _browser_view(self) -> "WaitingView":
        """The widgets of the wait for the browser, made for the first one."""
        from gui.widgets.waiting_view import WaitingView

        view = WaitingView()
        view.open_again.connect(lambda: self.open_again.emit(self._link))
        view.browser_wanted.connect(lambda c: self.open_elsewhere.emit(self._link, c))
        view.copy_wanted.connect(lambda: QGuiApplication.clipboard().setText(self._link))
        view.device_wanted.connect(self._ask_for_device_code)
        view.cancelled.connect(self.cancelled)
        view.pasted.connect(self.pasted)
        self._add(view)
        return view

    @cached_property
    def _device_view(self) -> "DeviceView":
        """The widgets of the wait for another device, made for the first one."""
        from gui.widgets.device_view import DeviceView

        view = DeviceView()
        view.page_wanted.connect(self.open_again)
        view.browser_wanted.connect(lambda: self._turn_to(self._browser_view))
        view.cancelled.connect(self.cancelled)
        self._add(view)
        return view

    def _add(self, view: "WaitingView | DeviceView") -> None:
        self._made.append(view)
        self._column.addWidget(view)
        put_into_tab_order(view, self)

    def wait(self, event: "WaitingForBrowser", mailbox: str) -> None:
        """Show what to do for a mailbox in the browser, and count down."""
        self._link = event.url
        self._browser_view.wait(event, mailbox)
        self._browser_view.show_next(self._next)
        self._turn_to(self._browser_view)

    def offer_browsers(self, labels: Mapping[BrowserChoice, str]) -> None:
        """Offer to open the link in one of these browsers."""
        self._browser_view.offer_browsers(labels)

    def wait_for_device(self, event: "WaitingForDevice", mailbox: str) -> None:
        """Show the code for another device; the browser may wait too."""
        self._has_code = True
        self._device_view.wait(event, mailbox, has_browser=bool(self._link))
        self._device_view.show_next(self._next)
        if self._link:
            self._browser_view.allow_device()
        self._turn_to(self._device_view)

    def way_ended(self, text: str, *, is_device_code: bool) -> None:
        """Show why one of the two has failed, on the view of the other one, which goes on."""
        if is_device_code:
            self._has_code = False
            self._browser_view.device_code_failed(text)
            self._turn_to(self._browser_view)
        else:
            self._link = ""
            self._device_view.browser_failed(text)
            self._turn_to(self._device_view)

    def show_next(self, names: Sequence[str]) -> None:
        """Show whose sign-ins come after this one."""
        self._next = next_sentence(names)
        if self._link:
            self._browser_view.show_next(self._next)
        if self._has_code:
            self._device_view.show_next(self._next)

    def refuse(self, text: str) -> None:
        """Show why the pasted text can't be used; the wait goes on."""
        self._browser_view.refuse(text)

    def browser_failed(self, link: str) -> bool:
        """Say that no browser has opened this link; return whether it is one of this wait."""
        if self._link and link == self._link:
            view: WaitingView | DeviceView = self._browser_view
        elif self._has_code and link == self._device_view.page:
            view = self._device_view
        else:
            return False
        view.not_opened()
        if view.isVisibleTo(self):
            self.setAccessibleName(view.spoken)
            self.announce()
        return True

    def announce(self) -> None:
        """Make screen readers speak what to do."""
        announce(self)

    def take_focus(self) -> None:
        """Put the focus where the user may have to paste, or can copy the code."""
        if self._link and self._browser_view.isVisibleTo(self):
            self._browser_view.focus_paste()
        elif self._has_code:
            self._device_view.focus_code()

    def end(self) -> None:
        """Forget the link, the pasted text and the code."""
        for view in self._made:
            view.forget()
        self._link = ""
        self._has_code = False

    def _ask_for_device_code(self) -> None:
        """Show the code that waits, or ask for one."""
        if self._has_code:
            self._browser_view.allow_device()
            self._turn_to(self._device_view)
        else:
            self.device_code_wanted.emit()

    def _turn_to(self, view: "WaitingView | DeviceView") -> None:
        for other in self._made:
            other.setVisible(other is view)
        self.setAccessibleName(view.spoken)
