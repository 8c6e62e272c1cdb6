"""imapsync started in the window: scripts for sh take its place, started by real clicks."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.times import local_time
from gui.widgets.run_output import RunOutputDialog
from gui.widgets.side_pane import SidePane
from imapsync_here import GENTLE, STAYS, A, B, click, lines, lines_or_none, run_here, started, told
from window import Driven

pytestmark = [
    pytest.mark.only_on("posix", reason="the programs are scripts for sh"),
    # Warnings of Qt's offscreen platform.
    pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged"),
]

STEPS = {1: "Test the logins", 2: "Copy the mail"}
COPIES = """
echo "msg INBOX/1 {9} copied to INBOX/1  1.00 msgs/s"
echo "msg INBOX/2 {9} copied to INBOX/2  1.00 msgs/s"
echo "ETA: Sun Nov 29 12:00:00 2026 UTC  1 s  3/5 msgs left"
"""


COPIES_LATER = f"echo begun; while [ ! -e begin ]; do sleep 0.02; done; {COPIES}"
NOT_STARTED = "The token has expired and can't be refreshed. imapsync is not started. "


def texts(driven: Driven) -> list[str]:
    """All that is said in the window."""
    return [label.text() for label in driven.visible(QLabel)]


def test_the_logins_are_tested(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """imapsync gets both sides and only logs in; the card says that it worked."""
    driven = open_pair("exit 0")
    driven.named(QPushButton, "Copy the command to test the logins").click()
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    assert "✓ The login test has worked" in texts(driven)
    now = driven.model.now
    assert f"{A} → {B} · {local_time(now, now)[:3]}" in "\n".join(texts(driven))
    assert not any("Copied." in text for text in texts(driven))
    (options,) = started(tmp_path)
    assert options.startswith("--justlogin --host1 ")
    assert f"--user1 {A}" in options
    assert f"--user2 {B}" in options
    assert "Both logins work. Nothing is copied yet: that is step 2." == driven.status()


def test_the_progress_and_the_end_of_a_copy(open_pair: Callable[..., Driven]) -> None:
    """How many messages so far, what is left, the last lines, and the exit code in words."""
    driven = open_pair(f"{COPIES_LATER} while [ ! -e go ]; do sleep 0.02; done; exit 113")
    run_here(driven, 2)
    driven.wait(lambda: "begun" in lines_or_none(driven))
    assert [] == driven.visible(QProgressBar)  # how far it is, nobody knows yet
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync" / "begin").touch()
    driven.wait(lambda: "2 messages copied · 3 of 5 left · less than a minute left" == told(driven))
    assert [2] == [bar.value() for bar in driven.visible(QProgressBar)]
    assert "msg INBOX/2 {9} copied to INBOX/2" in lines(driven)
    assert driven.button("Stop").isEnabled()
    assert "Copying the mail" in texts(driven)
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync" / "go").touch()
    driven.wait(lambda: "exit code 113" in told(driven))
    assert (
        "imapsync has ended with exit code 113: the mailbox of the destination is full."
        " 2 messages copied. Make room in the destination, or ask its administrator for more. Then "
        "run it again to copy the rest."
    ) == told(driven)
    assert "⚠ The copy has failed" in texts(driven)


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
    driven.wait(lambda: told(driven).startswith(NOT_STARTED))
    assert " needs a sign-in. Sign in again, then run it again." in told(driven)
    assert not (tmp_path / "bin" / "started").exists()


def test_the_next_run_ends_the_warning_of_the_last(open_pair: Callable[..., Driven]) -> None:
    """The message bar says that a run went wrong until there is another one."""
    driven = open_pair("[ -e mended ] && exit 0; touch mended; exit 101")
    run_here(driven, 1)
    driven.wait(lambda: "exit code 101" in driven.error())
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work" in told(driven))
    assert "" == driven.error()


def test_the_result_goes_with_its_mailbox(open_pair: Callable[..., Driven]) -> None:
    """It says nothing of those that are left."""
    driven = open_pair("exit 0")
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    driven.mailboxes.remove([driven.model.rows[0].path])
    driven.wait(lambda: 1 == len(driven.model.rows))
    assert "" == told(driven)


def test_stop_is_gentle(open_pair: Callable[..., Driven]) -> None:
    """imapsync can log out; the card says what the user can do next."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    click(driven, "Stop")
    driven.wait(lambda: told(driven).startswith("You have stopped imapsync."))
    assert "Run it again to copy the rest." in told(driven)
    assert "The copy was stopped" in texts(driven)
    assert "logged out" in lines(driven)
    click(driven, "Hide")
    assert "" == told(driven)


def test_the_run_comes_after_the_steps_for_tab(open_pair: Callable[..., Driven]) -> None:
    """As for the eye: it stands below them."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    driven.button("Save as script…").setFocus()
    for text in ("Save as script…", "Stop", "Show the output…"):
        assert driven.button(text).hasFocus()
        driven.qtbot.keyClick(driven.button(text), Qt.Key.Key_Tab)
    assert driven.button("Show command").hasFocus()


def test_the_run_is_in_view(open_pair: Callable[..., Driven]) -> None:
    """Also in a small window whose right column was scrolled to its end."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    driven.window.resize(900, 420)
    click(driven, "Show command")
    (area,) = driven.visible(SidePane)
    driven.wait(lambda: area.verticalScrollBar().maximum() > 300)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    run_here(driven, 2)
    driven.wait(lambda: "here" in lines_or_none(driven))
    driven.wait(lambda: not driven.button("Stop").visibleRegion().isEmpty())


def test_the_next_step_is_in_view(open_pair: Callable[..., Driven]) -> None:
    """After a login test that worked, on a screen of 1024x768; its result still is, too."""
    driven = open_pair("exit 0")
    driven.window.resize(1024, 690)
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    result = driven.label("run_text")
    driven.wait(lambda: not result.visibleRegion().isEmpty())
    driven.rest()
    copy = driven.named(QPushButton, "Copy the mail now, in this window")
    assert copy.rect() == copy.visibleRegion().boundingRect()
    assert not result.visibleRegion().isEmpty()


@pytest.mark.parametrize(
    ("size", "is_detailed", "has_room"),
    [((1180, 800), False, True), ((1180, 800), True, False), ((1024, 690), False, False)],
)
@pytest.mark.parametrize("step", [1, 2])
def test_controls_hold_still(
    open_pair: Callable[..., Driven],
    size: tuple[int, int],
    is_detailed: bool,
    has_room: bool,
    step: int,
) -> None:
    """While it runs and until its result is hidden; the press scrolls only where room is missing.

    Then the mouse is on no other button.
    """
    driven = open_pair(f"{COPIES_LATER}")
    driven.click("Keep refreshing")
    driven.window.resize(*size)
    if is_detailed:  # what is known of a mailbox alone takes more room above the steps
        driven.click_row(1)
    driven.rest()
    driven.qtbot.wait(100)  # layouts within layouts take several turns of the event loop
    (area,) = driven.visible(SidePane)
    held = [*driven.parts.migration.findChildren(QComboBox), *runs_and_copies(driven)]
    at_rest = places(held)
    pressed = driven.named(QPushButton, f"{STEPS[step]} now, in this window")
    mouse = pressed.mapToGlobal(pressed.rect().center())
    QCursor.setPos(mouse)
    run_here(driven, step)
    driven.wait(lambda: driven.button("Stop").isVisible())
    driven.qtbot.wait(100)
    before = places(held)
    assert has_room == (at_rest == before)
    below = driven.window.childAt(driven.window.mapFromGlobal(mouse))
    assert below is pressed or not isinstance(below, QPushButton)
    driven.wait(lambda: "begun" in lines_or_none(driven))
    driven.qtbot.wait(100)
    assert before == places(held)
    last_lines = driven.named(QLabel, "Last lines of imapsync")
    news = [driven.button("Stop"), driven.label("run_text"), driven.label("run_title"), last_lines]
    assert all(widget.visibleRegion().boundingRect() == widget.rect() for widget in news)
    output = driven.button("Show the output…").mapTo(driven.window, QPoint())
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync" / "begin").touch()
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    driven.qtbot.wait(100)
    assert before == places(held)
    assert output == driven.button("Show the output…").mapTo(driven.window, QPoint())
    assert all(widget.visibleRegion().boundingRect() == widget.rect() for widget in news[1:3])
    driven.button("Hide").click()
    driven.qtbot.wait(100)
    assert before == places(held)
    assert has_room == (0 == area.verticalScrollBar().value())


def runs_and_copies(driven: Driven) -> list[QPushButton]:
    """Return the buttons of both steps."""
    texts = ("Run here", "Copy command", "Save as script…", "Clear", "⇄")
    return [b for b in driven.visible(QPushButton) if b.text().replace("&", "") in texts]


def places(widgets: Sequence[QWidget]) -> list[QRect]:
    """Return where they are in the window."""
    return [QRect(w.mapTo(w.window(), QPoint()), w.size()) for w in widgets]


def test_the_time_runs_while_imapsync_says_nothing(open_pair: Callable[..., Driven]) -> None:
    """From the first second on."""
    driven = open_pair(f"{GENTLE}; {STAYS}")
    run_here(driven, 1)
    driven.wait(lambda: "for 0:00" in texts(driven))
    driven.wait(lambda: "for 0:01" in texts(driven))
    driven.wait(lambda: "for 0:02" in texts(driven))
    click(driven, "Stop")
    driven.wait(lambda: told(driven).startswith("You have stopped imapsync."))
    assert not any(text.startswith("for 0:") for text in texts(driven))


def test_who_scrolls_away_goes_on_reading(open_pair: Callable[..., Driven]) -> None:
    """The end of a run moves nothing then."""
    driven = open_pair(f"{COPIES_LATER}")
    driven.window.resize(900, 420)
    run_here(driven, 1)
    driven.wait(lambda: "begun" in lines_or_none(driven))
    driven.wait(lambda: not driven.button("Stop").visibleRegion().isEmpty())
    (area,) = driven.visible(SidePane)
    area.verticalScrollBar().setValue(0)
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync" / "begin").touch()
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    driven.qtbot.wait(100)
    assert 0 == area.verticalScrollBar().value()


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
    long = "seq -s ' ' 999"
    driven = open_pair(f"echo '<b>first</b>'; echo 'Bearer {secret}'; {long}; seq 20; exit 0")
    run_here(driven, 2)
    driven.wait(lambda: "ended without an error" in told(driven))
    click(driven, "Show the output…")
    text = driven.named(QPlainTextEdit, "Output of imapsync")
    driven.wait(text.isVisible)
    assert 0 == text.horizontalScrollBar().maximum()  # long lines are wrapped
    driven.click("Copy everything")
    assert text.toPlainText() == QGuiApplication.clipboard().text()
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


def test_the_command_is_in_view(open_pair: Callable[..., Driven]) -> None:
    """Once it is unfolded, also in a small window."""
    driven = open_pair()
    driven.window.resize(900, 420)
    click(driven, "Show command")
    shown = driven.named(QPlainTextEdit, "Command to test the logins")
    driven.wait(lambda: not shown.viewport().visibleRegion().isEmpty())
