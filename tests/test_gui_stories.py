"""Whole stories on a certified authorization server, with Dovecot and Chromium."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from bed import flow, imap
from bed.as_provider import providers_toml
from bed.fixtures import Bed
from bed.users import ALICE, BOB
from bed.walker import deliver, walk
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name
from gui.model.settings import Settings
from program import Program
from window import Driven, MakeWindow, chromium_as

SCOPE = "openid profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All"
LONG = 60_000  # ms; a Chromium has to start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the token folder of `make_bed_window`."""
    return tmp_path / "tokens"


def give(bed: Bed, folder: Path, user: str, *, age: float = 600.0, left: float = 3000.0) -> Path:
    """Write a token file of a valid grant, as if it were `age` seconds old."""
    tokens = flow.sign_in(bed.issuer, bed.ca_file, "public-rotating", user, scope=SCOPE)
    file = TokenFile(
        access=tokens["access_token"],
        refresh=tokens["refresh_token"],
        account=user,
        provider="office365",
        application="thunderbird",
        tenant="test",
        issued_at=time.time() - age,
        expires_at=time.time() + left,
        signed_in_at=time.time() - age,
    )
    folder.mkdir(exist_ok=True)
    path = folder / file_name(user)
    path.write_bytes(serialize(file, now=time.time()))
    path.chmod(0o600)  # else the window warns
    return path


def opens_mailbox(bed: Bed, user: str, path: Path) -> bool:
    """Return whether Dovecot accepts the first line of the file."""
    token = path.read_text("ascii").split("\n")[0]
    with imap.login(user, token, port=bed.imap_port, ca_file=bed.ca_file) as session:
        return bool(session.select("INBOX")[0] == "OK")


def link_of(driven: Driven) -> str:
    """Wait for the link, and return what "Copy the link" copies."""
    driven.wait(lambda: driven.shows("Copy the link"))
    driven.click("Copy the link")
    return QGuiApplication.clipboard().text()


def begin(driven: Driven, user: str) -> None:
    """Type the address and press the button."""
    driven.type_address(user)
    driven.click("Get token")


def test_get_token(bed: Bed, chromium: None, make_bed_window: MakeWindow, folder: Path) -> None:
    """After the sign-in there are a row and a token file that Dovecot accepts."""
    driven = make_bed_window(browser=chromium_as(ALICE))
    begin(driven, ALICE)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    said = " ".join(label.text() for label in driven.visible(QLabel))
    assert 'asks you to allow "Thunderbird". That is expected' in said
    driven.wait(lambda: ["Fresh"] == driven.states(), LONG)
    assert [ALICE] == driven.addresses()
    assert not driven.parts.waiting.isVisible()
    assert driven.button("Get token").isEnabled()
    path = folder / file_name(ALICE)
    assert [path] == driven.parts.mailbox_table.selection()
    assert opens_mailbox(bed, ALICE, path)
    assert {"authorization_code": 1} == bed.stats()["grants"]


def test_refused_in_the_browser(
    bed: Bed, chromium: None, make_bed_window: MakeWindow, folder: Path
) -> None:
    """Denying access shows one sentence, and writes no file."""
    driven = make_bed_window(browser=chromium_as(ALICE, "deny"))
    begin(driven, ALICE)
    driven.wait(driven.error, LONG)
    assert "was refused on the sign-in page" in driven.error()
    assert not driven.busy()
    assert not driven.parts.waiting.isVisible()
    assert [] == list(folder.glob("*.txt"))


def test_the_wrong_account_in_the_browser(
    bed: Bed, chromium: None, make_bed_window: MakeWindow, folder: Path
) -> None:
    """Dovecot refuses it, and the old file is kept until the user says that it is right."""
    path = give(bed, folder, ALICE)
    before = path.read_bytes()
    driven = make_bed_window(browser=chromium_as(BOB))
    driven.click_row(0)
    for button in ("Cancel", "Save the shared mailbox"):
        driven.act("Sign in again")
        driven.wait(lambda: driven.visible(QMessageBox), LONG)
        (box,) = driven.visible(QMessageBox)
        assert f"does not let {BOB} open the mailbox of {ALICE}" in box.text()
        assert before == path.read_bytes()
        driven.click(button, box)
        driven.wait(lambda: not driven.busy())
        driven.wait(driven.error)
    assert before != path.read_bytes()
    assert f"# Login hint is {BOB}" in path.read_text("ascii")
    assert opens_mailbox(bed, BOB, path)
    driven.wait(lambda: any(f"Signed in as {BOB}" in one.text() for one in driven.visible(QLabel)))


@pytest.mark.parametrize("what", ["address", "code"])
def test_paste(bed: Bed, make_bed_window: MakeWindow, folder: Path, what: str) -> None:
    """With a browser on another computer, the address or the code is pasted."""
    driven = make_bed_window()
    begin(driven, ALICE)
    link = link_of(driven)
    field = driven.named(QLineEdit, "Address of the last page, or the code")
    driven.type_into(field, "I don't know what to paste")
    driven.click("Continue")
    told = driven.label("paste_refused")
    driven.wait(lambda: "not an answer of the sign-in page" in told.text())
    address = walk(link, ALICE)
    code = address.partition("code=")[2].partition("&")[0]
    driven.type_into(field, address if what == "address" else code)
    driven.qtbot.keyClick(field, Qt.Key.Key_Return)
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert opens_mailbox(bed, ALICE, folder / file_name(ALICE))
    assert "" == field.text()


def test_cancel_before_the_browser_answers(
    bed: Bed, make_bed_window: MakeWindow, folder: Path
) -> None:
    """It ends at once and leaves nothing; the next sign-in works."""
    driven = make_bed_window()
    begin(driven, ALICE)
    first = link_of(driven)
    driven.click("Cancel")
    assert not driven.busy()
    assert not driven.parts.waiting.isVisible()
    assert [] == list(folder.glob("*.txt"))
    begin(driven, ALICE)
    second = link_of(driven)
    assert first != second
    deliver(walk(second, ALICE))
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert 1 == bed.stats()["token_requests"]


def test_cancel_during_the_exchange(bed: Bed, make_bed_window: MakeWindow, folder: Path) -> None:
    """Between the browser's answer and the tokens: it ends at once, and no file appears."""
    bed.configure(token_fault={"times": 1, "delay_ms": 1000})
    driven = make_bed_window()
    begin(driven, ALICE)
    deliver(walk(link_of(driven), ALICE))
    driven.wait(lambda: 1 == bed.stats()["token_requests"])
    driven.click("Cancel")
    assert not driven.busy()
    driven.rest()
    assert [] == list(folder.glob("*.txt"))
    assert ("", 0) == (driven.error(), driven.model.rowCount())


def test_cancel_keeps_what_was_there(bed: Bed, make_bed_window: MakeWindow, folder: Path) -> None:
    """Cancelling Sign in again leaves the mailbox as it was."""
    path = give(bed, folder, ALICE)
    before = path.read_bytes()
    driven = make_bed_window()
    driven.click_row(0)
    driven.act("Sign in again")
    link_of(driven)
    driven.click("Cancel")
    driven.wait(lambda: not driven.busy())
    assert before == path.read_bytes()
    assert ["Fresh"] == driven.states()


def test_no_network(bed: Bed, make_bed_window: MakeWindow, folder: Path) -> None:
    """The error says how long imapsync can go on; the file stays, and no browser opens."""
    path = give(bed, folder, ALICE)
    before = path.read_bytes()
    driven = make_bed_window(browser=lambda page, choice: pytest.fail("a browser was looked for"))
    bed.stop_server()
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(driven.error)
    assert f"Error: {ALICE}: " in driven.error()
    assert "imapsync can use the token in the file until" in driven.error()
    assert before == path.read_bytes()
    assert [] == driven.called
    bed.start_server()


def test_no_network_for_a_sign_in(bed: Bed, make_bed_window: MakeWindow, folder: Path) -> None:
    """If the network fails after the browser's answer, an error is shown."""
    driven = make_bed_window()
    begin(driven, ALICE)
    answer = walk(link_of(driven), ALICE)
    bed.stop_server()
    deliver(answer)
    driven.wait(driven.error, LONG)
    assert not driven.busy()
    assert [] == list(folder.glob("*.txt"))
    bed.start_server()


def test_a_dead_refresh_token_calls_the_user(
    bed: Bed, make_bed_window: MakeWindow, folder: Path
) -> None:
    """The row shows it, it is told once, and no browser opens by itself."""
    give(bed, folder, ALICE, age=3700, left=-100)
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return True

    driven = make_bed_window(browser=lambda page, choice: browser)
    bed.revoke(ALICE)
    driven.click("Keep refreshing")
    for _ in range(3):
        driven.mailboxes.refresh_due()
        driven.wait(lambda: ["Sign-in required"] == driven.states())
    assert ([ALICE], []) == (driven.called, opened)
    assert "is no longer valid" in driven.error()
    assert driven.window.isVisible()

    driven.click("Sign in again", driven.parts.message_bar)
    deliver(walk(link_of(driven), ALICE))
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "" == driven.error()
    assert driven.model.rows[0].kept
    assert driven.model.rows[0].due


def test_two_mailboxes_at_once(bed: Bed, make_bed_window: MakeWindow, folder: Path) -> None:
    """With a slow server, both are refreshed at the same time."""
    paths = {user: give(bed, folder, user, age=3000, left=200) for user in (ALICE, BOB)}
    before = {user: path.read_bytes() for user, path in paths.items()}
    bed.configure(token_fault={"times": 2, "delay_ms": 3000})
    driven = make_bed_window()
    driven.click("Keep refreshing")
    driven.mailboxes.refresh_due()
    driven.wait(lambda: 2 == bed.stats()["token_requests"])
    assert ["Refreshing…", "Refreshing…"] == driven.states()
    driven.wait(lambda: ["Fresh", "Fresh"] == driven.states())
    for user, path in paths.items():
        assert before[user] != path.read_bytes()
        assert opens_mailbox(bed, user, path)


def test_a_refresh_that_is_due_during_a_sign_in(
    bed: Bed, make_bed_window: MakeWindow, folder: Path
) -> None:
    """A slow sign-in delays no refresh."""
    path = give(bed, folder, ALICE, age=3000, left=200)
    driven = make_bed_window()
    begin(driven, BOB)
    link = link_of(driven)
    driven.click("Keep refreshing")
    driven.mailboxes.refresh_due()
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert driven.parts.waiting.isVisible()
    assert {"refresh_token": 1} == {
        kind: count for kind, count in bed.stats()["grants"].items() if kind == "refresh_token"
    }
    deliver(walk(link, BOB))
    driven.wait(lambda: ["Fresh", "Fresh"] == driven.states())
    assert [True, True] == [row.kept for row in driven.model.rows]  # the new one too
    assert opens_mailbox(bed, ALICE, path)


def test_restart_goes_on(bed: Bed, make_bed_window: MakeWindow, folder: Path) -> None:
    """The next start finds both mailboxes, and keeps the same one fresh."""
    kept = give(bed, folder, ALICE, age=3000, left=200)
    left = give(bed, folder, BOB, age=3000, left=200)
    before = (kept.read_bytes(), left.read_bytes())
    driven = make_bed_window()
    driven.click_row(0)
    driven.act("Keep refreshing")
    driven.end()
    assert before == (kept.read_bytes(), left.read_bytes())

    again = make_bed_window()
    assert [ALICE, BOB] == again.addresses()
    again.mailboxes.refresh_due()
    again.wait(lambda: ["Fresh", "Expires soon"] == again.states())
    assert before[0] != kept.read_bytes()
    assert before[1] == left.read_bytes()


class WindowProcess:
    """`python -m gui` as a process of its own."""

    def __init__(self, program: Program, *arguments: str) -> None:
        """Start the process."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gui", *arguments],
            cwd=program.folder,
            env=program.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def end(self) -> bytes:
        """End the process and return its output."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.communicate(timeout=30)[0]


@pytest.fixture
def desktop(bed: Bed, tmp_path: Path, folder: Path) -> Program:
    """Return a home for windows that are processes, on the test bed."""
    environ = {"QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)}
    program = Program(tmp_path, tmp_path / "home", environ)
    program.configure(providers_toml(bed))
    settings = Settings(program.own_file.with_name("oauth2_imap.ini"))
    settings.ca_file = str(bed.ca_file)
    assert settings.save()
    return program


def test_a_call_refreshes_beside_an_open_window(
    bed: Bed, desktop: Program, folder: Path, qtbot: QtBot
) -> None:
    """It ends with 0 and a fresh token, and shows no window of its own; the open one stays."""
    path = give(bed, folder, ALICE, age=3000, left=200)
    before = path.read_bytes()
    first = WindowProcess(desktop)
    try:
        qtbot.waitUntil(lambda: _is_listening(desktop) or not _runs(first), timeout=LONG)
        second = WindowProcess(desktop, ALICE)
        said = second.process.communicate(timeout=30)[0]
        assert 0 == second.process.returncode, said
        assert before != path.read_bytes()
        assert _runs(first)
        assert opens_mailbox(bed, ALICE, path)
    finally:
        said = first.end()
    assert b"Traceback" not in said


def _runs(window: WindowProcess) -> bool:
    return window.process.poll() is None


def _is_listening(program: Program) -> bool:
    """Return whether the first window's socket exists."""
    return any(Path(program.environ["TMPDIR"]).glob("oauth2_imap-*"))
