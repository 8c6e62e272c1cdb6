"""The dialog with the options of a sign-in: each one checked, plain values as the result."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.errors import UsageProblem
from core.providers.by_hand import by_hand
from core.providers.catalog import load_catalog
from core.providers.overrides import Overrides
from core.providers.registration import resolve
from gui.model.option_values import OptionValues
from gui.widgets.options_dialog import OptionsDialog
from window import SOON

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

APPLICATIONS = [("thunderbird", "Thunderbird"), ("imapsync", "imapsync's own")]
SECRET = "Geheim-0815"
FULL = OptionValues(
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
    check=False,
    device_code=True,
)


@pytest.fixture
def dialog(qtbot: QtBot) -> OptionsDialog:
    """Return a visible dialog with the applications of a provider."""
    dialog = OptionsDialog()
    qtbot.addWidget(dialog)
    dialog.set_provider("Office 365", APPLICATIONS, is_other=False)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def edit(dialog: QWidget, name: str) -> QLineEdit:
    """Return a field by its accessible name."""
    [found] = [e for e in dialog.findChildren(QLineEdit) if e.accessibleName() == name]
    return found


def write(qtbot: QtBot, dialog: QWidget, name: str, text: str) -> None:
    """Type into a field and leave it."""
    field = edit(dialog, name)
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


def said(dialog: QWidget) -> str:
    """Return the text of all visible labels."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, dialog: QWidget, text: str, number: int = 0) -> None:
    """Click a button by its text."""
    found = [b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text]
    qtbot.mouseClick(found[number], Qt.MouseButton.LeftButton)


def test_nothing_given(dialog: OptionsDialog) -> None:
    """An untouched dialog overrides nothing."""
    assert OptionValues() == dialog.values()
    assert Overrides() == dialog.values().overrides()
    assert dialog.validate()


def test_typed(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """The values are what the user typed and chose."""
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
        ("Sign in as", FULL.login_hint),
    ):
        write(qtbot, dialog, name, text)
    [application] = dialog.findChildren(QComboBox)
    application.setCurrentIndex(2)
    for box in dialog.findChildren(QCheckBox):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert FULL == dialog.values()
    assert "⚠" not in said(dialog)


def test_by_hand() -> None:
    """The values convert to core's Overrides."""
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
        ("Sign in as", "nobody", "is not an e-mail address"),
        ("Application", "Not This", "must be a name of lower-case letters"),
    ],
)
def test_wrong_values_are_said(
    qtbot: QtBot, dialog: OptionsDialog, name: str, text: str, sentence: str
) -> None:
    """A sentence appears when the user leaves the field, and goes with the next letter."""
    field = edit(dialog, name)
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)
    assert "⚠" not in said(dialog)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert sentence in said(dialog)
    assert text not in said(dialog).replace("http://localhost", "")
    described = dialog.findChildren(QComboBox)[0] if name == "Application" else field
    assert sentence in described.accessibleDescription()
    assert not dialog.validate()
    assert field is QApplication.focusWidget() or field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert "⚠" not in said(dialog)


@pytest.mark.parametrize("port", ["imaps", "-1", "1" * 5000, "٣", "65536"])
def test_wrong_port_is_refused(dialog: OptionsDialog, tmp_path: Path, port: str) -> None:
    """Core refuses a wrong port: it doesn't count as the default port."""
    edit(dialog, "Port").setText(port)
    with pytest.raises(UsageProblem, match="port"):
        resolve(load_catalog(tmp_path / "none.toml"), "gmail", "", dialog.values().overrides())


def test_secret_is_kept_secret(
    qtbot: QtBot, dialog: OptionsDialog, caplog: pytest.LogCaptureFixture
) -> None:
    """The screen shows dots, and no repr and no log has the secret."""
    caplog.set_level("DEBUG")
    write(qtbot, dialog, "Client secret", SECRET)
    assert (
        SECRET == dialog.values().client_secret == dialog.values().overrides().text("client_secret")
    )
    assert QLineEdit.EchoMode.Password == edit(dialog, "Client secret").echoMode()
    assert SECRET not in repr(dialog.values()) + repr(dialog.values().overrides()) + caplog.text
    assert SECRET not in said(dialog)
    press(qtbot, dialog, "Empty all fields")
    assert "" == edit(dialog, "Client secret").text()


def test_other_provider(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """What it needs is marked, and said when it is missing; nothing is taken from a provider."""
    stars = [x for x in dialog.findChildren(QLabel) if "*" == x.text()]
    assert [] == [star for star in stars if star.isVisible()]
    dialog.set_provider("", (), is_other=True)
    assert dialog.validate()  # the domain is asked
    assert [] == [star for star in stars if star.isVisible()]
    write(qtbot, dialog, "Token endpoint", "https://a.example/")
    assert "Needed. https://…" == edit(dialog, "Token endpoint").accessibleDescription()
    assert "Leave a field empty" not in said(dialog)
    assert 5 == len([star for star in stars if star.isVisible()])
    assert not dialog.validate()
    assert edit(dialog, "Client ID").hasFocus()
    assert 4 == said(dialog).count("This provider needs it.")
    dialog.set_provider("Office 365", APPLICATIONS, is_other=False)
    assert "⚠" not in said(dialog)
    assert dialog.validate()


def test_applications(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """The list has the provider's applications; a choice the next one lacks is dropped."""
    [combo] = dialog.findChildren(QComboBox)
    expected = ["Default", "Thunderbird", "imapsync's own"]
    assert expected == [combo.itemText(i) for i in range(combo.count())]
    assert "the value of Office 365" in said(dialog)
    combo.setCurrentIndex(2)
    dialog.set_provider("Gmail", APPLICATIONS, is_other=False)
    assert "imapsync" == dialog.values().application
    dialog.set_provider("Another", APPLICATIONS[:1], is_other=False)
    assert "" == dialog.values().application
    assert "Default" == combo.currentText()
    write(qtbot, dialog, "Application", "mine")
    dialog.set_provider("", [], is_other=False)
    assert "mine" == dialog.values().application
    assert "the provider's value" in said(dialog)


def test_show_values_and_reset(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """The dialog can be filled by a call, and emptied again."""
    dialog.show_values(FULL)
    assert FULL == dialog.values()
    with qtbot.waitSignal(dialog.changed, timeout=SOON):
        press(qtbot, dialog, "Empty all fields")
    assert OptionValues() == dialog.values()


def test_changed(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """Every kind of field emits `changed`."""
    box = dialog.findChildren(QCheckBox)[0]
    for widget, key in (
        (edit(dialog, "Scope"), "a"),
        (edit(dialog, "Application"), "a"),
        (box, " "),
    ):
        with qtbot.waitSignal(dialog.changed, timeout=SOON):
            qtbot.keyClicks(widget, key)
    with qtbot.waitSignal(dialog.changed, timeout=SOON):
        dialog.findChildren(QComboBox)[0].setCurrentIndex(1)


def test_tab_order(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """Tab goes through everything in reading order; without scrolling, as in the window."""
    dialog.fit_height()
    dialog.findChildren(QComboBox)[0].setFocus()
    places: list[tuple[int, int]] = []
    while (widget := QApplication.focusWidget()) is not None:
        place = widget.mapTo(dialog, widget.rect().topLeft())
        if places and abs(place.y() - places[-1][0]) < 8:
            places.append((places[-1][0], place.x()))  # in the same line
        else:
            places.append((place.y(), place.x()))
        if "Close" == getattr(widget, "text", str)() or len(places) > 20:
            break
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert 19 == len(places)
    assert sorted(places) == places


def test_on_a_small_screen_the_fields_scroll(qtbot: QtBot, dialog: OptionsDialog) -> None:
    """The field with the focus is in view, and so are the buttons below."""
    dialog.resize(dialog.width(), 250)
    dialog.findChildren(QComboBox)[0].setFocus()
    seen: list[QWidget] = []
    while (widget := QApplication.focusWidget()) not in seen and widget is not None:
        assert widget.visibleRegion().boundingRect().height() == widget.height(), widget
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert 19 == len(seen)


def test_names_and_mnemonics(dialog: OptionsDialog) -> None:
    """Every widget has a name for screen readers, and its own letter."""
    for widget in dialog.findChildren(QWidget):
        if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and widget.isVisible():
            assert widget.accessibleName() or isinstance(widget, QAbstractButton), widget
    words = [b.text() for b in dialog.findChildren(QAbstractButton)]
    words += [label.text() for label in dialog.findChildren(QLabel) if label.buddy()]
    letters = [found[1].lower() for word in words if (found := re.search("&(.)", word))]
    assert 18 == len(letters)
    assert len(set(letters)) == len(letters)
