"""A registration of one's own in the window: its steps, its test, and its file for colleagues."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox

from core.mailbox.job import Dependencies
from core.model import FlowKind
from core.providers.live_catalog import LiveCatalog
from core.registering.guides import GOOGLE, MICROSOFT
from gui.widgets.registration_dialog import RegistrationDialog
from servers import ADDRESS, NO_DNS, MakeStage, Stage
from test_register_command import program_for, refusal, step
from window import Driven, MakeWindow

OURS = '[providers.demo.applications.ours]\nclient_id = "demo"\n'


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """The quick servers."""
    return make_stage()


@pytest.fixture
def own_file(stage: Stage) -> Path:
    """The user's own file: a provider of Microsoft's kind, without an application."""
    return program_for(stage, FlowKind.MICROSOFT).own_file


@pytest.fixture
def driven(stage: Stage, own_file: Path, make_window: MakeWindow) -> Driven:
    """The window on these servers."""
    dependencies = Dependencies(LiveCatalog(own_file), NO_DNS, stage.clock, stage.store)
    return make_window(
        dependencies,
        stage.path.parent,
        browser=lambda page, choice: stage.browser,
        ca_file=stage.ca_file,
    )


def opened(driven: Driven, provider: str = "demo") -> RegistrationDialog:
    """The dialog, with this provider chosen."""
    actions = driven.window.program_menu.actions()
    next(a for a in actions if "Your own registratio&n…" == a.text()).trigger()
    (dialog,) = driven.visible(RegistrationDialog)
    names = [choice.name for choice in dialog._choices]
    driven.named(QComboBox, "Provider of the registration").setCurrentIndex(names.index(provider))
    return dialog


def field(dialog: RegistrationDialog, name: str) -> QLineEdit:
    """The field with this accessible name."""
    return next(e for e in dialog.findChildren(QLineEdit) if name == e.accessibleName())


def fill(driven: Driven, dialog: RegistrationDialog) -> None:
    """Type what belongs to the registration."""
    texts = {"Client ID": "demo", "Tenant": "demo", "Name": "ours", "Address for the test": ADDRESS}
    for name, text in texts.items():
        driven.type_into(field(dialog, name), text)


def said(dialog: RegistrationDialog) -> str:
    """All texts of the dialog."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def saved(own_file: Path) -> dict[str, Any]:
    """The applications of the provider in the user's own file."""
    found: dict[str, Any] = tomllib.loads(own_file.read_text())["providers"]["demo"]
    return dict(found.get("applications", {}))


def test_the_steps_are_those_of_the_provider(driven: Driven) -> None:
    """With the fields that belong to it."""
    dialog = opened(driven, "gmail")
    for one in GOOGLE.steps:
        assert one.text in said(dialog)
    names = {e.accessibleName() for e in dialog.findChildren(QLineEdit) if e.isVisible()}
    assert {"Client ID", "Client secret", "Name", "Address for the test"} == names
    opened(driven, "office365")
    assert MICROSOFT.steps[2].text in said(dialog)
    names = {e.accessibleName() for e in dialog.findChildren(QLineEdit) if e.isVisible()}
    assert {"Client ID", "Tenant", "Name", "Address for the test"} == names
    opened(driven, "")
    assert field(dialog, "Sign-in server (issuer)").isVisible()


def test_a_right_one_is_saved(driven: Driven, stage: Stage, own_file: Path) -> None:
    """By a real sign-in, under its name, with its tenant; then it can be exported."""
    dialog = opened(driven)
    fill(driven, dialog)
    driven.click("Test and save", dialog)
    driven.wait(lambda: [ADDRESS] == driven.addresses())
    driven.wait(lambda: saved(own_file))
    assert {"ours": {"client_id": "demo", "tenant": "demo"}} == saved(own_file)
    file = stage.folder / "exported.toml"
    driven.content._own_registration._ask_new = lambda _: str(file)
    driven.click("Export…", opened(driven))
    driven.wait(lambda: f"The registration is in {file}" in said(dialog))
    assert 'client_id = "demo"' in file.read_text()


def test_a_wrong_one_names_the_step(driven: Driven, stage: Stage, own_file: Path) -> None:
    """In the message bar; what was typed stays in the dialog."""
    before = own_file.read_bytes()
    stage.server.faults.append(refusal("invalid_client", "AADSTS7000218: no client_secret"))
    dialog = opened(driven)
    fill(driven, dialog)
    driven.click("Test and save", dialog)
    driven.wait(driven.error)
    assert step(MICROSOFT, "Redirect URI") in driven.panel_text()
    assert before == own_file.read_bytes()
    opened(driven)
    assert "demo" == field(dialog, "Client ID").text()


def test_an_error_page_names_the_step(driven: Driven, stage: Stage) -> None:
    """While the sign-in waits: the text of the page is pasted."""
    stage.browser.visits_pages = False
    dialog = opened(driven)
    fill(driven, dialog)
    driven.click("Test and save", dialog)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    (paste,) = [e for e in driven.visible(QLineEdit) if driven.parts.waiting.isAncestorOf(e)]
    driven.type_into(paste, "AADSTS50011: The redirect URI does not match")
    driven.qtbot.keyClick(paste, Qt.Key.Key_Return)
    driven.wait(lambda: driven.label("paste_refused").text())
    assert step(MICROSOFT, "Redirect URI") in driven.label("paste_refused").text()


def test_what_is_missing(driven: Driven, stage: Stage) -> None:
    """The dialog says so, and nothing starts."""
    dialog = opened(driven)
    driven.click("Test and save", dialog)
    assert "Enter the client ID." in said(dialog)
    driven.type_into(field(dialog, "Client ID"), "demo")
    driven.click("Test and save", dialog)
    assert "⚠" in said(dialog)
    assert dialog.isVisible()
    assert 0 == stage.server.authorize_requests


@pytest.mark.parametrize(("answer", "added"), [("Add it", ["ours"]), ("Cancel", [])])
def test_an_import_is_confirmed(
    driven: Driven, stage: Stage, own_file: Path, answer: str, added: list[str]
) -> None:
    """The servers are shown first; a second import of the name is refused."""
    file = stage.folder / "from_a_colleague.toml"
    provider = own_file.read_text().partition("[providers.demo]")[2]
    file.write_text(f"[providers.demo]\n{provider}\n{OURS}")
    driven.content._own_registration._ask = lambda _: str(file)
    dialog = opened(driven)
    driven.click("Import…", dialog)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert "IMAP server: localhost" in box.informativeText()
    driven.click(answer, box)
    driven.rest()
    assert added == list(saved(own_file))
    if added:
        driven.wait(lambda: "The registration ours was added." in said(dialog))
        driven.click("Import…", dialog)
        driven.wait(lambda: "is not replaced" in said(dialog))
        driven.type_into(field(dialog, "Name"), "theirs")
        driven.click("Import…", dialog)
        driven.wait(lambda: driven.visible(QMessageBox))
        driven.click("Add it", driven.visible(QMessageBox)[0])
        driven.wait(lambda: ["ours", "theirs"] == list(saved(own_file)))
