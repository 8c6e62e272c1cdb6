"""Errors in the window: all their parts, no secrets, announced, and without taking the focus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core import __version__
from core.errors import Actor, AppError, SignInNeeded
from gui.widgets.error_panel import ErrorPanel, announce

# Of the offscreen platform, about itself.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

ERROR = SignInNeeded(
    "The grant was revoked",
    detail="invalid_grant: AADSTS70043",
    hint="Allow the application again.",
    actor=Actor.ADMINISTRATOR,
)
TOKEN = "eyJ0eXAiOiJKV1QiLCJub25jZSI6.eyJhdWQiOiJo.c2lnbmF0dXJl"


def _panel(qtbot: QtBot) -> ErrorPanel:
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    return panel


def _texts(panel: ErrorPanel) -> list[str]:
    return [
        x.text() for x in panel.findChildren(QLabel) if x.pixmap().isNull() and not x.isHidden()
    ]


def _button(panel: ErrorPanel, text: str) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if text == b.text())


def test_all_parts_are_shown(qtbot: QtBot) -> None:
    """What happened and to whom, what was said, and who can do what."""
    panel = _panel(qtbot)
    assert panel.isHidden()
    panel.show_error(ERROR, "you@example.com")
    assert not panel.isHidden()
    assert [
        "you@example.com: The grant was revoked",
        "The other side said: invalid_grant: AADSTS70043",
        "What your administrator can do: Allow the application again.",
    ] == _texts(panel)


def test_what_is_not_known_takes_no_room(qtbot: QtBot) -> None:
    """No "the other side said" without anything said."""
    panel = _panel(qtbot)
    panel.show_error(ERROR, "you@example.com")
    panel.show_error(AppError("The disk is full"))
    assert ["The disk is full"] == _texts(panel)


@pytest.mark.parametrize(
    ("advice", "expected"),
    [
        ("Name it with --ca_file.", 'Name it with "CA file" under Advanced.'),
        ("Choose another --application", 'Choose another "Application" under Advanced'),
        ("it can be deleted (--no_revoke)", 'it can be deleted ("Delete only")'),
        ("Use --loop", "Use --loop"),
    ],
)
def test_advice_is_in_the_words_of_the_window(qtbot: QtBot, advice: str, expected: str) -> None:
    """Options are the terminal program's; one that has no place here stays."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", hint=advice))
    assert ["No", f"What you can do: {expected}"] == _texts(panel)


def test_clear_and_dismiss_hide(qtbot: QtBot) -> None:
    """Dismissing is told, since the caller may have a row that still shows the error."""
    panel = _panel(qtbot)
    panel.show_error(ERROR)
    panel.clear()
    assert (True, "") == (panel.isHidden(), panel.details())
    panel.show_error(ERROR)
    with qtbot.waitSignal(panel.dismissed, timeout=1000):
        qtbot.mouseClick(_button(panel, "&Close"), Qt.MouseButton.LeftButton)
    assert (True, "") == (panel.isHidden(), panel.details())


def test_details_are_copied(qtbot: QtBot) -> None:
    """A report has the error, its kind, and what it happened on."""
    panel = _panel(qtbot)
    panel.show_error(ERROR, "you@example.com")
    qtbot.mouseClick(_button(panel, "Cop&y details"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert panel.details() == copied
    assert copied.startswith("\n".join(_texts(panel)))
    assert "SignInNeeded, exit code 3" in copied
    assert f"oauth2_imap {__version__}" in copied
    assert "Qt 6." in copied


def test_no_secret_is_shown_or_copied(qtbot: QtBot) -> None:
    """Servers quote what they were sent."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", detail=f"bad refresh_token=0.AXoA-secret and {TOKEN}"))
    told = "".join([*_texts(panel), panel.details(), panel.accessibleName()])
    assert "refresh_token=…" in told
    assert "0.AXoA-secret" not in told
    assert "eyJ0" not in told


@pytest.mark.parametrize(
    "said",
    ["<b>bold</b><img src='file:///x'>", "line\nline\r\n\x1b[31mred", "left\u202egnp.exe"],
    ids=["markup", "control characters", "direction"],
)
def test_what_a_server_said_is_only_text(qtbot: QtBot, said: str) -> None:
    """Neither markup nor characters that hide or turn what stands beside them."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", detail=said))
    shown = next(x for x in panel.findChildren(QLabel) if x.text().startswith("The other"))
    assert Qt.TextFormat.PlainText == shown.textFormat()
    assert all(c.isprintable() for c in shown.text())


def test_a_page_of_text_is_bounded(qtbot: QtBot) -> None:
    """A captive portal's page neither widens the window nor fills the screen."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", detail="x" * 100_000))
    assert len(_texts(panel)[1]) < 1_100
    assert panel.minimumSizeHint().width() < 500
    assert len(panel.details()) < 1_400


def test_it_is_announced_and_takes_no_focus(qtbot: QtBot) -> None:
    """A screen reader speaks the error; who types goes on typing."""
    window, typed, told = QWidget(), QLineEdit(), list[str]()
    panel = ErrorPanel(announce=lambda widget: told.append(widget.accessibleName()))
    column = QVBoxLayout(window)
    column.addWidget(typed)
    column.addWidget(panel)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    typed.setFocus()
    panel.show_error(ERROR)
    qtbot.keyClicks(window.focusWidget(), "abc")
    assert "abc" == typed.text()
    assert [
        "Error: The grant was revoked. The other side said: invalid_grant: AADSTS70043. "
        "What your administrator can do: Allow the application again."
    ] == told


def test_the_alert_is_one_that_qt_takes(qtbot: QtBot) -> None:
    """The real announcement runs on a shown panel."""
    panel = _panel(qtbot)
    panel.show_error(ERROR)
    announce(panel)
