"""Ending the program: the window's close button, the menu, the tray, and a shutdown."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui.controllers.closing import CloseChoice, Closing, ask_to_close
from gui.model.imapsync_run import Step
from gui.widgets.tray import Tray
from servers import Stage
from window import SOON, Driven, MakeWindow, only


class Asked:
    """Answers the question at closing, and records whether there was a tray."""

    def __init__(self, *answers: CloseChoice) -> None:
        """`answers` are given one after the other."""
        self.answers = list(answers)
        self.had_tray: list[bool] = []

    def __call__(self, window: QWidget, closing: Closing) -> CloseChoice:
        """Answer, in place of gui.controllers.closing.ask_to_close."""
        self.had_tray.append(closing.has_tray)
        return self.answers.pop(0)


def keeps(stage: Stage, make_stage_window: MakeWindow, asked: Asked, **options: object) -> Driven:
    """Return a window that keeps one mailbox fresh."""
    stage.sign_in()
    driven: Driven = make_stage_window(stage, ask=asked, **options)
    driven.click_row(0)
    driven.click("Keep refreshing")
    return driven


def test_closing_asks_nothing_while_nothing_is_kept(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The program just ends."""
    asked = Asked()
    driven = make_stage_window(stage, ask=asked)
    with driven.qtbot.waitSignal(driven.content.closing.ended, timeout=SOON):
        driven.window.close()
    assert [] == asked.had_tray


def test_closing_asks_while_a_mailbox_is_kept(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Without a tray the answers are stay and quit, and none is remembered."""
    asked = Asked(CloseChoice.CANCEL, CloseChoice.QUIT)
    driven = keeps(stage, make_stage_window, asked)
    ended: list[bool] = []
    driven.content.closing.ended.connect(lambda: ended.append(True))
    driven.window.close()
    assert ([], True) == (ended, driven.window.isVisible())
    driven.window.close()
    assert ([True], False) == (ended, driven.window.isVisible())
    assert [False, False] == asked.had_tray
    assert not driven.settings.close_to_tray


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")
def test_only_the_tray_is_remembered(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A remembered Quit would let the tokens expire without a question."""
    asked = Asked(CloseChoice.QUIT, CloseChoice.TO_TRAY)
    driven = keeps(stage, make_stage_window, asked, tray=Tray(is_available=lambda: True))
    remembered: list[bool] = []
    for _ in range(3):
        driven.window.close()
        assert not driven.window.isVisible()
        remembered.append(driven.settings.close_to_tray)
        driven.window.show()
    assert [False, True, True] == remembered
    assert [True, True] == asked.had_tray


def test_quit_in_the_menu_asks_while_a_mailbox_is_kept(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The tray is not offered to a user who chose Quit."""
    asked = Asked(CloseChoice.CANCEL, CloseChoice.QUIT)
    driven = keeps(stage, make_stage_window, asked)
    quit_action = next(
        action
        for menu in driven.window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.text() == "&Quit"
    )
    quit_action.trigger()
    assert driven.window.isVisible()
    with driven.qtbot.waitSignal(driven.content.closing.ended, timeout=SOON):
        quit_action.trigger()
    assert [False, False] == asked.had_tray


class ShuttingDown:
    """What Qt passes when the computer shuts down (a real one can't be made)."""

    def __init__(self) -> None:
        self.cancelled = self.released = False

    def allowsInteraction(self) -> bool:  # as in Qt
        """The user may be asked."""
        return True

    def cancel(self) -> None:
        """Cancel the shutdown."""
        self.cancelled = True

    def release(self) -> None:
        """Let the shutdown go on."""
        self.released = True


@pytest.mark.parametrize("answer", [CloseChoice.CANCEL, CloseChoice.QUIT])
def test_a_shutdown_while_keeping_is_asked_about(
    answer: CloseChoice, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The shutdown is cancelled by "Don't quit"."""
    driven = keeps(stage, make_stage_window, Asked(answer))
    session = ShuttingDown()
    driven.content.closing.end_of_session(session)  # type: ignore[arg-type]
    assert (answer is CloseChoice.CANCEL, True) == (session.cancelled, session.released)


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")
def test_closing_to_the_tray_is_asked_once(stage: Stage, make_stage_window: MakeWindow) -> None:
    """From then on closing hides the window, and refreshing goes on."""
    asked = Asked(CloseChoice.TO_TRAY)
    tray = Tray(is_available=lambda: True)
    driven = keeps(stage, make_stage_window, asked, tray=tray)
    ended: list[bool] = []
    driven.content.closing.ended.connect(lambda: ended.append(True))
    for _ in range(2):
        driven.window.close()
        assert not driven.window.isVisible()
        tray.open_requested.emit()
        assert driven.window.isVisible()
    assert ([True], []) == (asked.had_tray, ended)
    assert driven.model.rows[0].kept


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")
def test_quit_in_the_tray_asks_while_a_mailbox_is_kept(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It stands beside Open, and would let the tokens expire."""
    asked = Asked(CloseChoice.CANCEL, CloseChoice.QUIT)
    tray = Tray(is_available=lambda: True)
    driven = keeps(stage, make_stage_window, asked, tray=tray)
    ended: list[bool] = []
    driven.content.closing.ended.connect(lambda: ended.append(True))
    _, quit_ = tray.menu.actions()
    quit_.trigger()
    assert [] == ended
    quit_.trigger()
    assert ([True], [False, False]) == (ended, asked.had_tray)


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")
@pytest.mark.parametrize(("has_tray", "hides"), [(True, True), (False, False)])
def test_enter_never_ends_the_keeping(
    stage: Stage, make_stage_window: MakeWindow, has_tray: bool, hides: bool
) -> None:
    """The default answer is to stay: in the tray, or without one in the window."""
    tray = Tray(is_available=lambda: has_tray)
    driven = keeps(stage, make_stage_window, Asked(), tray=tray)
    driven.content.closing._ask = ask_to_close
    ended: list[bool] = []
    driven.content.closing.ended.connect(lambda: ended.append(True))

    def press_enter() -> None:
        driven.qtbot.keyClick(only(driven.window, QMessageBox), Qt.Key.Key_Return)

    QTimer.singleShot(0, press_enter)
    driven.window.close()
    assert ([], hides) == (ended, not driven.window.isVisible())
    assert driven.model.rows[0].kept


@pytest.mark.parametrize(("button", "ends"), [("&Don't quit", False), ("&Quit", True)])
def test_the_question_at_closing(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow, button: str, ends: bool
) -> None:
    """It says what stops, and its buttons do what they say."""
    driven = keeps(stage, make_stage_window, Asked())
    driven.content.closing._ask = ask_to_close
    said: list[str] = []

    def answer() -> None:
        box = only(driven.window, QMessageBox)
        said.append(box.text() + box.informativeText())
        chosen = next(b for b in box.findChildren(QAbstractButton) if button == b.text())
        qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, answer)
    driven.window.close()
    assert "can't log in any more" in said[0]
    assert ends is not driven.window.isVisible()


@pytest.mark.parametrize(
    ("step", "words"), [(Step.TEST, "nothing is copied."), (Step.COPY, "What is copied stays.")]
)
def test_the_question_while_imapsync_runs(
    stage: Stage, make_stage_window: MakeWindow, step: Step, words: str
) -> None:
    """It says what that ends."""
    window = make_stage_window(stage).window
    said: list[str] = []

    def answer() -> None:
        box = only(window, QMessageBox)
        said.append(box.informativeText())
        box.reject()

    QTimer.singleShot(0, answer)
    assert CloseChoice.CANCEL is ask_to_close(window, Closing(has_tray=False, runs=step))
    assert words in said[0]
