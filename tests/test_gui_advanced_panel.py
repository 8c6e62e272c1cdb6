"""The advanced fields: closed at first, each one checked, plain values as the result."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.errors import UsageProblem
from core.net.network import Network
from core.providers.by_hand import by_hand
from core.providers.catalog import load_catalog
from core.providers.overrides import Overrides
from core.providers.registration import resolve
from gui.model.advanced_fields import AdvancedValues
from gui.widgets.advanced_panel import AdvancedPanel
from window import SOON

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

APPLICATIONS = [("thunderbird", "Thunderbird"), ("imapsync", "imapsync's own")]
SECRET = "Geheim-0815"
FULL = AdvancedValues(
    application="imapsync",
    tenant="example.com",
    client_id="my-client",
    client_secret=SECRET,
    authorization_endpoint="https://login.example.com/authorize",
    token_endpoint="https://login.example.com/token",
    scope="imap offline_access",
    redirect_uri="http://localhost",
    imap_host="imap.example.com",
    imap_port=1993,
    login_hint="me@example.com",
    token_folder="/tokens",
    ca_file="/ca.pem",
    check=False,
    protect=True,
)


@pytest.fixture
def panel(qtbot: QtBot) -> AdvancedPanel:
    """Return a visible panel with the applications of a provider."""
    panel = AdvancedPanel()
    qtbot.addWidget(panel)
    panel.set_provider("office365", "Office 365", APPLICATIONS)
    panel.resize(800, 600)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def edit(panel: QWidget, name: str) -> QLineEdit:
    """Return a field by its accessible name."""
    [found] = [e for e in panel.findChildren(QLineEdit) if e.accessibleName() == name]
    return found


def write(qtbot: QtBot, panel: QWidget, name: str, text: str) -> None:
    """Type into a field and leave it."""
    field = edit(panel, name)
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


def said(panel: QWidget) -> str:
    """Return the text of all visible labels."""
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def header(panel: QWidget) -> QToolButton:
    """Return the button that opens the panel."""
    [found] = [b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Advanced"]
    return found


def open_(qtbot: QtBot, panel: QWidget) -> None:
    """Open the panel with the keyboard."""
    header(panel).setFocus()
    qtbot.keyClick(header(panel), Qt.Key.Key_Space)


def press(qtbot: QtBot, panel: QWidget, text: str, number: int = 0) -> None:
    """Click a button by its text."""
    found = [b for b in panel.findChildren(QPushButton) if b.text().replace("&", "") == text]
    qtbot.mouseClick(found[number], Qt.MouseButton.LeftButton)


def test_closed_at_first(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """The header opens and closes the panel, by mouse and by keyboard."""
    field = edit(panel, "Tenant")
    assert not field.isVisible()
    open_(qtbot, panel)
    assert field.isVisible()
    qtbot.mouseClick(header(panel), Qt.MouseButton.LeftButton)
    assert not field.isVisible()


def test_nothing_given(panel: AdvancedPanel) -> None:
    """An untouched panel overrides nothing."""
    assert AdvancedValues() == panel.values()
    assert Overrides() == panel.values().overrides()
    assert panel.validate()


def test_typed(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """The values are what the user typed and chose."""
    open_(qtbot, panel)
    for name, text in (
        ("Tenant", " example.com "),
        ("Client ID", "my-client"),
        ("Client secret", SECRET),
        ("Authorization endpoint", FULL.authorization_endpoint),
        ("Token endpoint", FULL.token_endpoint),
        ("Scope", FULL.scope),
        ("Redirect URI", FULL.redirect_uri),
        ("IMAP server", "IMAP.Example.com"),
        ("Port", "1993"),
        ("Sign in as (login hint)", FULL.login_hint),
        ("Token folder", FULL.token_folder),
        ("CA file", FULL.ca_file),
    ):
        write(qtbot, panel, name, text)
    [application] = panel.findChildren(QComboBox)
    application.setCurrentIndex(2)
    for box in panel.findChildren(QCheckBox):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert FULL == panel.values()
    assert "⚠" not in said(panel)


def test_by_hand_and_network() -> None:
    """The values convert to core's Overrides and Network."""
    assert (
        by_hand(
            client_id="my-client",
            client_secret=SECRET,
            authorize_uri=FULL.authorization_endpoint,
            token_uri=FULL.token_endpoint,
            redirect_uri="http://localhost",
            scopes=("imap", "offline_access"),
            imap_host="imap.example.com",
            imap_port=1993,
            tenant="example.com",
        )
        == FULL.overrides()
    )
    assert Network(7.0, Path("/ca.pem")) == FULL.network(7.0)
    assert Network(7.0) == AdvancedValues().network(7.0)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("Tenant", "a/b", "tenant must be common"),
        ("Authorization endpoint", "http://x.example", "must be an https:// address"),
        ("Token endpoint", "file:///etc/passwd", "must be an https:// address"),
        ("Redirect URI", "http://x.example", "must be http://localhost"),
        ("IMAP server", "imap example", "must be a host name"),
        ("Port", "70000", "must be a number from 1 to 65535"),
        ("Port", "imaps", "must be a number from 1 to 65535"),
        ("Sign in as (login hint)", "nobody", "is not an e-mail address"),
        ("Application", "Not This", "must be a name of lower-case letters"),
    ],
)
def test_wrong_values_are_said(
    qtbot: QtBot, panel: AdvancedPanel, name: str, text: str, sentence: str
) -> None:
    """A sentence appears when the user leaves the field, and goes with the next letter."""
    open_(qtbot, panel)
    field = edit(panel, name)
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)
    assert "⚠" not in said(panel)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert sentence in said(panel)
    assert text not in said(panel).replace("http://localhost", "")
    described = panel.findChildren(QComboBox)[0] if name == "Application" else field
    assert sentence in described.accessibleDescription()
    assert not panel.validate()
    assert field is QApplication.focusWidget() or field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert "⚠" not in said(panel)


@pytest.mark.parametrize("port", ["imaps", "-1", "1" * 5000, "٣", "65536"])
def test_wrong_port_is_refused(panel: AdvancedPanel, tmp_path: Path, port: str) -> None:
    """Core refuses a wrong port: it doesn't count as the default port."""
    edit(panel, "Port").setText(port)
    with pytest.raises(UsageProblem, match="port"):
        resolve(load_catalog(tmp_path / "none.toml"), "gmail", "", panel.values().overrides())


def test_validate_opens(panel: AdvancedPanel) -> None:
    """A wrong value in a closed panel opens the panel."""
    panel.show_values(AdvancedValues(imap_host="a b"))
    assert not edit(panel, "IMAP server").isVisible()
    assert not panel.validate()
    assert edit(panel, "IMAP server").hasFocus()


def test_secret_is_kept_secret(
    qtbot: QtBot, panel: AdvancedPanel, caplog: pytest.LogCaptureFixture
) -> None:
    """The screen shows dots, and no repr and no log has the secret."""
    caplog.set_level("DEBUG")
    open_(qtbot, panel)
    write(qtbot, panel, "Client secret", SECRET)
    assert (
        SECRET == panel.values().client_secret == panel.values().overrides().text("client_secret")
    )
    assert QLineEdit.EchoMode.Password == edit(panel, "Client secret").echoMode()
    assert SECRET not in repr(panel.values()) + repr(panel.values().overrides()) + caplog.text
    assert SECRET not in said(panel)
    press(qtbot, panel, "Reset these fields")
    assert "" == edit(panel, "Client secret").text()


def test_other_provider(panel: AdvancedPanel) -> None:
    """ "Other…" opens the panel at the first endpoint."""
    panel.show_for_other()
    assert edit(panel, "Authorization endpoint").hasFocus()


def test_applications(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """The list has the provider's applications; a choice the next one lacks is dropped."""
    [combo] = panel.findChildren(QComboBox)
    expected = ["Default", "Thunderbird", "imapsync's own"]
    assert expected == [combo.itemText(i) for i in range(combo.count())]
    open_(qtbot, panel)
    assert "the value of Office 365" in said(panel)
    combo.setCurrentIndex(2)
    panel.set_provider("gmail", "Gmail", APPLICATIONS)
    assert "imapsync" == panel.values().application
    panel.set_provider("other", "Other", APPLICATIONS[:1])
    assert "" == panel.values().application
    assert "Default" == combo.currentText()
    write(qtbot, panel, "Application", "mine")
    panel.set_provider("", "", [])
    assert "mine" == panel.values().application
    assert "the provider's value" in said(panel)


def test_show_values_and_reset(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """The panel can be filled by a call, and emptied again."""
    panel.show_values(FULL)
    assert FULL == panel.values()
    open_(qtbot, panel)
    with qtbot.waitSignal(panel.changed, timeout=SOON):
        press(qtbot, panel, "Reset these fields")
    # Protecting refresh tokens counts for every file, so Reset leaves it.
    assert AdvancedValues(protect=True) == panel.values()


def test_protect(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """Untouched, the box means nothing; each click on it is told."""
    open_(qtbot, panel)
    box = next(b for b in panel.findChildren(QCheckBox) if "refresh tokens" in b.text())
    assert panel.values().protect is None
    for wish in (True, False):
        with qtbot.waitSignal(panel.protect_chosen, timeout=SOON) as told:
            qtbot.keyClick(box, Qt.Key.Key_Space)
        assert ([wish], wish) == (told.args, panel.values().protect)


def test_changed(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """Every kind of field emits `changed`."""
    open_(qtbot, panel)
    box = panel.findChildren(QCheckBox)[0]
    for widget, key in ((edit(panel, "Scope"), "a"), (edit(panel, "Application"), "a"), (box, " ")):
        with qtbot.waitSignal(panel.changed, timeout=SOON):
            qtbot.keyClicks(widget, key)
    with qtbot.waitSignal(panel.changed, timeout=SOON):
        panel.findChildren(QComboBox)[0].setCurrentIndex(1)


@pytest.mark.parametrize(("number", "name"), [(0, "Token folder"), (1, "CA file")])
def test_browse(qtbot: QtBot, panel: AdvancedPanel, tmp_path: Path, number: int, name: str) -> None:
    """The button opens a dialog, and its answer goes into the field."""
    open_(qtbot, panel)
    assert [] == panel.findChildren(QFileDialog)
    press(qtbot, panel, "Browse…", number)
    [dialog] = panel.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    assert str(tmp_path) == edit(panel, name).text()


def test_tab_order(qtbot: QtBot, panel: AdvancedPanel) -> None:
    """Tab goes through everything in reading order."""
    header(panel).setFocus()
    panel.show_for_other()
    header(panel).setFocus()
    places = []
    for _ in range(17):
        widget = QApplication.focusWidget()
        assert widget is not None
        place = widget.mapTo(panel, widget.rect().topLeft())
        places.append((place.y() // 20, place.x()))
        if getattr(widget, "text", str)().startswith("Reset"):
            break
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert 17 == len(places)
    assert sorted(places) == places


def test_names_and_mnemonics(panel: AdvancedPanel) -> None:
    """Every widget has a name for screen readers, and its own letter."""
    panel.show_for_other()
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and widget.isVisible():
            assert widget.accessibleName() or isinstance(widget, QCheckBox), widget
    words = [b.text() for b in panel.findChildren(QAbstractButton)]
    words += [label.text() for label in panel.findChildren(QLabel) if label.buddy()]
    letters = [found[1].lower() for word in words if (found := re.search("&(.)", word))]
    assert 19 == len(letters)
    assert len(set(letters)) == len(letters)
