"""Ends the program: from the title bar, the menu, the tray, or when the computer shuts down.

Closing the window while mailboxes are kept fresh, or while imapsync runs, asks one question, and
can go to the tray.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QWidget

from core.i18n.translation import N_, _
from gui.controllers.parts import Parts
from gui.model.imapsync_run import Step
from gui.widgets.plain_label import message_box


class CloseChoice(Enum):
    """What the user wants."""

    QUIT = auto()
    TO_TRAY = auto()
    CANCEL = auto()


class Closing(NamedTuple):
    """Whether there is a tray to go to, and what imapsync does in the window if it runs there.

    The question about a run is over when it has `ended`.
    """

    has_tray: bool
    runs: Step | None = None
    ended: SignalInstance | None = None


AskToClose = Callable[[QWidget, Closing], CloseChoice]
_KEEPS = (
    N_("Quit oauth2_imap?"),
    N_(
        "If you quit, the tokens are no longer refreshed. They expire within an hour. Then "
        "imapsync can't log in any more."
    ),
    N_("&Quit"),
)
_RUNS = N_("imapsync is still running. Stop it and quit oauth2_imap?")
_STOP = N_("&Stop imapsync and quit")
_STOPPED = {
    Step.TEST: N_("It only tests the logins: nothing is copied."),
    Step.COPY: N_("What is copied stays. To copy the rest, run imapsync again."),
}


def ask_to_close(window: QWidget, closing: Closing) -> CloseChoice:
    """Ask whether the program may end. Enter never ends it, and Esc cancels."""
    from PySide6.QtWidgets import QMessageBox  # seldom needed

    words = (_RUNS, _STOPPED[closing.runs], _STOP) if closing.runs else _KEEPS
    question, more, quit_ = map(_, words)
    box = message_box(QMessageBox.Icon.Question, question, more, window)
    roles = QMessageBox.ButtonRole
    to_tray = _("Keep running in the &tray")
    tray = box.addButton(to_tray, roles.AcceptRole) if closing.has_tray else None
    leave = box.addButton(quit_, roles.DestructiveRole)
    cancel = box.addButton(_("&Don't quit"), roles.RejectRole)
    box.setDefaultButton(cancel if closing.runs else tray or cancel)
    if closing.ended:
        closing.ended.connect(box.reject)
    box.exec()
    clicked = box.clickedButton()  # none if the box was closed in another way
    if clicked is leave:
        return CloseChoice.QUIT
    return CloseChoice.TO_TRAY if tray and clicked is tray else CloseChoice.CANCEL


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
        """Stop imapsync, save the settings, and end the program."""
        parts = self._parts
        parts.imapsync_run.stop()
        parts.settings.geometry = bytes(parts.window.saveGeometry().data())
        parts.settings.save()
        parts.log_pane.remove()
        parts.keep_awake.close()
        parts.tray.hide()
        parts.window.hide()
        parts.user_commands.close()
        self.ended.emit()

    def ask_to_quit(self) -> None:
        """Ask if there is something to lose, then end the program unless the user cancels."""
        if self._choice(has_tray=False) is not CloseChoice.CANCEL:
            self.quit()

    def end_of_session(self, manager: QSessionManager) -> None:
        """Ask once while the computer shuts down; "Don't quit" cancels the shutdown.

        Otherwise imapsync has to log out now: there may be no time later.
        """
        if self._has_to_ask() and manager.allowsInteraction():
            is_cancelled = self._choice(has_tray=False, stays=True) is CloseChoice.CANCEL
            if is_cancelled:
                manager.cancel()
            manager.release()
            if is_cancelled:
                return
        self._parts.imapsync_run.stop()

    def _may_close(self) -> bool:
        choice = self._choice(has_tray=self._parts.tray.available)
        if choice is CloseChoice.QUIT:
            self.quit()
        elif choice is CloseChoice.TO_TRAY:
            self._parts.window.hide()
        return choice is CloseChoice.QUIT

    def _has_to_ask(self) -> bool:
        parts = self._parts
        loses = any(not parts.rehearsal.has(row.path) for row in parts.model.kept_rows)
        return loses or parts.imapsync_run.is_running

    def _choice(self, *, has_tray: bool, stays: bool = False) -> CloseChoice:
        """Ask if there is something to lose; only the choice of the tray is remembered.

        A remembered "Quit" would let tokens expire without a word. While imapsync runs, the user
        is always asked. The question `stays` when that ends: without an answer, nothing quits.
        """
        settings, run = self._parts.settings, self._parts.imapsync_run
        runs = run.step if run.is_running else None
        if not self._has_to_ask():
            return CloseChoice.QUIT
        if has_tray and settings.close_to_tray and not runs:
            return CloseChoice.TO_TRAY
        choice = self._ask_once(Closing(has_tray, runs, run.ended if runs and not stays else None))
        if choice is CloseChoice.TO_TRAY:
            settings.close_to_tray = True
        return choice

    def _ask_once(self, closing: Closing) -> CloseChoice:
        """Ask, but not a second time from the tray while the question is open."""
        if self._is_asking:
            return CloseChoice.CANCEL
        self._is_asking = True
        try:
            return self._ask(self._parts.window, closing)
        finally:
            self._is_asking = False
