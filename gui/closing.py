"""Closing while mailboxes are kept fresh: asks once, and can go to the tray."""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtWidgets import QMessageBox, QWidget

from gui.settings import Settings


class Answer(Enum):
    """What the person wants."""

    QUIT = auto()
    TO_TRAY = auto()
    STAY = auto()


Ask = Callable[[QWidget, bool], Answer]


def decide(
    window: QWidget, settings: Settings, *, keeps: bool, has_tray: bool, ask: Ask | None = None
) -> Answer:
    """What closing the window means now; an answer that isn't "stay" is remembered."""
    if not keeps:
        return Answer.QUIT
    if settings.close_to_tray is not None and has_tray:
        return Answer.TO_TRAY if settings.close_to_tray else Answer.QUIT
    answer = (ask or ask_person)(window, has_tray)
    if answer is not Answer.STAY and has_tray:
        settings.close_to_tray = answer is Answer.TO_TRAY
    return answer


def ask_person(window: QWidget, has_tray: bool) -> Answer:
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
    answers = {tray: Answer.TO_TRAY, end: Answer.QUIT}
    return answers.get(box.clickedButton(), Answer.STAY)  # type: ignore[call-overload, no-any-return]
