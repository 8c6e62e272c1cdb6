"""The icon in the notification area: shows the worst state, and messages.

Where the system has no notification area (yet), nothing happens. The caller decides what is worth a
message.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from core.i18n.translation import _
from gui.model.icons import IconState, app_icon, badged_icon
from gui.model.plain_text import notification

_NAME = "oauth2_imap"
_SHORT, _LONG = 5_000, 15_000  # ms for which a message is shown, if the system uses it
# A click on the icon. On macOS each click opens the menu and is a Trigger too.
_OPENS = (
    QSystemTrayIcon.ActivationReason.Trigger,
    QSystemTrayIcon.ActivationReason.DoubleClick,
)


class Tray(QObject):
    """The icon appears with `show_state`, as soon as there is a notification area."""

    open_requested = Signal()
    quit_requested = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        is_available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._is_available = is_available
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        self._menu.addAction(_("&Open")).triggered.connect(lambda _: self.open_requested.emit())
        self._menu.addAction(_("&Quit")).triggered.connect(lambda _: self.quit_requested.emit())

    @property
    def available(self) -> bool:
        """Whether there is a notification area now, from which a hidden window can be opened."""
        return self._is_available()

    @property
    def menu(self) -> QMenu:
        """The menu of the icon."""
        return self._menu

    @property
    def icon(self) -> QSystemTrayIcon | None:
        """Qt's icon, or None before it appears."""
        return self._icon

    def show_state(self, state: str, text: str) -> None:
        """Show a state (see `gui.model.icons.IconState`), with a text in the tool tip."""
        icon = self._shown_icon()
        if icon is None:
            return
        icon.setIcon(app_icon() if state == IconState.FRESH else badged_icon(state))
        icon.setToolTip(notification(f"{_NAME}: {text}"))
        icon.show()

    def notify(self, title: str, text: str, *, urgent: bool) -> None:
        """Show a message at the icon; a click on it opens the window."""
        icon = self._shown_icon()
        if icon is None or not icon.isVisible():
            return
        kind = QSystemTrayIcon.MessageIcon
        icon.showMessage(
            notification(title),
            notification(text),
            kind.Warning if urgent else kind.Information,
            _LONG if urgent else _SHORT,
        )

    def hide(self) -> None:
        """Remove the icon."""
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
