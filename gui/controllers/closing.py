"""The end: by the window's cross, the menu, the tray, or with the computer.

Closing while mailboxes are kept fresh asks once, and can go to the tray.
"""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.controllers.refreshing import RefreshController
from gui.model.settings import Settings
from gui.widgets.log_pane import LogPane
from gui.widgets.main_window import MainWindow
from gui.widgets.tray import Tray


class CloseChoice(Enum):
    """What the person wants."""

    QUIT = auto()
    TO_TRAY = auto()
    STAY = auto()


AskToClose = Callable[[QWidget, bool], CloseChoice]


class CloseController(QObject):
    """Asks where it matters; `ended` is the end of the program."""

    ended = Signal()

    def __init__(
        self,
        *,
        window: MainWindow,
        settings: Settings,
        keeping: RefreshController,
        log_pane: LogPane,
        tray: Tray,
        ask: AskToClose | None = None,
        parent: QObject | None = None,
    ) -> None:
        """From now on the window asks before it closes."""
        super().__init__(parent)
        self._window = window
        self._settings = settings
        self._keeping = keeping
        self._log_pane = log_pane
        self._tray = tray
        self._ask = ask
        window.may_close = self._may_close

    def quit(self) -> None:
        """End, and stop keeping."""
        self._settings.geometry = bytes(self._window.saveGeometry().data())
        self._settings.save()
        self._log_pane.remove()
        self._keeping.close()
        self._window.hide()
        self.ended.emit()

    def ask_to_quit(self) -> None:
        """End, unless the person would rather stay."""
        if not self._asked_to_stay():
            self.quit()

    def end_of_session(self, manager: QSessionManager) -> None:
        """The computer shuts down while mailboxes are kept: say why that matters, once."""
        if self._keeping.keeps_any and manager.allowsInteraction():
            if self._asked_to_stay():
                manager.cancel()
            manager.release()

    def _may_close(self) -> bool:
        answer = self._decide(has_tray=self._tray.available)
        if answer is CloseChoice.QUIT:
            self.quit()
        elif answer is CloseChoice.TO_TRAY:
            self._window.hide()
        return answer is CloseChoice.QUIT

    def _asked_to_stay(self) -> bool:
        return self._decide(has_tray=False) is CloseChoice.STAY

    def _decide(self, *, has_tray: bool) -> CloseChoice:
        keeps = self._keeping.keeps_any
        return decide(self._window, self._settings, keeps=keeps, has_tray=has_tray, ask=self._ask)


def decide(
    window: QWidget,
    settings: Settings,
    *,
    keeps: bool,
    has_tray: bool,
    ask: AskToClose | None = None,
) -> CloseChoice:
    """What closing the window means now; an answer that isn't "stay" is remembered."""
    if not keeps:
        return CloseChoice.QUIT
    if settings.close_to_tray is not None and has_tray:
        return CloseChoice.TO_TRAY if settings.close_to_tray else CloseChoice.QUIT
    answer = (ask or ask_to_close)(window, has_tray)
    if answer is not CloseChoice.STAY and has_tray:
        settings.close_to_tray = answer is CloseChoice.TO_TRAY
    return answer


def ask_to_close(window: QWidget, has_tray: bool) -> CloseChoice:
    """The one question."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("oauth2_imap")
    box.setText("Tokens are kept fresh. Stop that?")
    box.setInformativeText(
        "When oauth2_imap ends, the tokens end within the hour, and an imapsync that still runs "
        "can't log in any more."
    )
    tray = box.addButton("Go to the &tray", QMessageBox.ButtonRole.AcceptRole) if has_tray else None
    end = box.addButton("&Quit", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton("&Stay", QMessageBox.ButtonRole.RejectRole)
    box.exec()
    answers = {tray: CloseChoice.TO_TRAY, end: CloseChoice.QUIT}
    return answers.get(box.clickedButton(), CloseChoice.STAY)  # type: ignore[call-overload, no-any-return]
