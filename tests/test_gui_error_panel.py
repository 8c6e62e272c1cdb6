"""Errors in the window: all their parts, no secrets, spoken by screen readers, no focus taken."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import __version__
from core.errors import AppError, as_error
from core.verdicts import microsoft
from core.verdicts.verdict import Action, Actor, Kind, Origin, Pattern, Verdict
from gui.model.messages import ACTIONS, steps
from gui.widgets.about import AboutDialog
from gui.widgets.error_panel import ErrorPanel, announce
from servers import Stage
from window import SOON, MakeWindow

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

_REVOKED = Verdict(
    "revoked",
    Kind.DEAD_GRANT,
    Actor.ADMINISTRATOR,
    Action.CHOOSE_TENANT,
    "The grant was revoked",
    "An administrator has ended it.",
    "Allow the application again.",
    patterns=(Pattern(origins=(Origin.TOKEN,)),),
)
ERROR = as_error(_REVOKED, detail="invalid_grant: AADSTS70043")
TOKEN = "eyJ0eXAiOiJKV1QiLCJub25jZSI6.eyJhdWQiOiJo.c2lnbmF0dXJl"


def _local(detail: str = "") -> AppError:
    """An error that has no more than a message, and a detail if wanted."""
    verdict = Verdict("local", Kind.LOCAL, Actor.YOU, Action.NONE, "The disk is full")
    return as_error(verdict, detail=detail)


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
        "An administrator has ended it.",
        "Next step: Allow the application again.\n"
        'Field: "Tenant" under Advanced\n'
        "Who can help: your administrator",
    ] == _texts(panel)


def test_what_is_not_known_takes_no_room(qtbot: QtBot) -> None:
    """Parts that an error doesn't have aren't shown."""
    panel = _panel(qtbot)
    panel.show_error(ERROR, "you@example.com")
    panel.show_error(_local())
    assert ["The disk is full"] == _texts(panel)


def test_the_next_try_is_told(qtbot: QtBot) -> None:
    """A mailbox that is kept fresh is tried again by the program itself."""
    panel = _panel(qtbot)
    panel.show_error(_local(), next_try="12:55:10")
    assert ["The disk is full", "Next try at 12:55:10."] == _texts(panel)
    busy = Verdict("busy", Kind.PASSING, Actor.NOBODY, Action.WAIT, "Busy", remedy="Wait.")
    panel.show_error(as_error(busy), next_try="12:55:10")
    assert ["Busy", "Nothing to do: next try at 12:55:10."] == _texts(panel)


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_terms(action: Action) -> None:
    """No placeholder is left in the lines."""
    verdict = Verdict("x", Kind.LOCAL, Actor.YOU, action, "X")
    lines = list(steps(as_error(verdict, command="oauth2_imap --loop")))
    assert len(ACTIONS[action]) == len(lines)
    assert not [line for line in lines if {"{", "}", "…"} & set(line.replace('…"', ""))]


def test_actions_name_what_is_in_the_window(
    qtbot: QtBot, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Every field, button and menu that is named exists under this name."""
    driven = make_stage_window(stage)
    about = AboutDialog(driven.window)
    qtbot.addWidget(about)
    shown = [*driven.window.findChildren(QWidget), *about.findChildren(QWidget)]
    texts = {
        *(w.text() for w in shown if isinstance(w, QAbstractButton | QLabel)),
        *(action.text() for action in driven.window.findChildren(QAction)),
        *(w.itemText(n) for w in shown if isinstance(w, QComboBox) for n in range(w.count())),
    }
    names = {text.replace("&", "").partition("?")[0] for text in texts}
    told = "\n".join(line for lines in ACTIONS.values() for line in lines)
    named = re.findall(r'"([^"]+?)\??"', told)
    assert 15 < len(named)
    assert set() == set(named) - names


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
    """The copied text has the error, the name of its verdict and the versions."""
    panel = _panel(qtbot)
    panel.show_error(ERROR, "you@example.com")
    qtbot.mouseClick(_button(panel, "Cop&y details"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert panel.details() == copied
    assert copied.startswith("\n".join(_texts(panel)))
    assert "Verdict: revoked, exit code 3" in copied
    assert f"oauth2_imap {__version__}" in copied
    assert "Qt 6." in copied


def test_a_request_to_the_administrator_is_copied_too(qtbot: QtBot) -> None:
    """Where consent settles an error, the panel says so and the copied text has the request."""
    panel = _panel(qtbot)
    verdict = next(v for v in microsoft.VERDICTS if "ms_admin_consent_needed" == v.id)
    panel.show_error(as_error(verdict, address="you@example.com", client_id="1234"))
    assert 'Button: "Copy details" also copies a request' in _texts(panel)[-1]
    assert "Subject: Please allow an application" in panel.details()
    assert "\nClient ID: 1234\n" in panel.details()


def test_no_secret_is_shown_or_copied(qtbot: QtBot) -> None:
    """Servers may quote what they received."""
    panel = _panel(qtbot)
    panel.show_error(_local(f"bad refresh_token=0.AXoA-secret and {TOKEN}"))
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
    panel.show_error(_local(said))
    shown = next(x for x in panel.findChildren(QLabel) if x.text().startswith("Details"))
    assert Qt.TextFormat.PlainText == shown.textFormat()
    assert all(c.isprintable() for c in shown.text())


def test_a_page_of_text_is_bounded(qtbot: QtBot) -> None:
    """A long text neither widens the window nor fills the screen."""
    panel = _panel(qtbot)
    panel.show_error(_local("x" * 100_000))
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
        "An administrator has ended it. "
        'Next step: Allow the application again. Field: "Tenant" under Advanced. '
        "Who can help: your administrator."
    ] == told


def test_the_alert_is_one_that_qt_takes(qtbot: QtBot) -> None:
    """Qt accepts the real announcement."""
    panel = _panel(qtbot)
    panel.show_error(ERROR)
    announce(panel)
