"""Importing files in the window: from the menu, and dropped onto it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit

from core.history.journal import file_of
from core.importing.take import Imported
from faulty_servers.responses import Fault
from foreign_files import google_json, recorded
from gui.controllers.import_files import ImportController
from gui.model.mailbox_row import Group
from gui.widgets.import_dialog import ImportDialog
from servers import ADDRESS, MakeStage, Stage
from test_gui_mailboxes import Clock
from window import Driven, MakeWindow, only, title_of_files


@pytest.fixture
def old(stage: Stage) -> str:
    """Credentials of the stage's mailbox that another program has written."""
    stage.sign_in(check=False)
    file = stage.file()
    stage.path.unlink()
    return google_json(
        token=file.access,
        refresh_token=file.refresh,
        token_uri=stage.server.token_uri,
        client_id=stage.server.client_id,
        client_secret="",
        scopes=["mail"],
        account=ADDRESS,
    )


def chosen(driven: Driven, *paths: Path) -> None:
    """Import files as if the user had chosen them; wait until the import has ended."""
    controller = driven.content._import
    controller._ask = lambda _: [str(path) for path in paths]
    ended: list[Sequence[Imported]] = []
    driven.parts.importer.done.connect(ended.append)
    actions = driven.window.program_menu.actions()
    next(a for a in actions if "&Import from another program…" == a.text()).trigger()
    driven.wait(lambda: ended)


def test_its_dialog_names_the_programs(stage: Stage, make_stage_window: MakeWindow) -> None:
    """So the user sees which files can be imported."""
    driven = make_stage_window(stage)
    title = title_of_files(driven, driven.window.program_menu, "&Import from another program…")
    assert title.startswith("Choose token files of oauth2_imap or of mutt_oauth2, ")
    assert all(name in title for name in ("email-oauth2-proxy", "DavMail", "msal", "google-auth"))


def dialog(driven: Driven) -> ImportDialog:
    """The dialog with the result."""
    driven.wait(lambda: driven.visible(ImportDialog))
    return driven.visible(ImportDialog)[0]


def drop(driven: Driven, *urls: QUrl) -> QDropEvent:
    """Drag files or pages over the window, and drop them where it accepts them."""
    data = QMimeData()
    data.setUrls(urls)
    actions = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(9, 9), actions, data, button, keys)
    QApplication.sendEvent(driven.window, entered)
    if not entered.isAccepted():
        return entered
    event = QDropEvent(QPointF(9, 9), actions, data, button, keys)
    QApplication.sendEvent(driven.window, event)
    return event


def test_an_imported_mailbox_is_kept_fresh(
    stage: Stage, old: str, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """It is in the list at once, and its token is refreshed with the imported one."""
    source = tmp_path / "google.json"
    source.write_text(old)
    driven = make_stage_window(stage)
    chosen(driven, source)
    assert [ADDRESS] == driven.addresses()
    assert any("1 mailbox imported" in text for text in driven.noted)
    driven.wait(lambda: stage.file().access not in old)
    assert old == source.read_text()


def test_what_is_left_to_do(
    stage: Stage, old: str, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """A dialog says it for each mailbox, and signs in where that is the next step."""
    section = f"[{ADDRESS}]\ntoken_url = {stage.server.token_uri}\nrefresh_token = gAAAAAB\n"
    (tmp_path / "emailproxy.config").write_text(f"{section}client_id = {stage.server.client_id}\n")
    (tmp_path / "mutt.gpg").write_bytes(recorded("mutt_oauth2.gpg"))
    driven = make_stage_window(stage)
    chosen(driven, tmp_path / "emailproxy.config", tmp_path / "mutt.gpg")
    shown = dialog(driven)
    text = only(shown, QPlainTextEdit).toPlainText()
    assert f"emailproxy.config: {ADDRESS}\nSign-in required.\n" in text
    assert "gpg -d FILE | oauth2_imap import -" in text
    driven.click("Sign in", shown)
    driven.wait(lambda: driven.addresses() == [ADDRESS])
    assert stage.file().refresh


def test_other_tokens_are_replaced_on_request(
    stage: Stage, old: str, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The dialog offers it; the tokens there stay until then."""
    stage.sign_in(check=False)
    before = stage.path.read_bytes()
    (tmp_path / "google.json").write_text(old)
    driven = make_stage_window(stage)
    driven.mailboxes.keep_all(False)
    chosen(driven, tmp_path / "google.json")
    shown = dialog(driven)
    assert before == stage.path.read_bytes()
    driven.click("Replace the tokens there", shown)
    driven.wait(lambda: stage.path.read_bytes() != before)


def test_files_that_are_dropped(
    stage: Stage, old: str, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """They are copied, so a file manager doesn't delete them; web pages are refused."""
    (tmp_path / "google.json").write_text(old)
    driven = make_stage_window(stage)
    assert not drop(driven, QUrl("https://example.com/a.json")).isAccepted()
    event = drop(driven, QUrl.fromLocalFile(str(tmp_path / "google.json")))
    assert (True, Qt.DropAction.CopyAction) == (event.isAccepted(), event.dropAction())
    driven.wait(lambda: driven.addresses() == [ADDRESS])
    assert (tmp_path / "google.json").exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_a_failed_refresh_of_an_imported_token_is_tried_again(
    make_stage: MakeStage, make_stage_window: MakeWindow, tmp_path: Path, is_known: bool
) -> None:
    """Until a refresh works: that the token is only seconds old is no success."""
    clock = Clock()
    stage = make_stage(clock=clock)
    driven = make_stage_window(stage)
    import_token(stage, driven, tmp_path, issued_at=clock.now if is_known else None)
    stage.server.faults.extend([Fault(503)] * 3)
    driven.click_row(0)
    driven.act("Refresh now")
    for failures in (1, 2, 3):
        driven.wait(lambda count=failures: count == len(driven.failed))  # type: ignore[misc]
        driven.reload()
        (row,) = driven.model.rows
        assert (Group.TRYING_AGAIN, failures) == (row.group(clock.now), len(driven.failed))
        assert row.due is not None
        assert clock.now < row.due <= clock.now + 30
        assert "trouble" == driven.state_icon(0)
        clock.now = row.due
        driven.mailboxes.refresh_due()
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert 1 == stage.server.refreshes


def test_an_imported_login_is_not_tested(
    make_stage: MakeStage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Its row says so, also in the next window, until a refresh has tested it."""
    stage = make_stage(clock=Clock())
    driven = make_stage_window(stage)
    import_token(stage, driven, tmp_path, issued_at=stage.clock())
    assert (["Fresh, login not tested"], "soon") == (driven.states(), driven.state_icon(0))
    below = driven.parts.message_bar.message.below
    assert "The next refresh shows whether its token still works." == below
    driven.end()
    driven = make_stage_window(stage)
    driven.wait(lambda: ["Fresh, login not tested"] == driven.states())
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: ["Fresh"] == driven.states())


def import_token(stage: Stage, driven: Driven, folder: Path, *, issued_at: float | None) -> None:
    """Import the token file of another folder, whose token is valid for an hour."""
    stage.sign_in(check=False)
    stage.change(issued_at=issued_at, expires_at=stage.clock() + 3600, signed_in_at=None)
    source = stage.path.rename(folder / "their_token.txt")
    file_of(stage.path).unlink()  # the history of the sign-in
    chosen(driven, source)
    driven.wait(lambda: [True] == [row.kept for row in driven.model.rows])


def test_what_a_file_lacks_is_asked(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """First whose tokens they are, then which application got them; a wrong answer is told."""
    stage.sign_in(check=False)
    tokens = {"access_token": stage.file().access, "refresh_token": stage.file().refresh}
    stage.path.unlink()
    of_mutt = {"registration": "demo", "access_token_expiration": "", **tokens}
    (tmp_path / "tokens.json").write_text(json.dumps(of_mutt))
    (tmp_path / "mutt.gpg").write_bytes(recorded("mutt_oauth2.gpg"))
    driven = make_stage_window(stage)
    chosen(driven, tmp_path / "tokens.json", tmp_path / "mutt.gpg")
    give(driven, "Address of the mailbox in tokens.json", "nobody")
    said = [label.text() for label in dialog(driven).findChildren(QLabel)]
    assert any("This is not an e-mail address" in text for text in said), said
    give(driven, "Address of the mailbox in tokens.json", ADDRESS)
    give(driven, "Client ID for tokens.json", stage.server.client_id)
    driven.wait(lambda: driven.addresses() == [ADDRESS])
    driven.wait(lambda: "gpg -d FILE" in only(dialog(driven), QPlainTextEdit).toPlainText())
    driven.wait(lambda: 1 == stage.server.refreshes)  # both were right


def give(driven: Driven, label: str, text: str) -> None:
    """Type what a file lacks into the field of this label, and press Enter."""

    def field() -> QLineEdit | None:
        shown = (one for box in driven.visible(ImportDialog) for one in box.findChildren(QLabel))
        named = (one for one in shown if label == one.text().replace("&", ""))
        buddy = next((one.buddy() for one in named), None)
        return buddy if isinstance(buddy, QLineEdit) else None

    driven.wait(field)
    asked = field()
    assert asked is not None
    driven.wait(asked.hasFocus)
    asked.setText(text)
    QTest.keyClick(asked, Qt.Key.Key_Return)


def test_nothing_is_chosen(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Nothing happens."""
    driven = make_stage_window(stage)
    controller = ImportController(driven.parts, driven.content.sign_in, ask=lambda _: [])
    controller.choose()
    assert "" == driven.status()
