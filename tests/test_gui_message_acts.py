"""The buttons of the message bar: each act that an error names, and that the window can do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from core.errors import as_error
from core.paths import own_providers_file
from core.verdicts.verdict import Action, Actor, Kind, Verdict
from gui.model.bar_message import error_message
from gui.model.messages import ACTIONS
from gui.startup.build import show_startup_error
from gui.widgets.main_window import MainWindow
from servers import ADDRESS, Stage
from test_gui_mailboxes import Desktop, write
from window import Driven, MakeWindow

AGAIN = "Sign in again"
# What the user does in a terminal, in the wait of a sign-in, or in the dialog of an import.
ELSEWHERE = (
    Action.ALLOW_MORE_TIME,
    Action.READ_HELP,
    Action.USE_COMMAND,
    Action.PASTE_ANSWER,
    Action.IMPORT_DECRYPTED,
    Action.GIVE_ADDRESS,
    Action.GIVE_CLIENT_ID,
    Action.REPLACE_FILE,
)


def error(action: Action, kind: Kind = Kind.LOCAL) -> Verdict:
    """Return a verdict with this action."""
    return Verdict("x", kind, Actor.YOU, action, "It went wrong", remedy="Do this.")


@pytest.mark.parametrize("action", [a for a in Action if ACTIONS[a] and a not in ELSEWHERE])
def test_what_is_named_has_its_button(action: Action) -> None:
    """A field, a list or a button that a hint names can be reached from the message itself."""
    message = error_message(as_error(error(action)), path=Path("a.txt"))
    assert message.act or message.sign_in


@pytest.mark.parametrize(
    ("action", "kind", "again"),
    [
        (Action.NONE, Kind.REFUSED, True),
        (Action.CHECK_NETWORK, Kind.PASSING, True),
        (Action.SIGN_IN_AGAIN, Kind.REFUSED, True),
        (Action.SIGN_IN_AS_ANOTHER, Kind.REFUSED_ACCOUNT, True),
        (Action.CHOOSE_TENANT, Kind.MISCONFIGURED, False),
        (Action.MEND_SETTINGS, Kind.MISCONFIGURED, False),
        (Action.CORRECT_INPUT, Kind.USAGE, False),
    ],
)
def test_a_failed_sign_in_can_be_tried_again(action: Action, kind: Kind, again: bool) -> None:
    """Unless the user has to change something in the window before."""
    failed = object()
    message = error_message(as_error(error(action, kind)), failed=failed)
    assert (failed if again else None) is message.sign_in


def deny(driven: Driven, stage: Stage) -> None:
    """Let the user refuse on the sign-in page, and then think better of it."""
    stage.server.automatic_consent = False
    stage.browser.form = b"decision=deny"
    driven.click("Get token")
    driven.wait(driven.error)
    stage.server.automatic_consent = True
    stage.browser.form = None


def test_a_refused_sign_in_begins_again_as_it_was(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """With the same address, provider and options, whatever the fields hold now."""
    driven = make_stage_window(stage)
    driven.window.address_bar.set_provider("demo")
    driven.type_address(ADDRESS)
    values = driven.parts.options.values()
    driven.parts.options.show_values(replace(values, check=False))
    deny(driven, stage)
    assert ADDRESS in driven.error()
    driven.parts.window.address_bar.set_provider("")
    driven.parts.options.show_values(values)
    driven.click(AGAIN)
    driven.wait(lambda: driven.model.rows and not driven.busy())
    assert [ADDRESS] == driven.addresses()
    assert ["Fresh, login not tested"] == driven.states()
    assert "" == driven.error()


def test_a_refused_sign_in_of_a_mailbox_begins_again(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It goes to the same token file."""
    stage.sign_in()
    driven = make_stage_window(stage)
    before = stage.path.read_bytes()
    stage.server.automatic_consent = False
    stage.browser.form = b"decision=deny"
    driven.click_row(0)
    driven.act(AGAIN)
    driven.wait(driven.error)
    more = "\n".join(driven.parts.message_bar.message.more)
    assert "The sign-in of before still works." in more
    stage.server.automatic_consent = True
    stage.browser.form = None
    driven.click(AGAIN, driven.parts.message_bar)
    driven.wait(lambda: before != stage.path.read_bytes() and not driven.busy())
    assert 1 == len(driven.addresses())


@pytest.fixture
def named(stage: Stage, make_stage_window: MakeWindow) -> Callable[[Action], Driven]:
    """Return a window with a mailbox, and an error of it with this action."""
    write(stage, ADDRESS)
    driven: Driven = make_stage_window(stage)

    def shown(action: Action) -> Driven:
        driven.parts.message_bar.show_error(as_error(error(action)), ADDRESS, path=stage.path)
        return driven

    return shown


@pytest.mark.parametrize(
    ("action", "button", "title"),
    [
        (Action.CHOOSE_TENANT, "Open the options", f"Options for the sign-in of {ADDRESS}"),
        (Action.NAME_CA, "Open the settings", "Settings"),
    ],
)
def test_it_opens_a_dialog(
    named: Callable[[Action], Driven], action: Action, button: str, title: str
) -> None:
    """Where the field is that the error names."""
    driven = named(action)
    driven.click(button)
    assert [title] == [dialog.windowTitle() for dialog in driven.visible(QDialog)]


def test_the_options_are_those_of_the_mailbox(named: Callable[[Action], Driven]) -> None:
    """Its address and its provider are in the fields, ready for the sign-in."""
    driven = named(Action.CHOOSE_APPLICATION)
    driven.click("Open the options")
    bar = driven.window.address_bar
    assert (ADDRESS, "demo") == (bar.address(), bar.provider())


def test_it_opens_the_list_of_providers(named: Callable[[Action], Driven]) -> None:
    """With the focus there."""
    driven = named(Action.CHOOSE_PROVIDER)
    driven.click("Choose the provider")
    providers = driven.named(QComboBox, "Provider")
    driven.wait(lambda: providers.view().isVisible())
    providers.hidePopup()
    assert providers.hasFocus()


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Stand in for the system's own programs."""
    opener = Desktop()
    # The stub asks for bytes, which the function itself refuses.
    QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type]
    yield opener
    QDesktopServices.unsetUrlHandler("file")


def test_it_opens_the_users_own_providers(
    named: Callable[[Action], Driven], desktop: Desktop
) -> None:
    """The file, or before there is one the folder for it."""
    driven = named(Action.MEND_SETTINGS)
    file = driven.mailboxes.own_file
    driven.click("Open your providers.toml")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    driven.click("Open your providers.toml")
    assert [str(file.parent), str(file)] == desktop.opened


@pytest.mark.parametrize(
    ("action", "button", "opens"),
    [
        (Action.MEND_SETTINGS, "Open your providers.toml", True),
        (Action.REPORT, "Save a report…", False),
    ],
)
def test_a_start_that_fails_leads_to_the_file(
    qtbot: QtBot, desktop: Desktop, action: Action, button: str, opens: bool
) -> None:
    """What needs the rest of the window isn't offered."""
    window = MainWindow()
    qtbot.addWidget(window)
    show_startup_error(window, as_error(error(action)))
    window.show()
    buttons = [b for b in window.findChildren(QPushButton) if button == b.text()]
    assert [opens] == [b.isVisible() for b in buttons]
    if opens:
        buttons[0].click()
        assert [str(own_providers_file().parent)] == desktop.opened


def test_it_asks_for_the_folder_of_a_report(named: Callable[[Action], Driven]) -> None:
    """As the Help menu does."""
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        seen.append(dialog.windowTitle())
        dialog.reject()

    QTimer.singleShot(500, look)
    named(Action.REPORT).click("Save a report…")
    (title,) = seen
    assert title.endswith("choose its folder")


def test_it_asks_before_it_removes(named: Callable[[Action], Driven]) -> None:
    """The mailbox of the error."""
    seen: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.text())
        box.reject()

    QTimer.singleShot(100, look)
    driven = named(Action.MEND_FILE)
    driven.click("Remove…", driven.parts.message_bar)
    assert [f"Remove {ADDRESS}?"] == seen
