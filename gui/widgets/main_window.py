"""The window: a menu bar, the address bar, and room for the content below them.

The first frame shows these alone, so that the window appears as fast as any Qt window. After it the
window emits `painted`, and `set_content` adds the rest. Once that is on the screen too, the window
emits `completed`: what nobody sees at once is done then. Import nothing here that the first frame
doesn't show: loading Qt's enumerations alone (`Qt`) takes longer than the whole first frame.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from core.i18n.translation import _, english
from gui.widgets.address_bar import AddressBar
from gui.widgets.header_card import HeaderCard
from gui.widgets.outlined import Menu
from gui.widgets.page import Column, Page

log = logging.getLogger(__name__)

_SIZE = QSize(1180, 800)
_OF_SCREEN = 0.9
_LOW = 520  # pixels; on such a screen no room is left free for the wait
_MARGINS = (16, 0, 16, 12)


class MainWindow(QMainWindow):
    """The window. Keys and clicks before the content is there aren't lost: Qt queues them."""

    painted = Signal()  # once, after the first frame
    noted = Signal(str, bool)  # text, warning
    completed = Signal()  # once, after the first frame with the content

    def __init__(self, geometry: bytes = b"") -> None:
        """`geometry` is the result of `saveGeometry` when the window was closed last."""
        super().__init__()
        self.setWindowTitle("oauth2_imap")
        self.address_bar = AddressBar()
        self.header = HeaderCard(self.address_bar)
        self.program_menu = self._add_menu(_("Progra&m"))
        self.help_menu = self._add_menu(_("&Help"))
        self.may_close: Callable[[], bool] = lambda: True  # a controller replaces it
        self._after_paint: SignalInstance | None = self.painted
        centre = Column()
        self._column = QVBoxLayout(centre)
        self._column.setContentsMargins(*_MARGINS)
        self._column.addWidget(self.header)
        self._column.addStretch()
        self._page = Page(centre)
        self.setCentralWidget(self._page)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * _OF_SCREEN))
        if geometry:
            self.restoreGeometry(geometry)

    def set_content(self, content: QWidget) -> None:
        """Add the content below the address bar."""
        self._column.takeAt(self._column.count() - 1)
        self._column.addWidget(content, 1)
        self._page.complete()
        self._after_paint = self.completed
        self.update()  # the page covers the window, so Qt would paint the page alone

    def _add_menu(self, title: str) -> Menu:
        bar = self.menuBar()
        menu = Menu(title, bar)
        bar.addMenu(menu)
        return menu

    def note(self, text: str, warning: bool = False) -> None:
        """Log a note; a warning is shown in the message bar as well."""
        log.log(logging.WARNING if warning else logging.INFO, "%s", english(text))
        self.noted.emit(text, warning)

    def come_to_front(self) -> None:
        """Show the window in front of all others; a maximized one stays maximized."""
        from PySide6.QtCore import Qt  # too slow for the first frame

        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def call_user(self) -> None:
        """Come forward if the system allows it; otherwise the entry in the taskbar flashes."""
        if self.isVisible():
            self.raise_()
            self.activateWindow()
            QApplication.alert(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the window if `may_close` allows it."""
        event.setAccepted(self.may_close())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room of a low window."""
        super().resizeEvent(event)
        self.header.keep_height(self.height() > _LOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit `painted` or `completed` after its frame is on the screen."""
        super().paintEvent(event)
        if (signal := self._after_paint) is not None:
            self._after_paint = None
            QTimer.singleShot(0, self, signal.emit)
