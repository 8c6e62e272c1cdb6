"""A run of imapsync in the window that can't begin, and what ends one from outside."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QTextDocumentFragment
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gui.controllers.closing import CloseChoice, Closing, ask_to_close
from gui.model.imapsync_run import Step
from gui.widgets.run_view import LastLines
from imapsync_here import click, lines, put_imapsync, run_here, running, told
from window import Driven

pytestmark = [
    pytest.mark.only_on("posix", reason="the programs are scripts for sh"),
    # Warnings of Qt's offscreen platform.
    pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged"),
]


def choose(driven: Driven, program: Path) -> None:
    """Choose an imapsync in the dialog that asks for it."""
    driven.wait(lambda: driven.parts.migration.findChildren(QFileDialog))
    (dialog,) = driven.parts.migration.findChildren(QFileDialog)
    (name,) = dialog.findChildren(QLineEdit, "fileNameEdit")
    driven.wait(name.hasFocus)
    driven.qtbot.keyClicks(name, str(program))
    driven.qtbot.keyClick(name, Qt.Key.Key_Return)


def test_an_imapsync_that_is_not_found_is_asked_for(
    open_pair: Callable[..., Driven], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card says so, also after Cancel; the answer is remembered."""
    driven = open_pair()
    driven.window.resize(1024, 690)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    program = put_imapsync(tmp_path / "else where", "exit 0")
    run_here(driven, 1)
    driven.wait(lambda: "Choose the imapsync program" in told(driven))
    assert driven.shows("Get imapsync…")
    assert not driven.shows("Show the output…")
    site = driven.button("Get imapsync…")
    driven.wait(lambda: site.visibleRegion().boundingRect() == site.rect())
    click(driven, "Choose imapsync…")
    driven.wait(lambda: driven.parts.migration.findChildren(QFileDialog))
    driven.parts.migration.findChildren(QFileDialog)[0].reject()
    driven.wait(lambda: not driven.parts.migration.findChildren(QFileDialog))
    assert "Choose the imapsync program" in told(driven)
    click(driven, "Choose imapsync…")
    choose(driven, program)
    driven.wait(lambda: "Both logins work" in told(driven))
    assert str(program) == driven.settings.imapsync
    run_here(driven, 1)
    driven.wait(lambda: 2 == (program.parent / "started").read_text().count("\n"))
    assert not driven.shows("Get imapsync…")


class Opened(QObject):
    """Takes the pages that would go to the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    @Slot(QUrl)
    def open(self, page: QUrl) -> None:  # Qt finds it by its name
        """Remember it."""
        self.pages.append(page.toString())


def test_the_site_of_imapsync_is_opened(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the browser."""
    driven = open_pair()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    run_here(driven, 2)
    driven.wait(lambda: "imapsync.lamiral.info" in told(driven))
    opened = Opened()
    # The stubs say bytes; Qt for Python takes a str alone.
    QDesktopServices.setUrlHandler("https", opened, "open")  # type: ignore[arg-type]
    try:
        click(driven, "Get imapsync…")
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert ["https://imapsync.lamiral.info/"] == opened.pages


def test_who_copies_a_command_is_told_that_imapsync_is_missing(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Pasted here, it would find none; where there is one, nothing more is said."""
    driven = open_pair()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    lacks = "imapsync was not found on this computer."

    def said() -> str:
        labels = driven.parts.migration.findChildren(QLabel)
        texts = (label.text() for label in labels if label.isVisible())
        return next((text for text in texts if "Copied. Paste" in text), "")

    driven.window.resize(1180, 600)
    click_copies(driven)
    driven.wait(lambda: said().startswith(f"⚠ {lacks}"))  # before what can't be done yet
    bar = driven.parts.message_bar
    driven.wait(lambda: bar.message.headline.startswith(f"⚠ {lacks}"))  # that is out of view
    assert "Copied. Paste the command into a terminal and press Enter." == bar.message.below
    assert "imapsync.lamiral.info" in said()
    driven.settings.imapsync = str(put_imapsync(tmp_path / "mine", "exit 0"))
    click_copies(driven)
    driven.rest()
    assert said()
    assert lacks not in said()
    driven.wait(lambda: "Copied. Paste" in driven.parts.message_bar.message.headline)
    driven.window.resize(1180, 1000)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    click_copies(driven)
    driven.rest()
    driven.qtbot.wait(300)
    assert said()
    assert "Copied" not in driven.panel_text()  # the user reads it below the steps


def click_copies(driven: Driven) -> None:
    """Copy the command of the second step."""
    driven.named(QPushButton, "Copy the command to copy the mail").click()


def test_another_imapsync_can_be_chosen(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """Also while the one that is found works; nothing starts by that."""
    driven = open_pair("exit 0")
    program = put_imapsync(tmp_path / "else where", "exit 0")
    click(driven, "Choose imapsync…")
    choose(driven, program)
    driven.wait(lambda: str(program) == driven.settings.imapsync)
    assert "" == told(driven)
    assert str(program) in driven.status()
    assert "Its name is not imapsync" not in driven.panel_text()
    assert str(program) in driven.button("Choose imapsync…").toolTip()
    commands = [text.toPlainText() for text in driven.parts.migration.findChildren(QPlainTextEdit)]
    assert any(text.startswith(f"'{program}' --host1 ") for text in commands)
    run_here(driven, 1)
    driven.wait((program.parent / "started").exists)


def test_another_program_is_not_started_at_once(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was chosen for a step that waits for imapsync; it may have been a slip."""
    driven = open_pair()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    run_here(driven, 1)
    driven.wait(lambda: "imapsync.lamiral.info" in told(driven))
    other = put_imapsync(tmp_path / "other", "exit 0").rename(tmp_path / "other" / "browser")
    click(driven, "Choose imapsync…")
    choose(driven, other)
    driven.wait(lambda: "⚠ Its name is not imapsync." in driven.panel_text())
    assert not driven.parts.imapsync_run.is_running


def test_an_imapsync_that_cannot_be_started(
    open_pair: Callable[..., Driven], tmp_path: Path
) -> None:
    """The card says why, and another one can be chosen."""
    driven = open_pair("exit 0")
    broken = tmp_path / "imapsync"
    broken.write_text("no program")
    driven.settings.imapsync = str(broken)
    run_here(driven, 1)
    driven.wait(lambda: "can't be started: Permission denied" in told(driven))
    button = next(
        b for b in driven.visible(QPushButton) if b.accessibleName() == "Choose another imapsync"
    )
    assert button is driven.button("Choose imapsync…")  # there is one
    driven.wait(lambda: button.height() > 0)
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    driven.wait(lambda: driven.parts.migration.findChildren(QFileDialog))
    click(driven, "Hide")
    assert (
        'Choose the imapsync that "Run here" starts'
        == driven.button("Choose imapsync…").accessibleName()
    )


def test_a_refused_login(open_pair: Callable[..., Driven]) -> None:
    """The card says what to do in the window, and nothing of command lines."""
    refused = "Host2 failure: Error login on [h] with user [u] auth [XOAUTH2]: 2 NO"
    driven = open_pair(f"echo '{refused}'; exit 162")
    run_here(driven, 1)
    driven.wait(lambda: "the destination refused the login." in told(driven))
    assert 'your own one under Options, "Sign in as"' in told(driven)
    driven.wait(lambda: "imapsync has ended because" in lines(driven))
    assert "--" not in "\n".join([*driven.parts.imapsync_run.output, told(driven)])


def test_the_end_of_a_long_line_is_shown(qtbot: QtBot) -> None:
    """The reason of an error is there. The whole line is in the tool tip, in several lines."""
    lines = LastLines()
    qtbot.addWidget(lines)
    lines.resize(300, 80)
    long = f"- msg INBOX/7 could not append ( Subject:[<b>{'x ' * 60}] ): 9 NO [LIMIT] too big"
    lines.show_lines(["one", long])
    first, last = lines.text().split("\n")
    assert "one" == first
    assert last.startswith("- msg")
    assert {*last.split()} <= {"…", *long.split()}  # half of a number would be another one
    assert last.endswith("too big")
    shown = QTextDocumentFragment.fromHtml(lines.toolTip()).toPlainText().split("\n")
    assert f"one {long}" == " ".join(shown)
    assert max(map(len, shown)) <= 100


@pytest.mark.parametrize("way", ["close", "quit in the tray"])
def test_quitting_while_it_runs_asks(open_pair: Callable[..., Driven], way: str) -> None:
    """Enter means Cancel; the question says what happens to imapsync."""
    driven = running(open_pair, ask=ask_to_close)
    said: list[str] = []

    def press_enter() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.append(box.text())
        driven.qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(0, press_enter)
    if way == "close":
        driven.window.close()
    else:
        driven.parts.tray.menu.actions()[1].trigger()
    assert ["imapsync is still running. Stop it and quit oauth2_imap?"] == said
    assert driven.window.isVisible()
    assert driven.parts.imapsync_run.is_running


def test_quitting_ends_imapsync(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """It logs out before the program ends; the next start keeps nothing for it."""
    asked: list[Closing] = []

    def ask(window: object, closing: Closing) -> CloseChoice:
        asked.append(closing)
        return CloseChoice.QUIT

    driven = running(open_pair, ask=ask)
    assert 2 == len(driven.model.kept_rows)
    driven.window.close()
    driven.parts.tasks.close()
    assert "logged out" in driven.parts.imapsync_run.output
    assert set() == driven.kept()
    assert [(False, Step.COPY)] == [closing[:2] for closing in asked]


def test_the_question_goes_with_the_run(open_pair: Callable[..., Driven]) -> None:
    """It would say that imapsync is still running; the window stays."""
    driven = open_pair("while [ ! -e go ]; do sleep 0.02; done; exit 0", ask=ask_to_close)
    run_here(driven, 2)
    driven.wait(lambda: "Starting" not in driven.panel_text())
    boxes: list[str] = []

    def end_run() -> None:
        boxes.extend(box.text() for box in driven.visible(QMessageBox))
        (driven.parts.imapsync_run.folder / "go").touch()

    QTimer.singleShot(200, end_run)
    driven.window.close()
    assert ["imapsync is still running. Stop it and quit oauth2_imap?"] == boxes
    assert [] == driven.visible(QMessageBox)
    assert driven.window.isVisible()
    assert "imapsync has ended without an error." in told(driven)


class ShuttingDown:
    """What Qt passes when the computer shuts down (a real one can't be made)."""

    def __init__(self, *, can_ask: bool = False) -> None:
        """`can_ask`: there is time for questions."""
        self._can_ask = can_ask
        self.is_cancelled = False

    def allowsInteraction(self) -> bool:  # as in Qt
        """Whether the user may be asked."""
        return self._can_ask

    def cancel(self) -> None:
        """Cancel the shutdown."""
        self.is_cancelled = True

    def release(self) -> None:
        """Let the shutdown go on."""


def test_a_run_that_ends_cancels_no_shutdown(open_pair: Callable[..., Driven]) -> None:
    """The question stays: only its button says that the computer is to go on."""
    driven = open_pair("while [ ! -e go ]; do sleep 0.02; done; exit 0", ask=ask_to_close)
    run_here(driven, 2)
    driven.wait(lambda: "Starting" not in driven.panel_text())
    session = ShuttingDown(can_ask=True)

    def end_run() -> None:
        (driven.parts.imapsync_run.folder / "go").touch()
        driven.wait(lambda: not driven.parts.imapsync_run.is_running)
        driven.click("Stop imapsync and quit", driven.visible(QMessageBox)[0])

    QTimer.singleShot(200, end_run)
    driven.content.closing.end_of_session(session)  # type: ignore[arg-type]
    assert not session.is_cancelled


def test_a_shutdown_ends_imapsync(open_pair: Callable[..., Driven]) -> None:
    """Also where nobody can be asked."""
    driven = running(open_pair)
    driven.content.closing.end_of_session(ShuttingDown())  # type: ignore[arg-type]
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    assert "logged out" in lines(driven)
