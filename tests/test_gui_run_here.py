"""imapsync started in the window: scripts for sh take its place, started by real clicks."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from gui.controllers.closing import CloseChoice, Closing, ask_to_close
from gui.widgets.run_output import RunOutputDialog
from servers import Stage
from test_gui_mailboxes import write
from window import Driven, MakeWindow

pytestmark = [
    pytest.mark.only_on("posix", reason="the programs are scripts for sh"),
    # Warnings of Qt's offscreen platform.
    pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged"),
]

A, B = "a.one@demo.example", "b.two@demo.example"
STAYS = "i=0; while [ $i -lt 1000 ]; do sleep 0.02; i=$((i+1)); done"
GENTLE = "trap 'echo logged out; exit 6' TERM"
COPIES = """
echo "msg INBOX/1 {9} copied to INBOX/1  1.00 msgs/s"
echo "msg INBOX/2 {9} copied to INBOX/2  1.00 msgs/s"
echo "ETA: Sun Nov 29 12:00:00 2026 UTC  1 s  3/5 msgs left"
"""


NEEDS_SIGN_IN = (
    "⚠ The token has expired and can't be refreshed. imapsync is not started. Sign in to the "
    "mailbox that needs you, then run it again."
)


def put_imapsync(folder: Path, script: str) -> Path:
    """Put an imapsync into a folder; it notes how it was started."""
    folder.mkdir(exist_ok=True)
    program = folder / "imapsync"
    version = '[ "$*" = --version ] && echo 2.312 && exit'
    program.write_text(f'#!/bin/sh\n{version}\necho "$@" >>"{folder}/started"\n{script}\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def open_pair(
    stage: Stage, make_stage_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Driven]:
    """Open a window in which a pair is selected; `script` is the imapsync on the path."""

    def opened(script: str = "", left: float = 3000.0, **options: object) -> Driven:
        if script:
            put_imapsync(tmp_path / "bin", script)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        for address in (A, B):
            write(stage, address, left=left)
        driven: Driven = make_stage_window(stage, **options)
        driven.click_row(0)
        driven.click_row(1, ctrl=True)
        return driven

    return opened


def run_here(driven: Driven, step: int) -> None:
    """Click "Run here" of a step."""
    names = ("Test the logins now, in this window", "Copy the mail now, in this window")
    buttons = driven.visible(type(driven.button("⇄")))
    (button,) = (b for b in buttons if b.accessibleName() == names[step - 1])
    driven.wait(lambda: button.height() > 0)  # it has its place now
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def click(driven: Driven, text: str) -> None:
    """Click another button of the card, once it has its place."""
    button = driven.button(text, driven.parts.migration)
    driven.wait(lambda: button.height() > 0)
    driven.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def told(driven: Driven) -> str:
    """Return what the card says of the run."""
    found = driven.parts.migration.findChildren(QLabel, "run_text")
    return found[0].text() if found and found[0].isVisible() else ""


def lines(driven: Driven) -> str:
    """Return the last lines of imapsync, as they are shown."""
    labels = driven.parts.migration.findChildren(QLabel)
    return next(x.text() for x in labels if "Last lines of imapsync" == x.accessibleName())


def started(tmp_path: Path) -> list[str]:
    """Return the options of all starts."""
    return (tmp_path / "bin" / "started").read_text().splitlines()


def test_the_logins_are_tested(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """imapsync gets both sides and only logs in; the card says that it worked."""
    driven = open_pair("exit 0")
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing was copied." == told(driven))
    (options,) = started(tmp_path)
    assert options.startswith("--justlogin --host1 ")
    assert f"--user1 {A}" in options
    assert f"--user2 {B}" in options
    assert "Both logins work. Nothing was copied." == driven.status()


def test_the_progress_and_the_end_of_a_copy(open_pair: Callable[..., Driven]) -> None:
    """How many messages so far, what is left, the last lines, and the exit code in words."""
    driven = open_pair(f"{COPIES} while [ ! -e go ]; do sleep 0.02; done; exit 113")
    run_here(driven, 2)
    driven.wait(lambda: "2 messages copied · 3 of 5 left" == told(driven))
    assert "msg INBOX/2 {9} copied to INBOX/2" in lines(driven)
    assert driven.button("Stop").isEnabled()
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync" / "go").touch()
    driven.wait(lambda: "exit code 113" in told(driven))
    assert (
        "⚠ imapsync has ended with exit code 113: the mailbox of the destination is full."
        " 2 messages copied."
    ) == told(driven)


def test_both_mailboxes_are_kept_fresh_meanwhile(open_pair: Callable[..., Driven]) -> None:
    """By the window, which keeps them no longer than the run if they were not kept before."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    kept = driven.model.kept_rows
    assert [] == list(kept)
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    assert 2 == len(driven.model.kept_rows)
    click(driven, "Stop")
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    driven.wait(lambda: [] == list(driven.model.kept_rows))


def test_nothing_starts_with_a_dead_token(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """The window tries to refresh both; the provider knows neither, so the user must sign in."""
    driven = open_pair("exit 0", left=-10.0)
    run_here(driven, 2)
    driven.wait(lambda: NEEDS_SIGN_IN == told(driven).replace("\u200b", ""))
    assert not (tmp_path / "bin" / "started").exists()


def lines_or_none(driven: Driven) -> str:
    """Return the last lines once something is shown."""
    return lines(driven) if told(driven) else ""


def test_stop_is_gentle(open_pair: Callable[..., Driven]) -> None:
    """imapsync can log out; the card says what the user can do next."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    click(driven, "Stop")
    driven.wait(lambda: told(driven).startswith("You have stopped imapsync."))
    assert "Run it again to copy the rest." in told(driven)
    assert "logged out" in lines(driven)
    click(driven, "Close")
    assert "" == told(driven)


def test_the_run_comes_first_for_tab(open_pair: Callable[..., Driven]) -> None:
    """As for the eye: it stands above the steps."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    stop = driven.button("Stop")
    stop.setFocus()
    driven.qtbot.keyClick(stop, Qt.Key.Key_Tab)
    assert driven.button("Show the output…").hasFocus()
    driven.qtbot.keyClick(driven.button("Show the output…"), Qt.Key.Key_Tab)
    assert driven.named(QComboBox, "Source").hasFocus()


def test_the_run_is_in_view(open_pair: Callable[..., Driven]) -> None:
    """Also in a small window whose right column was scrolled to its end."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    driven.window.resize(900, 420)
    click(driven, "Show command")
    (area,) = (a for a in driven.visible(QScrollArea) if a.isAncestorOf(driven.parts.migration))
    driven.wait(lambda: area.verticalScrollBar().maximum() > 300)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    driven.wait(lambda: not driven.button("Stop").visibleRegion().isEmpty())


def test_one_run_at_a_time(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """While imapsync runs, no other one can be started."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    run_here(driven, 1)
    driven.reload()  # whatever the click has begun is over
    assert 1 == len(started(tmp_path))


def test_the_whole_output(open_pair: Callable[..., Driven]) -> None:
    """It is plain text in a dialog, without a secret."""
    secret = "ya29.a0AfB_hush-hush-hush"
    driven = open_pair(f"echo '<b>first</b>'; echo 'Bearer {secret}'; seq 20; exit 0")
    run_here(driven, 2)
    driven.wait(lambda: "ended without an error" in told(driven))
    click(driven, "Show the output…")
    text = driven.named(QPlainTextEdit, "Output of imapsync")
    driven.wait(text.isVisible)
    assert text.toPlainText().startswith("<b>first</b>\n")
    assert text.toPlainText().endswith("19\n20")
    assert "hush" not in text.toPlainText()


def test_the_log_files_of_imapsync_are_found(qtbot: QtBot, tmp_path: Path) -> None:
    """imapsync names them below its folder, which the user has not chosen."""
    opened: list[QUrl] = []
    dialog = RunOutputDialog(lambda: ["a line"], tmp_path, open_url=opened.append)
    qtbot.addWidget(dialog)
    dialog.show()
    (logs,) = (b for b in dialog.findChildren(QPushButton) if "log folder" in b.text())
    qtbot.mouseClick(logs, Qt.MouseButton.LeftButton)
    assert [QUrl.fromLocalFile(str(tmp_path))] == opened


def test_an_imapsync_that_is_not_found_is_asked_for(
    open_pair: Callable[..., Driven], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: the answer is remembered."""
    driven = open_pair()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    program = put_imapsync(tmp_path / "else where", "exit 0")
    run_here(driven, 1)
    driven.wait(lambda: driven.parts.migration.findChildren(QFileDialog))
    (dialog,) = driven.parts.migration.findChildren(QFileDialog)
    (name,) = dialog.findChildren(QLineEdit, "fileNameEdit")
    driven.qtbot.keyClicks(name, str(program))
    driven.qtbot.keyClick(name, Qt.Key.Key_Return)
    driven.wait(lambda: "Both logins work" in told(driven))
    assert str(program) == driven.settings.imapsync
    run_here(driven, 1)
    driven.wait(lambda: 2 == (program.parent / "started").read_text().count("\n"))


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
    click(driven, "Choose imapsync…")
    driven.wait(lambda: driven.parts.migration.findChildren(QFileDialog))


def running(open_pair: Callable[..., Driven], **options: object) -> Driven:
    """Return a window in which imapsync runs."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}", **options)
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    return driven


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
    assert ["imapsync is still running. Stop it and quit?"] == said
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
    assert frozenset() == driven.settings.kept
    assert [Closing(has_tray=False, runs_imapsync=True)] == asked


class ShuttingDown:
    """What Qt passes when the computer shuts down (a real one can't be made)."""

    def allowsInteraction(self) -> bool:  # as in Qt
        """There is no time for questions."""
        return False


def test_a_shutdown_ends_imapsync(open_pair: Callable[..., Driven]) -> None:
    """Also where nobody can be asked."""
    driven = running(open_pair)
    driven.content.closing.end_of_session(ShuttingDown())  # type: ignore[arg-type]
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    assert "logged out" in lines(driven)
