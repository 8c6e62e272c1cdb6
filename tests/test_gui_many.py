"""Many mailboxes in the window: acting on many is one act, and their errors are summed up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from faulty_servers.responses import Fault
from gui.model.tasks import Threads
from servers import MakeStage, Stage
from test_gui_mailboxes import Clock, write
from window import Driven, MakeWindow

DEAD = Fault(400, b'{"error": "invalid_grant"}')
BUSY = Fault(503)


def write_many(stage: Stage, count: int) -> list[Path]:
    """Write token files of different mailboxes."""
    return [write(stage, f"m{number:03}@demo.example") for number in range(count)]


class Heard:
    """Counts what a signal emits."""

    def __init__(self, signal: Any) -> None:
        """Count from now on."""
        self.arguments: list[tuple[Any, ...]] = []
        signal.connect(lambda *arguments: self.arguments.append(arguments))


def select_all(driven: Driven) -> None:
    """Press Ctrl+A in the list."""
    driven.click_row(0)
    driven.qtbot.keyClick(driven.table(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)


def test_keeping_many_is_one_change(stage: Stage, make_stage_window: MakeWindow) -> None:
    """One change of the list and one write of the settings, also for a selection."""
    paths = set(write_many(stage, 40))
    driven = make_stage_window(stage)
    kept, shown = Heard(driven.mailboxes.kept_changed), [0]

    def count(*_: object) -> None:
        if shown[-1] != (number := len(driven.model.kept_rows)):
            shown.append(number)

    driven.model.dataChanged.connect(count)
    driven.click("Keep refreshing")
    driven.wait(lambda: kept.arguments)  # a busy machine needs more than one slice
    assert [(paths,)] == kept.arguments
    assert [0, 40] == shown
    assert all(row.due for row in driven.model.rows)
    select_all(driven)
    driven.act("Keep refreshing")
    driven.wait(lambda: len(kept.arguments) > 1)
    assert [(paths,), (set(),)] == kept.arguments
    assert [0, 40, 0] == shown
    assert set() == driven.kept()


def test_one_question_for_all(qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow) -> None:
    """Cancel removes nothing, and the answer counts for all."""
    write_many(stage, 5)
    driven = make_stage_window(stage)
    asked: list[str] = []

    def answer(text: str) -> Callable[[], None]:
        def press() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            asked.append(box.text())
            button = next(b for b in box.buttons() if text == b.text().replace("&", ""))
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

        return press

    select_all(driven)
    for text in ("Cancel", "Delete only"):
        QTimer.singleShot(0, answer(text))
        driven.act("Remove…")
        if text == "Cancel":
            assert 5 == len(list(stage.path.parent.glob("*.txt")))
    driven.wait(lambda: 0 == driven.model.rowCount())
    assert ["Remove 5 mailboxes?"] * 2 == asked
    assert [] == list(stage.path.parent.glob("*.txt"))


class Desktop(QObject):
    """Records which folders are opened."""

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """Record a folder, in place of the file manager."""
        self.opened.append(url.toLocalFile())


def test_a_folder_is_opened_once(stage: Stage, make_stage_window: MakeWindow) -> None:
    """However many of its files are selected."""
    write_many(stage, 5)
    driven = make_stage_window(stage)
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")  # type: ignore[arg-type]
    select_all(driven)
    driven.act("Open the folder")
    QDesktopServices.unsetUrlHandler("file")
    assert [str(stage.path.parent)] == desktop.opened


@pytest.mark.parametrize("asked", [True, False], ids=["by the user", "by the keeper"])
def test_no_more_at_once_than_threads(
    stage: Stage, make_stage_window: MakeWindow, asked: bool
) -> None:
    """The others wait, and all are done in the end."""
    paths = write_many(stage, 30)
    if not asked:
        for number, _ in enumerate(paths):
            write(stage, f"m{number:03}@demo.example", left=-10, age=3700)
    driven = make_stage_window(stage)
    most: list[int] = []
    free = Threads.REFRESHES.value[1]

    def look() -> None:
        most.append(sum(row.busy not in ("", "Waiting…") for row in driven.model.rows))

    driven.model.dataChanged.connect(look)
    if asked:
        driven.mailboxes.refresh(paths)
        assert 30 - free == driven.states().count("Waiting…")
        assert "30 mailboxes · 30 in progress" == driven.label("count").text()
    else:
        driven.click("Keep refreshing")
        driven.mailboxes.refresh_due()
    driven.wait(lambda: len(set(driven.failed_paths)) == 30)  # the server knows none of the tokens
    driven.rest()
    assert max(most) <= free
    assert not [row for row in driven.model.rows if row.busy]


def test_the_more_rows_the_less_often_their_times_are_updated(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """So watching thousands costs no more than watching some; what is due starts all the same."""
    write_many(stage, 20)
    due = write(stage, "due@demo.example", left=-10, age=3700)
    driven = make_stage_window(stage)
    driven.mailboxes.keep_many([due], True)
    driven.mailboxes.refresh_due()
    driven.wait(lambda: due in driven.failed_paths)
    driven.rest()
    shown = Heard(driven.model.dataChanged)
    driven.mailboxes._ticked.start()
    driven.mailboxes._look()
    assert [] == shown.arguments
    QTest.qWait(20 * 6 + 50)
    driven.mailboxes._look()
    assert 1 == len(shown.arguments)


def test_only_changed_files_are_read_again(stage: Stage, make_stage_window: MakeWindow) -> None:
    """What was read before stays as it is; a new, a changed and a deleted file show up."""
    paths = write_many(stage, 6)
    driven = make_stage_window(stage)
    before = {row.path: row.info for row in driven.model.rows}
    write(stage, "m001@demo.example", left=-10)
    paths[2].unlink()
    new = write(stage, "new@demo.example")
    driven.reload()
    after = {row.path: row.info for row in driven.model.rows}
    assert sorted([*paths[:2], *paths[3:], new]) == list(after)
    assert {paths[1], new} == {p for p, info in after.items() if info is not before.get(p)}


def test_a_file_that_comes_back_is_kept_again(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Other programs may write a file by deleting it first."""
    [path] = write_many(stage, 1)
    content = path.read_bytes()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    path.unlink()
    driven.wait(lambda: not driven.model.rows)
    path.write_bytes(content)
    driven.wait(lambda: [True] == [row.kept for row in driven.model.rows])
    assert driven.model.rows[0].due
    assert {path} == driven.kept()


@pytest.fixture
def troubled(make_stage: MakeStage, make_stage_window: MakeWindow) -> tuple[Stage, Clock, Driven]:
    """Return a window that keeps a mailbox fresh, beside others that no server knows."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    return stage, clock, driven


def try_again(driven: Driven, clock: Clock, seconds: float = 400) -> None:
    """Let the keeper try again, and wait for the result."""
    clock.now += seconds
    before = len(driven.failed)
    driven.mailboxes.refresh_due()
    driven.wait(lambda: before < len(driven.failed))


def test_passing_trouble_stays_in_its_row(troubled: tuple[Stage, Clock, Driven]) -> None:
    """The panel opens when the token has expired; closed, it does not open for the same again."""
    stage, clock, driven = troubled
    stage.server.faults.extend([BUSY] * 4)
    try_again(driven, clock, 30 * 60)
    assert driven.states()[0].startswith("Next try at ")
    assert "" == driven.error()
    try_again(driven, clock, 40 * 60)
    assert "has a technical problem" in driven.error()
    driven.click("Close")
    try_again(driven, clock)
    assert "" == driven.error()
    driven.click_row(0)  # who asks is answered
    before = len(driven.failed)
    driven.act("Refresh now")
    driven.wait(lambda: before < len(driven.failed) and driven.error())
    clock.now += 400
    driven.mailboxes.refresh_due()
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "" == driven.error()


def test_a_closed_error_comes_back_with_another_one(
    troubled: tuple[Stage, Clock, Driven],
) -> None:
    """Another verdict is news, and so is the same one after the mailbox was well."""
    stage, clock, driven = troubled
    wrong = Fault(401, b'{"error": "invalid_client"}')
    for fault in (wrong, wrong, Fault(400, b'{"error": "invalid_scope"}')):
        stage.server.faults.append(fault)
        try_again(driven, clock, 30 * 60)
        if driven.error():
            driven.click("Close")
            assert fault is not None
    shown = [error.verdict.id for error in driven.failed]
    assert 3 == len(shown)
    assert 2 == len(driven.closed)
    clock.now += 31 * 60
    driven.mailboxes.refresh_due()
    driven.wait(lambda: ["Fresh"] == driven.states())
    stage.server.faults.append(wrong)
    try_again(driven, clock, 30 * 60)
    assert driven.error()


def test_the_bar_sums_up_who_needs_the_user(stage: Stage, make_stage_window: MakeWindow) -> None:
    """What was asked for comes first, then how many need the user; closed, it stays closed."""
    paths = write_many(stage, 4)
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    stage.server.faults.append(DEAD)
    for path in (stage.path, *paths[:3]):
        driven.parts.mailbox_table.refresh.emit([path])
        driven.wait(lambda: driven.model.rows and len(driven.failed) == len(driven.called))
        driven.wait(lambda: not [row for row in driven.model.rows if row.busy])
    bar = driven.parts.message_bar
    assert paths[2] == bar.message.path
    bar.clear()
    assert "4 mailboxes need a sign-in" == bar.message.headline
    driven.click("Show them")
    assert [stage.path] == driven.parts.mailbox_table.selection()
    driven.mailboxes.refresh([stage.path])
    driven.wait(lambda: "3 mailboxes need a sign-in" == bar.message.headline)
    driven.click("Close")
    assert ("", "3 mailboxes have errors") == (driven.error(), bar.message.headline)
    driven.model.change(paths[0], error=None)
    driven.mailboxes.recovered.emit(paths[0], True)
    assert "" == driven.error()  # the user knows of the others


def test_several_errors_of_one_act_are_summed_up(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """And the one that imapsync uses comes first."""
    paths = write_many(stage, 2)
    driven = make_stage_window(stage)
    driven.model.change(paths[1], in_use=True)
    stage.server.faults.append(DEAD)
    driven.parts.mailbox_table.refresh.emit(paths)
    bar = driven.parts.message_bar
    driven.wait(lambda: "2 mailboxes need a sign-in" == bar.message.headline)
    used = driven.model.rows[1].info.address
    assert (f"imapsync uses {used}.", paths[1]) == (bar.message.below, bar.message.sign_in)
    driven.model.change(paths[0], in_use=True)
    driven.mailboxes.refresh_due()
    driven.wait(lambda: "imapsync uses both." == bar.message.below)
