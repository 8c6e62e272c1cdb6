"""Ends the program: from the title bar, the menu, the tray, or when the computer shuts down.

Closing the window while mailboxes are kept fresh asks one question, and can go to the tray.
"""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.controllers.parts import Parts
from gui.widgets.plain_label import message_box


class CloseChoice(Enum):
    """What the user wants."""

    QUIT = auto()
    TO_TRAY = auto()
    CANCEL = auto()


AskToClose = Callable[[QWidget, bool], CloseChoice]


def ask_to_close(window: QWidget, has_tray: bool) -> CloseChoice:
    """Ask whether the program may end. Enter never ends it, and Esc cancels."""
    box = message_box(
        QMessageBox.Icon.Question,
        "Quit oauth2_imap?",
        "If you quit, the tokens are no longer refreshed. They expire within an hour. Then "
        "imapsync can't log in any more.",
        window,
    )
    roles = QMessageBox.ButtonRole
    tray = box.addButton("Keep running in the &tray", roles.AcceptRole) if has_tray else None
    leave = box.addButton("&Quit", roles.DestructiveRole)
    cancel = box.addButton("&Cancel", roles.RejectRole)
    box.setDefaultButton(tray or cancel)
    box.exec()
    answers = {tray: CloseChoice.TO_TRAY, leave: CloseChoice.QUIT}
    return answers.get(box.clickedButton(), CloseChoice.CANCEL)  # type: ignore[call-overload, no-any-return]


class CloseController(QObject):
    """Asks before refreshing stops; emits `ended` when the program may end."""

    ended = Signal()

    def __init__(
        self, parts: Parts, *, ask: AskToClose = ask_to_close, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._ask = ask
        self._is_asking = False
        parts.window.may_close = self._may_close

    def quit(self) -> None:
        """Save the settings, stop keeping the computer awake, and end the program."""
        parts = self._parts
        parts.settings.geometry = bytes(parts.window.saveGeometry().data())
        parts.settings.save()
        parts.log_pane.remove()
        parts.keep_awake.close()
        parts.tray.hide()
        parts.window.hide()
        self.ended.emit()

    def ask_to_quit(self) -> None:
        """Ask if mailboxes are kept fresh, then end the program unless the user cancels."""
        if self._choice(has_tray=False) is not CloseChoice.CANCEL:
            self.quit()

    def end_of_session(self, manager: QSessionManager) -> None:
        """Ask once while the computer shuts down; "Cancel" cancels the shutdown."""
        if self._keeps_any() and manager.allowsInteraction():
            if self._choice(has_tray=False) is CloseChoice.CANCEL:
                manager.cancel()
            manager.release()

    def _may_close(self) -> bool:
        choice = self._choice(has_tray=self._parts.tray.available)
        if choice is CloseChoice.QUIT:
            self.quit()
        elif choice is CloseChoice.TO_TRAY:
            self._parts.window.hide()
        return choice is CloseChoice.QUIT

    def _keeps_any(self) -> bool:
        return bool(self._parts.model.kept_rows)

    def _choice(self, *, has_tray: bool) -> CloseChoice:
        """Ask if mailboxes are kept fresh; only the choice of the tray is remembered.

        A remembered "Quit" would let tokens expire without a word.
        """
        settings = self._parts.settings
        if not self._keeps_any():
            return CloseChoice.QUIT
        if has_tray and settings.close_to_tray:
            return CloseChoice.TO_TRAY
        choice = self._ask_once(has_tray)
        if choice is CloseChoice.TO_TRAY:
            settings.close_to_tray = True
        return choice

    def _ask_once(self, has_tray: bool) -> CloseChoice:
        """Ask, but not a second time from the tray while the question is open."""
        if self._is_asking:
            return CloseChoice.CANCEL
        self._is_asking = True
        try:
            return self._ask(self._parts.window, has_tray)
        finally:
            self._is_asking = False
