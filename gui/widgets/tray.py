"""The icon in the notification area: the worst state at a glance, and messages when it changes.

Where the system has no such place (yet), everything here quietly does nothing. What is worth a
message is the caller's to decide.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from gui.model.icons import IconState, app_icon, badged_icon

_NAME = "oauth2_imap"
_SHORT, _LONG = 5_000, 15_000  # ms a message is shown, where the system asks
# A click on the icon; macOS opens the menu at every click, and sends Trigger too.
_OPENS = (
    QSystemTrayIcon.ActivationReason.Trigger,
    QSystemTrayIcon.ActivationReason.DoubleClick,
)


class Tray(QObject):
    """Show it once with `show_state`; it may come into being only later, after a login."""

    open_requested = Signal()
    quit_requested = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        is_available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        """Nothing is shown yet."""
        super().__init__(parent)
        self._is_available = is_available
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        self._menu.addAction("&Open").triggered.connect(lambda _: self.open_requested.emit())
        self._menu.addAction("&Quit").triggered.connect(lambda _: self.quit_requested.emit())

    @property
    def available(self) -> bool:
        """Whether a window that is closed could still be reached here, now."""
        return self._is_available()

    @property
    def menu(self) -> QMenu:
        """What a click with the other button opens."""
        return self._menu

    @property
    def icon(self) -> QSystemTrayIcon | None:
        """Qt's icon, once there is one."""
        return self._icon

    def show_state(self, state: str, text: str) -> None:
        """Show one of `gui.model.icons.IconState`, and say it in words in the tool tip."""
        icon = self._shown_icon()
        if icon is None:
            return
        icon.setIcon(app_icon() if state == IconState.FRESH else badged_icon(state))
        icon.setToolTip(f"{_NAME}: {text}")
        icon.show()

    def notify(self, title: str, text: str, *, urgent: bool) -> None:
        """Show a message beside the icon; a click on it opens the window."""
        icon = self._shown_icon()
        if icon is None or not icon.isVisible():
            return
        kind = QSystemTrayIcon.MessageIcon
        icon.showMessage(
            title,
            text,
            kind.Warning if urgent else kind.Information,
            _LONG if urgent else _SHORT,
        )

    def hide(self) -> None:
        """Take the icon away, as at the end of the program."""
        if self._icon is not None:
            self._icon.hide()

    def _shown_icon(self) -> QSystemTrayIcon | None:
        if self._icon is None and self.available:
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._activate)
            self._icon.messageClicked.connect(self.open_requested)
        return self._icon

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in _OPENS:
            self.open_requested.emit()
