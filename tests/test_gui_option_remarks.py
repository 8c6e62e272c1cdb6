"""What the options say of an application: who must allow it, and whether it was tried."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from core.mailbox.job import Dependencies
from core.providers.catalog import load_catalog
from core.providers.live_catalog import LiveCatalog
from gui.model.option_remarks import OWN, remarks_of
from gui.widgets.options_dialog import OptionsDialog
from servers import NO_DNS
from window import MakeWindow

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CATALOG = load_catalog()
YOURSELF = "you can allow this application yourself"
ADMINISTRATOR = "an administrator must allow this application first"


@pytest.fixture
def dialog(qtbot: QtBot) -> OptionsDialog:
    """The options of a sign-in at Microsoft."""
    office = CATALOG.providers["office365"]
    dialog = OptionsDialog()
    qtbot.addWidget(dialog)
    applications = [(a.application, a.application_label) for a in office.applications.values()]
    remarks = remarks_of(office, "contoso.example")
    dialog.set_provider(office.label, applications, is_other=False, remarks=remarks)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def said(dialog: OptionsDialog) -> str:
    """The text of all visible labels."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_each_choice_has_its_remark(dialog: OptionsDialog) -> None:
    """It is read by a screen reader too, and belongs to what is chosen now."""
    [applications] = dialog.findChildren(QComboBox)
    for choice, words in (("Default", YOURSELF), ("imapsync", ADMINISTRATOR)):
        applications.setCurrentIndex(applications.findText(choice))
        assert words in said(dialog)
        assert words in applications.accessibleDescription()


def test_a_registration_of_ones_own(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """Microsoft's default settings hold for it too."""
    assert YOURSELF in said(dialog)
    [field] = [e for e in dialog.findChildren(QLineEdit) if e.accessibleName() == "Client ID"]
    qtbot.keyClicks(field, "my-client")
    assert ADMINISTRATOR in said(dialog)
    field.clear()
    assert YOURSELF in said(dialog)


def test_the_remarks_are_data() -> None:
    """Each application has its own; the empty name is the default, for a domain its own one."""
    yahoo, gmail = CATALOG.providers["yahoo"], CATALOG.providers["gmail"]
    assert {"thunderbird", "", OWN} == remarks_of(yahoo, "yahoo.com").keys()
    assert all("Not verified live" in remark for remark in remarks_of(yahoo, "").values())
    assert {""} == set(remarks_of(gmail, "gmail.com").values())
    zoho = CATALOG.providers["zoho"]
    assert {"", OWN} == remarks_of(zoho, "zoho.com").keys()


def test_the_window_shows_that_of_the_domain(make_window: MakeWindow, tmp_path: Path) -> None:
    """The default for an address is the application of its domain."""
    own = tmp_path / "providers.toml"
    own.write_text(
        '[providers.office365.applications.contoso]\nclient_id = "of-contoso"\n'
        'consent = "Contoso allows it."\ndefault_for = ["contoso.example"]\n',
        "utf-8",
    )
    driven = make_window(Dependencies(LiveCatalog(own), NO_DNS), tmp_path / "tokens")
    providers = driven.named(QComboBox, "Provider")
    providers.setCurrentIndex(providers.findData("office365"))
    for address, words in (
        ("you@contoso.example", "Contoso allows it."),
        ("you@outlook.com", YOURSELF),
    ):
        driven.type_address(address)
        driven.click("Options…")
        assert words in said(driven.parts.options.dialog)
        driven.parts.options.close()
