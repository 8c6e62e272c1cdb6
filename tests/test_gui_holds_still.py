"""The side pane holds still: no button comes under the mouse by a press or by a run's end."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QScrollArea, QWidget

from core.i18n.translation import _
from core.times import local_time
from gui.widgets.fold_button import FoldButton
from gui.widgets.page import Page
from gui.widgets.side_choosers import SideChoosers
from gui.widgets.side_pane import SidePane
from imapsync_here import A, B, agree, click, put_imapsync, run_here, started, told
from servers import MakeStage
from test_gui_mailboxes import Clock, write
from test_gui_run_here_ends import choose
from window import Driven, MakeWindow

pytestmark = [
    pytest.mark.only_on("posix", reason="the programs are scripts for sh"),
    # Warnings of Qt's offscreen platform.
    pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged"),
]

SIZES = [(1180, 800), (1024, 690), (700, 600)]
WHO = f"{A} → {B}"
BREAK = "\N{ZERO WIDTH SPACE}"  # where a long word may be broken
TURNS = 300  # ms; layouts within layouts take several turns of the event loop, then it scrolls
RUN = {1: "Test the logins now, in this window", 2: "Copy the mail now, in this window"}
MISSING = {
    1: "The login test can't start: imapsync was not found",
    2: "The copy can't start: imapsync was not found",
}


def at_end(driven: Driven, size: tuple[int, int]) -> QScrollArea:
    """Select one mailbox, and scroll to the end of what is beside the list, or of the page."""
    driven.window.resize(*size)
    driven.click_row(0)
    settle(driven)
    areas = [area for kind in (SidePane, Page) for area in driven.visible(kind)]
    for area in areas:
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    settle(driven)
    return max(areas, key=lambda area: area.verticalScrollBar().maximum())


def settle(driven: Driven) -> None:
    """Until everything has its place."""
    driven.rest()
    driven.qtbot.wait(TURNS)


def run_buttons(driven: Driven) -> list[QPushButton]:
    """Return the buttons that run the steps."""
    return [driven.named(QPushButton, name) for name in RUN.values()]


def places(*widgets: QWidget) -> list[QRect]:
    """Return where they are in the window."""
    return [QRect(w.mapTo(w.window(), QPoint()), w.size()) for w in widgets]


def title(driven: Driven) -> str:
    """Return what the card says of the run in a few words."""
    return "".join(label.text() for label in driven.window.findChildren(QLabel, "run_title"))


def lose_imapsync(driven: Driven, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no imapsync be found any more."""
    driven.settings.imapsync = ""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.mark.parametrize("size", SIZES)
def test_the_steps_hold_still_at_the_end_of_the_pane(
    open_pair: Callable[..., Driven], size: tuple[int, int]
) -> None:
    """When a run ends; the press may scroll, so that the run is in view."""
    driven = open_pair("while [ ! -e go ]; do sleep 0.02; done; exit 0")
    at_end(driven, size)
    run_here(driven, 1)
    driven.wait(lambda: driven.button("Stop").isVisible())
    driven.qtbot.wait(TURNS)
    before = places(*run_buttons(driven))
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync" / "go").touch()
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    settle(driven)
    assert before == places(*run_buttons(driven))


@pytest.mark.parametrize("size", SIZES[:2])  # below the list, the page scrolls
def test_the_steps_hold_still_once_a_run_was_in_view(
    open_pair: Callable[..., Driven], size: tuple[int, int]
) -> None:
    """When its result is hidden, when a command is copied, and when the next run begins."""
    driven = open_pair("sleep 0.2; exit 0")
    area = at_end(driven, size)
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    settle(driven)
    scrolled, before = area.verticalScrollBar().value(), places(*run_buttons(driven))
    acts: list[Callable[[], object]] = [
        lambda: click(driven, "Hide"),
        lambda: click_copy(driven),
        lambda: run_here(driven, 1),
        lambda: driven.wait(lambda: told(driven).startswith("Both logins work.")),
    ]
    for act in acts:
        act()
        settle(driven)
        assert before == places(*run_buttons(driven))
    assert scrolled == area.verticalScrollBar().value()


def click_copy(driven: Driven) -> None:
    """Copy the command of the second step, and see that it is said."""
    driven.named(QPushButton, "Copy the command to copy the mail").click()
    assert any(label.text().startswith("Copied. Paste") for label in driven.visible(QLabel))


@pytest.mark.parametrize("size", SIZES[:2])  # below the list, the page scrolls
def test_what_is_shorter_does_not_scroll(
    open_pair: Callable[..., Driven], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room of what is hidden goes when the user scrolls up."""
    driven = open_pair()
    lose_imapsync(driven, monkeypatch)
    area = at_end(driven, size)
    bar, natural = area.verticalScrollBar(), area.verticalScrollBar().maximum()
    run_here(driven, 1)
    driven.wait(lambda: told(driven))
    settle(driven)
    bar.setValue(bar.maximum())
    before = places(*run_buttons(driven))
    assert bar.value() > natural
    click(driven, "Hide")
    settle(driven)
    assert before == places(*run_buttons(driven))
    bar.setValue(natural)
    settle(driven)
    assert natural == bar.maximum()


@pytest.mark.parametrize("step", [1, 2])
def test_a_step_waits_until_imapsync_is_chosen(
    open_pair: Callable[..., Driven], step: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The card names it. The other one can take its place; the last one runs in the end."""
    driven = open_pair()
    lose_imapsync(driven, monkeypatch)
    program = put_imapsync(tmp_path / "bin", "exit 0")
    both = run_buttons(driven)
    for pressed in (step, 3 - step, step):
        run_here(driven, pressed)
        settle(driven)
        assert MISSING[pressed] == title(driven)
        assert all(button.isEnabled() for button in both)
    click(driven, "Choose imapsync…")
    choose(driven, program)
    driven.wait(lambda: not driven.shows("Get imapsync…"))
    agree(driven)
    driven.wait(lambda: title(driven).startswith("✓"))
    assert [step == 1] == [text.startswith("--justlogin") for text in started(tmp_path)]
    assert all(button.isEnabled() for button in both)
    assert all(button.toolTip().startswith(button.accessibleName()) for button in both)


def test_a_chosen_imapsync_that_is_gone(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The card names the file that it can't find any more."""
    driven = open_pair()
    lose_imapsync(driven, monkeypatch)
    gone = tmp_path / "gone" / "imapsync"
    driven.settings.imapsync = str(gone)
    run_here(driven, 1)
    driven.wait(lambda: str(gone) in told(driven).replace(BREAK, ""))
    assert MISSING[1] == title(driven)


def test_hide_and_another_pair_end_the_wait(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing more is said of it then."""
    driven = open_pair()
    lose_imapsync(driven, monkeypatch)
    for end in ("Hide", "⇄"):
        run_here(driven, 2)
        driven.wait(lambda: MISSING[2] == title(driven))
        settle(driven)
        click(driven, end)
        assert "" == told(driven)


def test_scrolling_puts_no_other_button_below_the_mouse(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a step can't start, the pane scrolls to what helps."""
    driven = open_pair()
    lose_imapsync(driven, monkeypatch)
    area = at_end(driven, (1024, 690))
    scrolled = area.verticalScrollBar().value()
    button = driven.named(QPushButton, RUN[1])
    mouse = button.mapToGlobal(button.rect().center())
    QCursor.setPos(mouse)
    run_here(driven, 1)
    driven.wait(lambda: told(driven))
    settle(driven)
    assert scrolled < area.verticalScrollBar().value()
    below = driven.window.childAt(driven.window.mapFromGlobal(mouse))
    assert not isinstance(below, QPushButton)
    assert not driven.button("Get imapsync…").visibleRegion().isEmpty()


def test_the_fold_button_stays_below_the_mouse(open_pair: Callable[..., Driven]) -> None:
    """Where the first lines below it are in view anyway; a second press folds them again."""
    driven = open_pair()
    driven.window.resize(1180, 800)
    settle(driven)
    (fold,) = driven.parts.migration.findChildren(FoldButton)
    before = places(fold)
    for _time in range(2):
        click(driven, "Show command")
        settle(driven)
        assert before == places(fold)


@pytest.mark.parametrize("size", [(1180, 800), (1024, 690)])
def test_folding_at_the_end_scrolls_nothing(
    open_pair: Callable[..., Driven], size: tuple[int, int]
) -> None:
    """Unfolding scrolls no further than to the first lines."""
    driven = open_pair()
    at_end(driven, size)
    (fold,) = driven.parts.migration.findChildren(FoldButton)
    height = fold.mapTo(driven.window, QPoint()).y()
    click(driven, "Show command")
    settle(driven)
    text = driven.named(QPlainTextEdit, "Command to test the logins")
    assert (
        text.viewport().visibleRegion().boundingRect().height() > text.fontMetrics().lineSpacing()
    )
    before = places(fold)
    assert height - before[0].y() < 100
    click(driven, "Show command")
    settle(driven)
    assert before == places(fold)


def test_the_end_of_a_run_has_the_exact_time(
    make_stage: MakeStage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Not the time that the rows show, which is renewed every few seconds."""
    clock = Clock()
    stage = make_stage(clock=clock)
    for address in (A, B):
        write(stage, address)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    wait = f"while [ ! -e {tmp_path}/go ]; do sleep 0.02; done"
    driven.settings.imapsync = str(put_imapsync(tmp_path / "bin", wait))
    run_here(driven, 1)
    driven.wait(lambda: driven.parts.imapsync_run.is_running)
    clock.now += 3
    (tmp_path / "go").touch()
    driven.wait(lambda: "Both logins work" in told(driven))
    ended = local_time(clock.now, clock.now)
    assert f"{WHO} · {ended}" in [
        label.text().replace("\u200b", "") for label in driven.visible(QLabel)
    ]


def test_other_mailboxes_start_at_the_top(open_pair: Callable[..., Driven]) -> None:
    """The list may change meanwhile; that scrolls nothing."""
    driven = open_pair()
    area = at_end(driven, (1024, 690))
    scrolled = area.verticalScrollBar().value()
    assert scrolled > 0
    driven.reload()
    driven.mailboxes.refresh_due()
    settle(driven)
    assert scrolled == area.verticalScrollBar().value()
    driven.click_row(1)
    settle(driven)
    assert 0 == area.verticalScrollBar().value()


@pytest.mark.usefixtures("every_language")
def test_what_is_said_during_a_run_needs_the_same_room(open_pair: Callable[..., Driven]) -> None:
    """Of the sides, which stay: in some languages it has fewer lines."""
    driven = open_pair("while [ ! -e go ]; do sleep 0.02; done; exit 0")
    driven.window.resize(922, 691)
    settle(driven)
    (choosers,) = driven.visible(SideChoosers)
    height = choosers.height()
    driven.named(QPushButton, _("Test the logins now, in this window")).click()
    folder = Path(os.environ["OAUTH2_IMAP_HOME"]) / "log" / "imapsync"
    driven.wait(folder.is_dir)
    driven.qtbot.wait(2 * TURNS)
    assert height == choosers.height()
    (folder / "go").touch()
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    settle(driven)
    assert height == choosers.height()
