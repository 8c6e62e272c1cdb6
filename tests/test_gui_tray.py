"""The tray icon: the worst state as an icon and in words; nothing where there is no tray."""

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from gui.model.icons import IconState, app_icon, badged_icon
from gui.widgets.tray import Tray
from window import SOON

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


def test_without_a_tray_nothing_happens(qtbot: QtBot) -> None:
    """All calls do nothing."""
    tray = Tray(is_available=lambda: False)
    tray.show_state(IconState.TROUBLE, "1 mailbox in trouble")
    tray.notify("Title", "Text", urgent=True)
    tray.hide()
    assert (False, None) == (tray.available, tray.icon)


def test_a_late_tray_is_used(qtbot: QtBot) -> None:
    """After a login, the window may start before the notification area."""
    there: list[bool] = []
    tray = Tray(is_available=lambda: bool(there))
    tray.show_state(IconState.FRESH, "all fresh")
    there.append(True)
    tray.show_state(IconState.FRESH, "all fresh")
    assert tray.icon is not None
    tray.hide()


@pytest.mark.parametrize("state", IconState)
def test_the_state_is_shown_and_said(qtbot: QtBot, state: IconState) -> None:
    """Fresh shows the plain icon, other states a mark; the tool tip has the text."""
    tray = Tray(is_available=lambda: True)
    tray.show_state(state, "some words")
    assert tray.icon is not None
    expected = app_icon() if state is IconState.FRESH else badged_icon(state)
    assert expected.cacheKey() == tray.icon.icon().cacheKey()
    assert "oauth2_imap: some words" == tray.icon.toolTip()
    tray.hide()
    assert not tray.icon.isVisible()


@pytest.mark.parametrize(
    ("reason", "opens"),
    [
        (QSystemTrayIcon.ActivationReason.Trigger, True),
        (QSystemTrayIcon.ActivationReason.DoubleClick, True),
        (QSystemTrayIcon.ActivationReason.Context, False),
    ],
)
def test_a_click_opens_the_window(
    qtbot: QtBot, reason: QSystemTrayIcon.ActivationReason, opens: bool
) -> None:
    """The other mouse button only opens the menu."""
    tray = Tray(is_available=lambda: True)
    tray.show_state(IconState.FRESH, "all fresh")
    asked: list[bool] = []
    tray.open_requested.connect(lambda: asked.append(True))
    assert tray.icon is not None
    tray.icon.activated.emit(reason)
    assert opens == bool(asked)
    tray.icon.messageClicked.emit()
    assert int(opens) + 1 == len(asked)
    tray.hide()


def test_the_menu_opens_and_quits(qtbot: QtBot) -> None:
    """The menu has Open and Quit."""
    tray = Tray(is_available=lambda: True)
    open_it, quit_it = tray.menu.actions()
    with qtbot.waitSignal(tray.open_requested, timeout=SOON):
        open_it.trigger()
    with qtbot.waitSignal(tray.quit_requested, timeout=SOON):
        quit_it.trigger()
    assert ("&Open", "&Quit") == (open_it.text(), quit_it.text())
    tray.show_state(IconState.FRESH, "all fresh")
    assert tray.icon is not None
    assert tray.menu is tray.icon.contextMenu()
    tray.hide()


def test_a_message_needs_no_state_before(qtbot: QtBot) -> None:
    """Before the first state there is no icon, and a message is dropped."""
    tray = Tray(is_available=lambda: True)
    tray.notify("Title", "Text", urgent=False)
    assert tray.icon is not None
    assert not tray.icon.isVisible()
