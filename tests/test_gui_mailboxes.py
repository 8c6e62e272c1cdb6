"""The list of mailboxes: what a row shows, what its buttons do, and which one is the source."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from core.demo.http_server import DemoResponse
from core.errors import as_error
from core.mailbox.inventory import MailboxInfo
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name
from core.verdicts import local_commands
from faulty_servers.responses import Fault
from gui.model.mailbox_row import Row
from servers import ADDRESS, MakeStage, Stage
from window import Driven, MakeWindow

SOURCE, DESTINATION = "a.source@demo.example", "b.destination@demo.example"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        """Return the time, in place of time.time."""
        return self.now


def write(
    stage: Stage,
    address: str,
    *,
    left: float | None = 3000.0,
    age: float = 600.0,
    refresh: str = "a-refresh-token",
) -> Path:
    """Write a token file as if it were `age` seconds old; no server accepts its tokens."""
    now = stage.clock()
    file = TokenFile(
        access="an-access-token",
        refresh=refresh,
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
    path.chmod(0o600)  # else the window warns
    return path


def command(driven: Driven, name: str) -> str:
    """Return one of the commands for imapsync."""
    return driven.named(QPlainTextEdit, name).toPlainText()


@pytest.mark.parametrize(
    ("left", "words", "sentence", "icon", "fraction"),
    [
        (3000.0, "Fresh", "Valid until 10:50", "fresh", 3000 / 3600),
        (200.0, "Expires soon", "Valid until 10:03", "soon", 200 / 800),
        (86400.0, "Fresh", "Valid until 2026-03-03 10:00", "fresh", 86400 / 87000),
        (-10.0, "Expired. It can be refreshed.", "", "trouble", 0),
        (None, "Expiry unknown", "", "soon", None),
    ],
)
def test_a_row_says_how_it_stands(
    make_stage: MakeStage,
    make_stage_window: MakeWindow,
    left: float | None,
    words: str,
    sentence: str,
    icon: str,
    fraction: float | None,
) -> None:
    """It shows the state in words, with the time that matters, and the bar of the time left."""
    clock = Clock()
    clock.now = datetime(2026, 3, 2, 10).timestamp()
    stage = make_stage(clock=clock)
    write(stage, ADDRESS, left=left)
    driven = make_stage_window(stage)
    (row,) = driven.model.rows
    assert ((icon, words), sentence or words) == (row.state(clock.now), row.sentence(clock.now))
    assert (ADDRESS, "Demo Mail") == (row.title, row.provider)
    assert fraction == row.time_left(clock.now)
    assert not driven.window.grab().isNull()  # it is painted


def test_a_file_that_a_wrong_clock_wrote(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its token was issued in the future, so nobody knows how long it is valid."""
    write(stage, ADDRESS, left=365 * 86400, age=-364 * 86400)
    driven = make_stage_window(stage)
    assert ["Expiry unknown"] == driven.states()
    assert driven.model.rows[0].time_left(stage.clock()) is None


def test_an_expired_token_that_cannot_be_refreshed(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The state of a file without a refresh token asks for a sign-in."""
    write(stage, ADDRESS, left=-10, refresh="")
    assert ["Expired. Sign in again."] == make_stage_window(stage).states()


def test_a_file_that_cannot_be_read_says_so(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is a row like the others: the reason is its state, and it can be removed."""
    path = stage.path
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe no text")
    driven = make_stage_window(stage)
    assert [ADDRESS] == driven.addresses()
    words = "The file is not a token file: it does not contain text in UTF-8"
    assert [words] == driven.states()
    assert "trouble" == driven.state_icon(0)
    driven.click_row(0)
    assert driven.can("Remove…")


def test_time_moves_on(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The bar gets shorter and the text follows."""
    clock = Clock()
    stage = make_stage(clock=clock)
    write(stage, ADDRESS, left=3000.0)
    driven = make_stage_window(stage)
    seen = []
    for step in (0.0, 1500.0, 1300.0, 200.0):
        clock.now += step
        driven.mailboxes.refresh_due()
        fraction = driven.model.rows[0].time_left(driven.model.now)
        assert fraction is not None
        seen.append((round(fraction * 3600), driven.state_icon(0)))
    assert [(3000, "fresh"), (1500, "fresh"), (200, "soon"), (0, "trouble")] == seen


def test_a_change_on_disk_shows_up(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The list notices new, replaced and deleted files."""
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    added = write(stage, DESTINATION)
    driven.wait(lambda: [SOURCE, DESTINATION] == driven.addresses())
    replacement = added.with_name("replacement")
    replacement.write_bytes(write(stage, DESTINATION, left=-1).read_bytes())
    replacement.replace(added)
    driven.wait(lambda: ["Fresh", "Expired. It can be refreshed."] == driven.states())
    added.unlink()
    driven.wait(lambda: [SOURCE] == driven.addresses())


def test_the_folder_of_a_first_sign_in_is_watched(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The folder doesn't exist yet when the window opens."""
    driven = make_stage_window(stage)
    assert not stage.path.parent.exists()
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: [ADDRESS] == driven.addresses())
    write(stage, SOURCE)
    driven.wait(lambda: [SOURCE, ADDRESS] == driven.addresses())


def test_an_empty_list_explains_itself(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It offers the demo; the buttons appear with the first row."""
    driven = make_stage_window(stage)
    assert driven.button("Try it with a pretend mailbox").isVisible()
    assert not driven.table().isVisible()
    write(stage, ADDRESS)
    driven.reload()
    assert driven.table().isVisible()
    assert not driven.can("Refresh now")  # nothing is selected


def test_refresh_now(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The row shows the refresh, and afterwards the new times."""
    stage.sign_in()
    before = stage.age()
    driven = make_stage_window(stage)
    assert ["Expires soon"] == driven.states()
    driven.click_row(0)
    driven.act("Refresh now")
    assert ["Refreshing…"] == driven.states()
    assert not driven.can("Refresh now")
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert driven.can("Refresh now")
    assert before != stage.path.read_bytes()
    assert 1 == stage.server.refreshes


def test_a_double_click_refreshes(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A double click on a row refreshes it."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    driven.click_row(0)
    viewport, where = driven.table().viewport(), driven.row_rect(0).center()
    driven.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.states())


def test_the_login_is_tested(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It shows what the server answered, and changes nothing."""
    stage.sign_in()
    before = stage.path.read_bytes()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Test the login")
    driven.wait(lambda: "3 folders found" in driven.status())
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert before == stage.path.read_bytes()
    driven.wait(lambda: f"The login of {ADDRESS} works" in driven.panel_text())


def test_a_failed_test_ends_no_keeping(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The login fails with an old token; the next planned refresh replaces it."""
    stage.sign_in()
    stage.age(left=2000)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Keep refreshing")
    stage.server.expire_access_tokens()
    driven.act("Test the login")
    driven.wait(lambda: driven.failed and ["Testing the login…"] != driven.states())
    driven.mailboxes.refresh_due()
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.states())
    assert "" == driven.error()  # it recovered


def test_a_tested_login_revives_no_dead_grant(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The access token still works for a while, but the user must sign in all the same."""
    stage.sign_in()
    stage.age(left=200)
    stage.server.revoke_grants()
    driven = make_stage_window(stage)
    stage.mailbox.account_of = lambda _token: ADDRESS  # the mailbox still accepts the token
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: ["Sign-in required"] == driven.states())
    assert "sign-in" == driven.state_icon(0)
    driven.act("Test the login")
    driven.wait(lambda: "3 folders found" in driven.status())
    driven.wait(lambda: ["Sign-in required"] == driven.states())
    assert [ADDRESS] == driven.called


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_tested_login_ends_no_retry(
    make_stage: MakeStage, make_stage_window: MakeWindow, is_kept: bool
) -> None:
    """The row says when the refresh is tried again, until that; without a next try it is well."""
    stage = make_stage(clock=Clock())
    stage.sign_in()
    stage.age(left=2000)
    driven = make_stage_window(stage)
    driven.mailboxes.keep_all(is_kept)
    driven.click_row(0)
    stage.server.faults.append(Fault(503))
    driven.act("Refresh now")
    driven.wait(lambda: driven.failed and not driven.model.rows[0].busy)
    driven.act("Test the login")
    driven.wait(lambda: "3 folders found" in driven.status())
    driven.rest()
    assert is_kept is bool(driven.model.rows[0].error)


def test_an_unrefreshable_token_ends_no_error(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A refresh that leaves the token as it is shows nothing of the login that failed."""
    stage.sign_in()
    stage.change(refresh="")
    driven = make_stage_window(stage)
    driven.click_row(0)
    stage.server.expire_access_tokens()
    driven.act("Test the login")
    driven.wait(lambda: driven.failed and not driven.model.rows[0].busy)
    driven.act("Refresh now")
    driven.wait(lambda: any("can't be refreshed" in text for text in driven.noted))
    driven.rest()
    assert driven.model.rows[0].error


def test_a_token_of_a_fast_clock_ends_no_error(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """A token that was issued after the error, as it seems, was there before."""
    stage = make_stage(clock=Clock())
    write(stage, ADDRESS, age=-120, left=2000)
    driven = make_stage_window(stage)
    driven.click_row(0)
    stage.server.faults.append(Fault(503))
    driven.act("Refresh now")
    driven.wait(lambda: driven.failed and not driven.model.rows[0].busy)
    driven.reload()
    assert driven.model.rows[0].error


def test_a_single_refusal_of_the_refresh_token_alarms_nobody(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """The provider is asked once more a minute later; a note tells it, and no error."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    stage.age(left=250)
    stage.server.faults.append(Fault(400, b'{"error": "invalid_grant"}'))
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Keep refreshing")
    driven.mailboxes.refresh_due()
    driven.wait(lambda: "is asked once more" in driven.status())
    assert ["Expires soon"] == driven.states()
    clock.now += 80
    driven.mailboxes.refresh_due()
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert ("", []) == (driven.error(), driven.called)


def is_up_to_a_tenth_early(due: float | None, issued_at: float | None, interval: int) -> bool:
    """Return whether it is one of the due times: they are spread over a tenth of the interval."""
    assert due is not None
    assert issued_at is not None
    return 0.9 * interval <= due - issued_at <= interval


def test_keep_one_fresh(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The box of a row: the mailbox is refreshed when due and not before, until it is unticked."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Keep refreshing")
    assert driven.parts.mailbox_table.actions_by_name["keep"].isChecked()
    (row,) = driven.model.rows
    assert is_up_to_a_tenth_early(row.due, stage.file().issued_at, 30 * 60)
    assert row.sentence(clock.now).startswith("Refreshes at ")
    assert {stage.path} == driven.kept()
    clock.now += 26 * 60
    driven.mailboxes.refresh_due()
    assert ["Fresh"] == driven.states()
    clock.now += 4 * 60 + 1
    driven.mailboxes.refresh_due()
    driven.wait(lambda: 1 == stage.server.refreshes and ["Fresh"] == driven.states())
    driven.act("Keep refreshing")
    assert not driven.model.rows[0].kept
    assert set() == driven.kept()


def test_keep_all_fresh_and_how_often(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The box above acts on all mailboxes; another interval moves the due times at once."""
    stage = make_stage(clock=Clock())
    paths = {write(stage, SOURCE), write(stage, DESTINATION)}
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    assert paths == driven.kept()
    assert driven.settings.keep_refreshing
    minutes = driven.named(QSpinBox, "Minutes between refreshes")
    minutes.setFocus()
    minutes.selectAll()
    driven.qtbot.keyClicks(minutes, "20")
    driven.qtbot.keyClick(minutes, Qt.Key.Key_Return)
    for row in driven.model.rows:
        assert is_up_to_a_tenth_early(row.due, stage.clock() - 600, 20 * 60)
    assert 20 == driven.settings.interval_minutes
    driven.click("Keep refreshing")
    assert set() == driven.kept()


def test_what_was_not_kept_stays_so(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The next start knows which mailboxes are kept fresh."""
    kept = write(stage, SOURCE)
    write(stage, DESTINATION)
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    driven.click_row(1)
    driven.act("Keep refreshing")
    assert {kept} == driven.kept()
    driven.end()
    again = make_stage_window(stage)
    assert [True, False] == [row.kept for row in again.model.rows]
    assert {kept} == again.kept()
    again.end()
    again.settings.kept = [f"{kept.parent}{os.sep * 2}{kept.name}"]  # as a user may write it
    assert [True, False] == [row.kept for row in make_stage_window(stage).model.rows]


def test_sign_in_again(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It works while the token is fresh."""
    stage.sign_in()
    before = stage.path.read_bytes()
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(1)
    driven.act("Sign in again")
    driven.wait(lambda: not driven.busy() and stage.browser.opened)
    assert before != stage.path.read_bytes()
    assert [stage.path] == driven.parts.mailbox_table.selection()


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


def test_open_the_folder(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It opens in the system's file manager."""
    write(stage, ADDRESS)
    driven = make_stage_window(stage)
    desktop = Desktop()
    # The stub asks for bytes, which the function itself refuses.
    QDesktopServices.setUrlHandler("file", desktop, "open")  # type: ignore[arg-type]
    driven.click_row(0)
    driven.act("Open the folder")
    QDesktopServices.unsetUrlHandler("file")
    assert [str(stage.path.parent)] == desktop.opened


def test_remove_asks_first(qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow) -> None:
    """Cancel keeps the file; Delete only deletes it, and the row disappears."""
    path = write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.click_row(0)

    _remove(qtbot, driven, "Cancel")
    assert (True, 1) == (path.exists(), driven.model.rowCount())
    _remove(qtbot, driven, "Delete only")
    driven.wait(lambda: 0 == driven.model.rowCount())
    assert not path.exists()
    assert f"{ADDRESS} was removed" == driven.parts.message_bar.message.headline


def test_remove_revokes_what_it_deletes(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """If revoking fails, the file stays and the error is shown."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Keep refreshing")
    stage.server.revocation_faults.append(DemoResponse(503))
    _remove(qtbot, driven, "Revoke and delete")
    driven.wait(lambda: [] != driven.failed)
    assert "Nothing was deleted" in driven.failed[0].notes[0]
    assert stage.path.exists()
    assert driven.error()
    assert driven.model.kept_rows

    _remove(qtbot, driven, "Revoke and delete")
    driven.wait(lambda: 0 == driven.model.rowCount())
    assert "" == driven.error()
    assert not driven.model.kept_rows
    assert not stage.path.exists()
    assert stage.server.revoked_kinds


def test_a_broken_file_is_only_deleted(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It has no token to revoke."""
    stage.path.parent.mkdir(exist_ok=True)
    stage.path.write_bytes(b"\0" * 100)
    driven = make_stage_window(stage)
    driven.click_row(0)
    _remove(qtbot, driven, "Delete only")
    assert (False, 0) == (stage.path.exists(), driven.model.rowCount())


def _remove(qtbot: QtBot, driven: Driven, answer: str) -> None:
    """Press Remove, and this button in the question."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert ADDRESS in box.text()
        button = next(b for b in box.buttons() if answer == b.text().replace("&", ""))
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, press)
    driven.act("Remove…")


def _both(driven: Driven) -> tuple[str, str]:
    """Return user1 and user2 of the whole command."""
    words = command(driven, "Command to copy the mail").replace("'", "").split()
    return words[words.index("--user1") + 1], words[words.index("--user2") + 1]


def test_the_order_of_the_selection_says_who_is_who(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """First the source, then the destination; Swap counts for this pair only."""
    third = "c.third@demo.example"
    for address in (SOURCE, DESTINATION, third):
        write(stage, address)
    driven = make_stage_window(stage)
    driven.click_row(1)
    driven.click_row(0, ctrl=True)
    assert (DESTINATION, SOURCE) == _both(driven)
    driven.click("⇄")
    assert (SOURCE, DESTINATION) == _both(driven)
    driven.click_row(0)
    driven.click_row(2, ctrl=True)
    assert (SOURCE, third) == _both(driven)


def test_the_selection_outlives_other_files(stage: Stage, make_stage_window: MakeWindow) -> None:
    """New and deleted files don't change the selection."""
    extra = "aa.first@demo.example"
    write(stage, SOURCE)
    write(stage, DESTINATION)
    driven = make_stage_window(stage)
    driven.click_row(1)
    driven.click_row(0, ctrl=True)
    driven.click("⇄")
    path = write(stage, extra)
    driven.wait(lambda: 3 == driven.model.rowCount())
    assert (SOURCE, DESTINATION) == _both(driven)
    path.unlink()
    driven.wait(lambda: 2 == driven.model.rowCount())
    assert (SOURCE, DESTINATION) == _both(driven)
    assert {SOURCE, DESTINATION} == {i.data() for i in driven.table().selectedIndexes()}


def test_an_application_that_is_gone_needs_the_user(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """The keeper gives the mailbox up until a file has changed, so somebody must be told."""
    clock = Clock()
    stage = make_stage(clock=clock)
    stage.sign_in()
    stage.change(application="gone", issued_at=clock.now - 3000, expires_at=clock.now + 100)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Keep refreshing")
    driven.mailboxes.refresh_due()
    driven.wait(lambda: [ADDRESS] == driven.called)
    assert "demo has no application gone" in driven.error()
    stage.change(application="demo")
    clock.now += 10
    driven.mailboxes.refresh_due()
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert ("", [ADDRESS]) == (driven.error(), driven.called)


def test_recovery_is_told_with_its_reason(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A test of the login and a refresh both end an error; only one refreshed the token."""
    stage.sign_in()
    driven = make_stage_window(stage)
    told: list[tuple[Path, bool]] = []
    driven.mailboxes.recovered.connect(lambda *arguments: told.append(arguments))
    driven.click_row(0)
    for button in ("Test the login", "Refresh now"):
        stage.age()
        driven.model.change(stage.path, error=as_error(local_commands.AUTOSTART_NOT_CHANGED))
        driven.act(button)
        driven.wait(lambda: not driven.model.rows[0].busy)
    assert [(stage.path, False), (stage.path, True)] == told


def test_recovery_clears_the_right_error(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The error of another mailbox stays."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    panel = driven.parts.message_bar
    driven.model.change(stage.path, error=as_error(local_commands.AUTOSTART_NOT_CHANGED))
    another = as_error(local_commands.NO_SUCH_PROCESS, pid=4711)
    panel.show_error(another, ADDRESS, path=stage.folder / "another.txt")
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "does not exist or can't be watched" in driven.error()
    panel.show_error(another, ADDRESS, path=stage.path)
    driven.mailboxes.recovered.emit(stage.path, True)
    assert "" == driven.error()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, True), ({"expires_at": 100.0}, False), ({"usable": False}, False)],
)
def test_trouble_passes_only_while_imapsync_can_log_in(
    changes: dict[str, Any], expected: bool
) -> None:
    """A valid token in a form that imapsync can't use doesn't count."""
    info = MailboxInfo(Path("t.txt"), "you@demo.example", issued_at=1.0, expires_at=300.0)
    assert expected == Row(info._replace(**changes)).is_usable(200.0)
