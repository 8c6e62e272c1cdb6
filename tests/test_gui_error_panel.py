"""Errors in the window: all their parts, no secrets, spoken by screen readers, no focus taken."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core import __version__
from core.errors import AppError, SignInNeeded
from core.verdicts.verdict import Actor
from gui.widgets.error_panel import ErrorPanel, announce
from window import SOON

# A warning of Qt's offscreen platform.
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
    """It shows what happened to which mailbox, the details and the next step."""
    panel = _panel(qtbot)
    assert panel.isHidden()
    panel.show_error(ERROR, "you@example.com")
    assert not panel.isHidden()
    assert [
        "you@example.com: The grant was revoked",
        "Server response: invalid_grant: AADSTS70043",
        "Next step (your administrator): Allow the application again.",
    ] == _texts(panel)


def test_what_is_not_known_takes_no_room(qtbot: QtBot) -> None:
    """Parts that an error doesn't have aren't shown."""
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
        (
            "Sign in as you@example.com, or say --login_hint me@example.com if that account may.",
            'Sign in as you@example.com, or enter me@example.com in "Sign in as (login hint)" '
            "under Advanced if that account may.",
        ),
        ("Use --loop", "Use --loop"),
    ],
)
def test_advice_is_in_the_words_of_the_window(qtbot: QtBot, advice: str, expected: str) -> None:
    """Hints name fields in place of options; an option without a field stays."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", hint=advice))
    assert ["No", f"Next step: {expected}"] == _texts(panel)


def test_clear_and_dismiss_hide(qtbot: QtBot) -> None:
    """The panel emits `dismissed` when the user closes it."""
    panel = _panel(qtbot)
    panel.show_error(ERROR)
    panel.clear()
    assert (True, "") == (panel.isHidden(), panel.details())
    panel.show_error(ERROR)
    with qtbot.waitSignal(panel.dismissed, timeout=SOON):
        qtbot.mouseClick(_button(panel, "&Close"), Qt.MouseButton.LeftButton)
    assert (True, "") == (panel.isHidden(), panel.details())


def test_details_are_copied(qtbot: QtBot) -> None:
    """The copied text has the error, its class and the versions."""
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
    """Servers may quote what they received."""
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
    """Markup isn't interpreted, and characters that hide or reverse text are removed."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", detail=said))
    shown = next(x for x in panel.findChildren(QLabel) if x.text().startswith("Details"))
    assert Qt.TextFormat.PlainText == shown.textFormat()
    assert all(c.isprintable() for c in shown.text())


def test_a_page_of_text_is_bounded(qtbot: QtBot) -> None:
    """A long text neither widens the window nor fills the screen."""
    panel = _panel(qtbot)
    panel.show_error(AppError("No", detail="x" * 100_000))
    assert len(_texts(panel)[1]) < 1_100
    assert panel.minimumSizeHint().width() < 500
    assert len(panel.details()) < 1_400


def test_it_is_announced_and_takes_no_focus(qtbot: QtBot) -> None:
    """A screen reader speaks the error, and the user can go on typing."""
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
        "Error: The grant was revoked. Server response: invalid_grant: AADSTS70043. "
        "Next step (your administrator): Allow the application again."
    ] == told


def test_the_alert_is_one_that_qt_takes(qtbot: QtBot) -> None:
    """Qt accepts the real announcement."""
    panel = _panel(qtbot)
    panel.show_error(ERROR)
    announce(panel)
