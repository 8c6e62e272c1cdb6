"""Errors in the window: all their parts, no secrets, spoken by screen readers, no focus taken."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import __version__
from core.errors import AppError, as_error
from core.events import FoundServer
from core.verdicts import microsoft
from core.verdicts.verdict import Action, Actor, Kind, Origin, Pattern, Verdict
from gui.model.bar_message import Message
from gui.model.icons import IconState
from gui.model.messages import ACTIONS, steps
from gui.model.option_fields import APPLICATION, FIELDS
from gui.widgets.about import AboutDialog
from gui.widgets.announce import announce
from gui.widgets.import_dialog import ImportDialog
from gui.widgets.message_bar import MessageBar
from gui.widgets.options_dialog import OptionsDialog
from gui.widgets.server_box import show_server_box
from gui.widgets.settings_dialog import SettingsDialog
from gui.widgets.waiting_view import WaitingView
from servers import ADDRESS, Stage
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


def _bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def _shown(bar: MessageBar) -> list[str]:
    """The texts that are visible, once the details are opened."""
    _button(bar, "Details").setChecked(True)
    return [x.text() for x in bar.findChildren(QLabel) if x.pixmap().isNull() and not x.isHidden()]


def _button(bar: MessageBar, text: str) -> QAbstractButton:
    return next(b for b in bar.findChildren(QAbstractButton) if text == b.text())


def _copied(bar: MessageBar) -> str:
    """What the button copies."""
    _button(bar, "Details").setChecked(True)
    _button(bar, "Cop&y details").click()
    return QGuiApplication.clipboard().text()


def test_all_parts_are_shown(qtbot: QtBot) -> None:
    """It shows what happened to which mailbox and the next step, and the rest on request."""
    bar = _bar(qtbot)
    bar.show_error(ERROR, "you@example.com")
    assert [
        "you@example.com: The grant was revoked",
        "Next step: Allow the application again.",
        "Server response: invalid_grant: AADSTS70043\n"
        "An administrator has ended it.\n"
        'Field: "Tenant" under Options\n'
        "Who can help: your administrator",
    ] == _shown(bar)


def test_what_is_not_known_takes_no_room(qtbot: QtBot) -> None:
    """Parts that an error doesn't have aren't shown."""
    bar = _bar(qtbot)
    bar.show_error(ERROR, "you@example.com")
    bar.show_error(_local())
    assert "The disk is full" == _shown(bar)[0]
    assert not any("Next step" in text for text in _shown(bar))


def test_the_next_try_is_told(qtbot: QtBot) -> None:
    """A mailbox that is kept fresh is tried again by the program itself."""
    bar = _bar(qtbot)
    bar.show_error(_local(), next_try="12:55:10")
    assert ["The disk is full", "Next try at 12:55:10."] == _shown(bar)[:2]
    busy = Verdict("busy", Kind.PASSING, Actor.NOBODY, Action.WAIT, "Busy", remedy="Wait.")
    bar.show_error(as_error(busy), next_try="12:55:10")
    assert ["Busy", "Nothing to do: next try at 12:55:10."] == _shown(bar)[:2]


def test_the_list_below_never_moves(qtbot: QtBot) -> None:
    """Messages come and go in the room that the bar always has."""
    bar = _bar(qtbot)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(bar)
    column.addStretch()
    qtbot.addWidget(window)
    window.resize(1000, 400)
    window.show()
    heights = []
    for message in (Message(IconState.FRESH, "All is well"), Message(IconState.SOON, "Wait", "A")):
        bar.show_standing(message)
        heights.append(_height(bar))
    bar.show_error(ERROR, "you@example.com", path=Path("a.txt"))
    assert [_height(bar)] * 2 == heights


def _height(bar: MessageBar) -> int:
    """Return the height that the bar has in its window."""
    QApplication.processEvents()
    return bar.height()


def test_a_closed_error_uncovers_what_stands(qtbot: QtBot) -> None:
    """An error covers the standing message, which stays up to date behind it."""
    bar = _bar(qtbot)
    bar.show_standing(Message(IconState.FRESH, "All is well"))
    assert not [b for b in bar.findChildren(QAbstractButton) if not b.isHidden()]
    bar.show_error(ERROR)
    bar.show_standing(Message(IconState.FRESH, "All is better"))
    assert "The grant was revoked" == bar.message.headline
    with qtbot.waitSignal(bar.dismissed, timeout=SOON):
        qtbot.mouseClick(_button(bar, "&Close"), Qt.MouseButton.LeftButton)
    assert "All is better" == bar.message.headline


def test_the_most_urgent_comes_first(qtbot: QtBot) -> None:
    """An error, then what stands and asks for the user, then a warning, then calm words."""
    bar = _bar(qtbot)
    bar.show_standing(Message(IconState.FRESH, "All is well"))
    bar.show_note("Others can read the folder", warning=True)
    assert "Others can read the folder" == bar.message.headline
    bar.show_standing(Message(IconState.SIGN_IN, "2 need you", mailboxes=(Path("a"), Path("b"))))
    assert "2 need you" == bar.message.headline
    bar.show_error(ERROR, path=Path("c"))
    closed: list[str] = []
    bar.dismissed.connect(lambda message: closed.append(message.headline))
    _button(bar, "&Close").click()
    assert "2 need you" == bar.message.headline
    _button(bar, "&Close").click()
    bar.show_standing(Message(IconState.FRESH, "All is well"))
    assert "Others can read the folder" == bar.message.headline
    _button(bar, "&Close").click()
    assert "All is well" == bar.message.headline
    assert ["The grant was revoked", "2 need you", "Others can read the folder"] == closed


def test_a_dead_grant_has_its_button(qtbot: QtBot) -> None:
    """It emits the token file."""
    bar = _bar(qtbot)
    bar.show_error(ERROR, "you@example.com", path=Path("a.txt"))
    button = _button(bar, "Sign in again")
    with qtbot.waitSignal(bar.sign_in_again, timeout=SOON) as asked:
        button.click()
    assert [Path("a.txt")] == asked.args


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
    importing = ImportDialog("", "", can_sign_in=True, can_replace=True)
    found = FoundServer(ADDRESS, "demo.example", "login.demo.example", "imap.demo.example")
    trust = show_server_box(found, lambda _: None, driven.window)
    others = (AboutDialog(), WaitingView(), OptionsDialog(), SettingsDialog(), importing, trust)
    for widget in others:
        qtbot.addWidget(widget)
    shown = [w for root in (driven.window, *others) for w in root.findChildren(QWidget)]
    texts = {
        *(w.text() for w in shown if isinstance(w, QAbstractButton | QLabel)),
        *(action.text() for action in driven.window.findChildren(QAction)),
        *(w.itemText(n) for w in shown if isinstance(w, QComboBox) for n in range(w.count())),
    }
    names = {text.replace("&", "").partition("?")[0] for text in texts}
    told = "\n".join(line for lines in ACTIONS.values() for line in lines)
    labels = {field.name: field.plain_label for field in (APPLICATION, *FIELDS)}
    named = [labels.get(name.strip("{}"), name) for name in re.findall(r'"([^"]+?)\??"', told)]
    assert 15 < len(named)
    assert set() == set(named) - names


def test_details_are_copied(qtbot: QtBot) -> None:
    """The copied text has the error, the name of its verdict and the versions."""
    bar = _bar(qtbot)
    bar.show_error(ERROR, "you@example.com")
    copied = _copied(bar)
    assert copied.startswith("\n".join(_shown(bar)))
    assert "Verdict: revoked, exit code 3" in copied
    assert f"oauth2_imap {__version__}" in copied
    assert "Qt 6." in copied


def test_a_request_to_the_administrator_is_copied_too(qtbot: QtBot) -> None:
    """Where consent settles an error, the bar says so and the copied text has the request."""
    bar = _bar(qtbot)
    verdict = next(v for v in microsoft.VERDICTS if "ms_admin_consent_needed" == v.id)
    bar.show_error(as_error(verdict, address="you@example.com", client_id="1234"))
    assert 'Button: "Copy details" also copies a request' in _shown(bar)[-1]
    copied = _copied(bar)
    assert "Subject: Please allow an application" in copied
    assert "\nClient ID: 1234\n" in copied


def test_no_secret_is_shown_or_copied(qtbot: QtBot) -> None:
    """Servers may quote what they received."""
    bar = _bar(qtbot)
    bar.show_error(_local(f"bad refresh_token=0.AXoA-secret and {TOKEN}"))
    told = "".join([*_shown(bar), _copied(bar), bar.accessibleName()])
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
    bar = _bar(qtbot)
    bar.show_error(_local(said))
    _shown(bar)
    shown = next(x for x in bar.findChildren(QLabel) if x.text().startswith("Details"))
    assert Qt.TextFormat.PlainText == shown.textFormat()
    assert all(c.isprintable() for c in shown.text())


def test_a_page_of_text_is_bounded(qtbot: QtBot) -> None:
    """A long text neither widens the window nor fills the screen."""
    bar = _bar(qtbot)
    bar.show_error(_local("x" * 100_000))
    assert len(_shown(bar)[1]) < 1_100
    assert bar.minimumSizeHint().width() < 500
    assert len(_copied(bar)) < 1_400


def test_it_is_announced_and_takes_no_focus(qtbot: QtBot) -> None:
    """A screen reader speaks the error, and the user can go on typing."""
    window, typed, told = QWidget(), QLineEdit(), list[str]()
    bar = MessageBar(announce=lambda widget: told.append(widget.accessibleName()))
    column = QVBoxLayout(window)
    column.addWidget(typed)
    column.addWidget(bar)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    typed.setFocus()
    bar.show_error(ERROR)
    qtbot.keyClicks(window.focusWidget(), "abc")
    assert "abc" == typed.text()
    assert [
        "Error: The grant was revoked. Next step: Allow the application again. "
        "Server response: invalid_grant: AADSTS70043. An administrator has ended it. "
        'Field: "Tenant" under Options. Who can help: your administrator.'
    ] == told


def test_the_alert_is_one_that_qt_takes(qtbot: QtBot) -> None:
    """Qt accepts the real announcement."""
    bar = _bar(qtbot)
    bar.show_error(ERROR)
    announce(bar)
