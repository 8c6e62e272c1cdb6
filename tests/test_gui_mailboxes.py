"""The list of mailboxes: what a row says, what can be done with it, and which is the source."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from core.demo.http_server import DemoResponse
from core.errors import AppError
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name
from gui.model.icons import state_icon
from gui.model.mailbox_model import LEFT_ROLE, Column
from servers import ADDRESS, MakeStage, Stage
from window import Driven, MakeWindow

SOURCE, DESTINATION = "a.source@demo.example", "b.destination@demo.example"


class Clock:
    """A wall clock that stands until somebody moves it."""

    def __init__(self) -> None:
        """Now."""
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        """As time.time."""
        return self.now


def write(stage: Stage, address: str, *, left: float | None = 3000.0, age: float = 600.0) -> Path:
    """A token file as if this program had written it `age` seconds ago; nobody takes its tokens."""
    now = stage.clock()
    file = TokenFile(
        access="an-access-token",
        refresh="a-refresh-token",
        account=address,
        provider="demo",
        application="demo",
        issued_at=None if left is None else now - age,
        expires_at=None if left is None else now + left,
        signed_in_at=now - 3 * 86400,
    )
    stage.path.parent.mkdir(exist_ok=True)
    path = stage.path.parent / file_name(address)
    path.write_bytes(serialize(file, now=now))
    return path


def icon_of(driven: Driven, row: int = 0) -> int:
    """Which icon the state has."""
    index = driven.model.index(row, Column.STATE)
    return int(index.data(Qt.ItemDataRole.DecorationRole).cacheKey())


def command(driven: Driven, name: str) -> str:
    """One of the texts for imapsync."""
    return driven.named(QPlainTextEdit, name).toPlainText()


@pytest.mark.parametrize(
    ("left", "words", "icon", "time_left", "fraction"),
    [
        (3000.0, "Fresh", "fresh", "50 min", 3000 / 3600),
        (9000.0, "Fresh", "fresh", "2 h 30 min", 9000 / 9600),
        (200.0, "Expires soon", "soon", "3 min", 200 / 800),
        (-10.0, "Expired", "trouble", "expired", 0),
        (None, "Age unknown", "soon", "—", None),
    ],
)
def test_a_row_says_how_it_stands(
    make_stage: MakeStage,
    make_stage_window: MakeWindow,
    left: float | None,
    words: str,
    icon: str,
    time_left: str,
    fraction: float | None,
) -> None:
    """State in words and as an icon, the time left in words and as a bar, and the grant's age."""
    stage = make_stage(clock=Clock())
    write(stage, ADDRESS, left=left)
    driven = make_stage_window(stage)
    row = [driven.model.index(0, column).data() for column in Column]
    assert [ADDRESS, "The rehearsal", words, time_left] == row[:4]
    assert ["not kept", "3 days ago"] == row[5:]
    assert state_icon(icon).cacheKey() == icon_of(driven)
    assert fraction == driven.model.index(0, Column.LEFT).data(LEFT_ROLE)
    assert not driven.window.grab().isNull()  # it is painted


def test_a_file_that_cannot_be_read_says_so(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is a row like the others, with the reason as its state; it can be removed."""
    path = stage.path
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe no text")
    driven = make_stage_window(stage)
    assert [ADDRESS] == driven.cells(Column.ADDRESS)
    assert "is not a token file: it holds no text" in driven.cells(Column.STATE)[0]
    assert state_icon("trouble").cacheKey() == icon_of(driven)
    driven.click_row(0)
    assert driven.button("Remove…").isEnabled()


def test_time_moves_on(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The bar gets shorter and the words follow, until it is in trouble."""
    clock = Clock()
    stage = make_stage(clock=clock)
    write(stage, ADDRESS, left=3000.0)
    driven = make_stage_window(stage)
    seen = []
    for step in (0.0, 1500.0, 1300.0, 200.0):
        clock.now += step
        driven.mailboxes.refresh_due()
        fraction = driven.model.index(0, Column.LEFT).data(LEFT_ROLE)
        seen.append((driven.cells(Column.LEFT)[0], round(fraction * 3600), icon_of(driven)))
    icons = [state_icon(name).cacheKey() for name in ("fresh", "fresh", "soon", "trouble")]
    words = [("50 min", 3000), ("25 min", 1500), ("3 min", 200), ("expired", 0)]
    assert [(*w, i) for w, i in zip(words, icons, strict=True)] == seen


def test_a_change_on_disk_shows_up(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A file that comes, is replaced as the command line does it, or goes."""
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    added = write(stage, DESTINATION)
    driven.wait(lambda: [SOURCE, DESTINATION] == driven.cells(Column.ADDRESS))
    replacement = added.with_name("replacement")
    replacement.write_bytes(write(stage, DESTINATION, left=-1).read_bytes())
    replacement.replace(added)
    driven.wait(lambda: ["Fresh", "Expired"] == driven.cells(Column.STATE))
    added.unlink()
    driven.wait(lambda: [SOURCE] == driven.cells(Column.ADDRESS))


def test_the_folder_of_a_first_sign_in_is_watched(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It isn't there when the window opens."""
    driven = make_stage_window(stage)
    assert not stage.path.parent.exists()
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: [ADDRESS] == driven.cells(Column.ADDRESS))
    write(stage, SOURCE)
    driven.wait(lambda: [SOURCE, ADDRESS] == driven.cells(Column.ADDRESS))


def test_an_empty_list_explains_itself(stage: Stage, make_stage_window: MakeWindow) -> None:
    """And offers the rehearsal; the actions come with the first row."""
    driven = make_stage_window(stage)
    assert driven.button("Rehearse without an account").isVisible()
    assert not driven.table().isVisible()
    write(stage, ADDRESS)
    driven.mailboxes.reload()
    assert driven.table().isVisible()
    assert not driven.button("Refresh now").isEnabled()  # nothing is selected


def test_refresh_now(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The button asks the provider; the row says so meanwhile, and has the new times after."""
    stage.sign_in()
    before = stage.age()
    driven = make_stage_window(stage)
    assert ["Expires soon"] == driven.cells(Column.STATE)
    driven.click_row(0)
    driven.click("Refresh now")
    assert ["Refreshing…"] == driven.cells(Column.STATE)
    assert not driven.button("Refresh now").isEnabled()
    driven.wait(lambda: ["Fresh"] == driven.cells(Column.STATE))
    assert driven.button("Refresh now").isEnabled()
    assert before != stage.path.read_bytes()
    assert 1 == stage.server.refreshes


def test_a_double_click_refreshes(stage: Stage, make_stage_window: MakeWindow) -> None:
    """What one does most is nearest."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    driven.click_row(0)
    table = driven.table()
    where = table.visualRect(driven.model.index(0, 0)).center()
    driven.qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.cells(Column.STATE))


def test_the_login_is_tested(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It says what the server showed, and changes nothing."""
    stage.sign_in()
    before = stage.path.read_bytes()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Test the login")
    driven.wait(lambda: "3 folders found" in driven.status())
    driven.wait(lambda: ["Fresh"] == driven.cells(Column.STATE))
    assert before == stage.path.read_bytes()


def test_a_failed_test_ends_no_keeping(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The login fails with an old token; the refresh that is due mends just that."""
    stage.sign_in()
    stage.age(left=2000)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Keep refreshing")
    stage.server.expire_access_tokens()
    driven.click("Test the login")
    driven.wait(lambda: driven.failed and ["Testing the login…"] != driven.cells(Column.STATE))
    driven.mailboxes.refresh_due()
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.cells(Column.STATE))
    assert "" == driven.error()  # it is well again


def test_a_tested_login_revives_no_dead_grant(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The access token lives on for a while; the person is needed all the same."""
    stage.sign_in()
    stage.age(left=200)
    stage.server.revoke_grants()
    driven = make_stage_window(stage)
    stage.mailbox.account_of = lambda _token: ADDRESS  # the mailbox takes it still
    driven.click_row(0)
    driven.click("Refresh now")
    driven.wait(lambda: ["Sign in again"] == driven.cells(Column.STATE))
    assert state_icon("sign-in").cacheKey() == icon_of(driven)
    driven.click("Test the login")
    driven.wait(lambda: "3 folders found" in driven.status())
    driven.wait(lambda: ["Sign in again"] == driven.cells(Column.STATE))
    assert [ADDRESS] == driven.called


def up_to_a_tenth_early(issued_at: float | None, interval: int) -> set[str]:
    """Due times as the list shows them: mailboxes are spread."""
    assert issued_at is not None
    moments = range(int(0.9 * interval), interval + 1)
    return {time.strftime("%H:%M:%S", time.localtime(issued_at + s)) for s in moments}


def test_keep_one_fresh(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The row's toggle: kept, refreshed when due, and not before; off again."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Keep refreshing")
    assert driven.button("Keep refreshing").isChecked()
    [due] = driven.cells(Column.NEXT)
    assert due in up_to_a_tenth_early(stage.file().issued_at, 30 * 60)
    assert {stage.path} == driven.settings.kept
    clock.now += 26 * 60
    driven.mailboxes.refresh_due()
    assert ["Fresh"] == driven.cells(Column.STATE)
    clock.now += 4 * 60 + 1
    driven.mailboxes.refresh_due()
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.cells(Column.STATE))
    driven.click("Keep refreshing")
    assert ["not kept"] == driven.cells(Column.NEXT)
    assert frozenset() == driven.settings.kept


def test_keep_all_fresh_and_how_often(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The toggle above takes all mailboxes; another interval moves what is due, at once."""
    stage = make_stage(clock=Clock())
    paths = {write(stage, SOURCE), write(stage, DESTINATION)}
    driven = make_stage_window(stage)
    driven.click("Keep refreshing every")
    assert paths == driven.settings.kept
    assert driven.settings.keep_refreshing
    minutes = driven.named(QSpinBox, "Minutes between refreshes")
    minutes.setFocus()
    minutes.selectAll()
    driven.qtbot.keyClicks(minutes, "20")
    driven.qtbot.keyClick(minutes, Qt.Key.Key_Return)
    due = driven.cells(Column.NEXT)
    assert 2 == len(due)
    assert set(due) <= up_to_a_tenth_early(stage.clock() - 600, 20 * 60)
    assert 20 == driven.settings.interval_minutes
    driven.click("Keep refreshing every")
    assert frozenset() == driven.settings.kept


def test_what_was_not_kept_stays_so(stage: Stage, make_stage_window: MakeWindow) -> None:
    """All but one are kept: the next start knows which."""
    kept = write(stage, SOURCE)
    write(stage, DESTINATION)
    driven = make_stage_window(stage)
    driven.click("Keep refreshing every")
    driven.click_row(1)
    driven.click("Keep refreshing")
    assert {kept} == driven.settings.kept
    driven.end()
    again = make_stage_window(stage)
    assert [True, False] == [row.kept for row in again.model.rows]
    assert {kept} == again.settings.kept


def test_sign_in_again(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The browser opens although the file is fresh; one at a time, since there is one browser."""
    stage.sign_in()
    before = stage.path.read_bytes()
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    assert not driven.button("Sign in again").isEnabled()
    driven.click_row(1)
    driven.click("Sign in again")
    driven.wait(lambda: not driven.busy() and stage.browser.opened)
    assert before != stage.path.read_bytes()
    assert [stage.path] == driven.parts.mailbox_table.selection()


def test_a_sign_in_in_place_of_another_can_be_cancelled(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The one under way ends; the button belongs to the new one."""
    stage.browser.visits_pages = False
    write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Sign in again")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Sign in again")
    driven.wait(lambda: 2 == len(stage.browser.opened))
    assert driven.busy()
    driven.click("Cancel")
    assert not driven.busy()
    assert not driven.parts.waiting.isVisible()


class Desktop(QObject):
    """Notes which folders were opened."""

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """In place of the file manager."""
        self.opened.append(url.toLocalFile())


def test_open_the_folder(stage: Stage, make_stage_window: MakeWindow) -> None:
    """In whatever the system has for it."""
    write(stage, ADDRESS)
    driven = make_stage_window(stage)
    desktop = Desktop()
    # The stub asks for bytes, which the function itself refuses.
    QDesktopServices.setUrlHandler("file", desktop, "open")  # type: ignore[arg-type]
    driven.click_row(0)
    driven.click("Open the folder")
    QDesktopServices.unsetUrlHandler("file")
    assert [str(stage.path.parent)] == desktop.opened


def test_remove_asks_first(qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow) -> None:
    """No keeps the file; yes deletes it, and the row goes."""
    path = write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.click_row(0)

    _remove(qtbot, driven, "Cancel")
    assert (True, 1) == (path.exists(), driven.model.rowCount())
    _remove(qtbot, driven, "Delete only")
    driven.wait(lambda: 0 == driven.model.rowCount())
    assert not path.exists()


def test_remove_revokes_what_it_deletes(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """And deletes it only then: a server that can't be asked keeps the file, and is told of."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click("Keep refreshing")
    stage.server.revocation_faults.append(DemoResponse(503))
    _remove(qtbot, driven, "Revoke and delete")
    driven.wait(lambda: [] != driven.failed)
    assert "Nothing was deleted" in driven.failed[0].hint
    assert stage.path.exists()
    assert driven.parts.error_panel.isVisible()
    assert driven.model.kept_rows

    _remove(qtbot, driven, "Revoke and delete")
    driven.wait(lambda: 0 == driven.model.rowCount())
    assert not driven.parts.error_panel.isVisible()
    assert not driven.model.kept_rows
    assert not stage.path.exists()
    assert stage.server.revoked_kinds


def test_a_broken_file_is_only_deleted(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """There is no token in it to revoke."""
    stage.path.parent.mkdir(exist_ok=True)
    stage.path.write_bytes(b"\0" * 100)
    driven = make_stage_window(stage)
    driven.click_row(0)
    _remove(qtbot, driven, "Delete only")
    assert (False, 0) == (stage.path.exists(), driven.model.rowCount())


def _remove(qtbot: QtBot, driven: Driven, answer: str) -> None:
    """Press the button, and this one in the question."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert ADDRESS in box.text()
        button = next(b for b in box.buttons() if answer == b.text().replace("&", ""))
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, press)
    driven.click("Remove…")


def test_the_menu_has_the_same_actions(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The other mouse button, and the menu key, offer what the buttons do."""
    write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.click_row(0)
    table = driven.table()
    where = table.visualRect(driven.model.index(0, 0)).center()
    table.customContextMenuRequested.emit(where)
    menu = next(m for m in driven.visible(QMenu))
    texts = [action.text().replace("&", "") for action in menu.actions()]
    menu.close()
    assert texts == [driven.button(text).text().replace("&", "") for text in texts]
    assert 6 == len(texts)


def _both(driven: Driven) -> tuple[str, str]:
    """Who stands as user1 and user2 in the whole command."""
    words = command(driven, "Whole command").replace("'", "").split()
    return words[words.index("--user1") + 1], words[words.index("--user2") + 1]


def test_the_order_of_the_selection_says_who_is_who(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """First the source, then the destination; Swap turns that round for this pair alone."""
    third = "c.third@demo.example"
    for address in (SOURCE, DESTINATION, third):
        write(stage, address)
    driven = make_stage_window(stage)
    driven.click_row(1)
    assert f"--user1 {DESTINATION}" in command(driven, "Options for the source")
    assert "" == command(driven, "Whole command")
    driven.click_row(0, ctrl=True)
    assert (DESTINATION, SOURCE) == _both(driven)
    driven.click("Swap")
    assert (SOURCE, DESTINATION) == _both(driven)
    driven.click_row(0)
    driven.click_row(2, ctrl=True)
    assert (SOURCE, third) == _both(driven)


def test_the_selection_outlives_other_files(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A file that comes or goes takes no command away that somebody is reading."""
    extra = "aa.first@demo.example"
    write(stage, SOURCE)
    write(stage, DESTINATION)
    driven = make_stage_window(stage)
    driven.click_row(1)
    driven.click_row(0, ctrl=True)
    driven.click("Swap")
    path = write(stage, extra)
    driven.wait(lambda: 3 == driven.model.rowCount())
    assert (SOURCE, DESTINATION) == _both(driven)
    path.unlink()
    driven.wait(lambda: 2 == driven.model.rowCount())
    assert (SOURCE, DESTINATION) == _both(driven)
    assert [0, 1] == sorted(i.row() for i in driven.table().selectionModel().selectedRows())


def test_well_again_is_said_of_the_right_one(stage: Stage, make_stage_window: MakeWindow) -> None:
    """An error of another mailbox stays to be read."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    panel = driven.parts.error_panel
    driven.model.change(stage.path, error=AppError("A trouble"))
    panel.show_error(AppError("Another trouble"), SOURCE)
    driven.click_row(0)
    driven.click("Refresh now")
    driven.wait(lambda: ["Fresh"] == driven.cells(Column.STATE))
    assert "Another trouble" in driven.error()
    panel.show_error(AppError("A trouble"), ADDRESS)
    driven.mailboxes.recovered.emit(ADDRESS)
    assert "" == driven.error()
