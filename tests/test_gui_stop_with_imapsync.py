"""Stopping to refresh when an imapsync ends that the user chose."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QLabel, QMenu, QPushButton

from gui.model.mailbox_history import NOTHING_SPEAKS_AGAINST
from imapsync_here import GENTLE, STAYS, click, put_imapsync, run_here
from servers import Stage
from window import Driven, MakeWindow

SECRET = "hush-hush"
# Tests that run at the same time have processes of the same name.
USER = f"foo{os.getpid()}@example.com"


@pytest.fixture
def imapsync() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process with the name and the options of imapsync."""
    options = ["--user1", USER, "--password1", SECRET]
    command = ["imapsync", "-c", "import time; time.sleep(60)", *options]
    with subprocess.Popen(command, executable=sys.executable) as process:
        yield process
        process.kill()


def choices(driven: Driven) -> list[QAction]:
    """Open the menu; return its actions once the running imapsyncs are among them."""
    driven.click("Stop when imapsync ends…")
    return listed(driven)


def listed(driven: Driven) -> list[QAction]:
    """Return the actions of the open menu, which begins with two that are always there."""
    (menu,) = driven.parts.refresh_bar.findChildren(QMenu)
    driven.wait(lambda: menu.isVisible() and len(menu.actions()) > 2)
    return menu.actions()


def test_it_ends_with_the_chosen_imapsync(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """The box is unticked and nothing is refreshed; the menu shows no secret of the process."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    assert driven.model.rows[0].kept
    actions = choices(driven)
    chosen = next(action for action in actions if USER in action.text())
    assert not [action for action in actions if SECRET in action.text()]
    chosen.trigger()
    driven.wait(lambda: driven.button("Stop when imapsync ends ✓"))

    imapsync.kill()
    driven.wait(lambda: "Refreshing has stopped" in driven.status())
    assert (False, False) == (
        driven.button("Keep refreshing").isChecked(),
        driven.model.rows[0].kept,
    )
    assert not driven.button("Stop when imapsync ends…").isEnabled()
    message = driven.parts.message_bar.message
    assert "Refreshing has stopped for all mailboxes" == message.headline
    assert message.below.startswith("imapsync has ended: ")
    assert USER in message.below
    assert driven.settings.keep_refreshing  # a mailbox of a later sign-in is kept


def test_it_says_what_stops_and_ticks_what_is_so(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """The tool tip, the description for screen readers, and the first line of the menu."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    button = driven.button("Stop when imapsync ends…")
    assert button.toolTip().startswith("Refreshing goes on when imapsync ends.")
    assert button.toolTip() == button.accessibleDescription()
    first, *others = choices(driven)
    assert "Stop refreshing all mailboxes when this imapsync ends:" == first.text()
    assert not first.isEnabled()
    assert ["Don't stop"] == [a.text() for a in others if a.isChecked()]
    next(a for a in others if USER in a.text()).trigger()
    menu = driven.parts.refresh_bar.findChildren(QMenu)[0]
    menu.close()  # as after a click
    driven.window.activateWindow()
    driven.click("Stop when imapsync ends ✓")
    (ticked,) = [a.text() for a in listed(driven) if a.isChecked()]
    assert USER in ticked
    assert USER in button.toolTip()
    assert USER in button.accessibleDescription()
    assert ticked.endswith(" (started in this window)")  # its parent is this process


def test_what_is_selected_is_fresh_until_then(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """And tonight, once the user takes it back."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.mailboxes._timer.stop()  # all is shown again by it, some seconds later
    driven.click("Keep refreshing")
    driven.click_row(0)
    driven.wait(
        lambda: NOTHING_SPEAKS_AGAINST in [label.text() for label in driven.visible(QLabel)]
    )
    next(a for a in choices(driven) if USER in a.text()).trigger()
    driven.parts.refresh_bar.findChildren(QMenu)[0].close()
    until = "It is kept fresh until imapsync ends."
    driven.wait(lambda: any(label.text().startswith(until) for label in driven.visible(QLabel)))
    driven.click("Keep refreshing")
    driven.click("Keep refreshing")
    driven.wait(
        lambda: NOTHING_SPEAKS_AGAINST in [label.text() for label in driven.visible(QLabel)]
    )


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_button_looks_like_one_with_a_menu(
    stage: Stage, make_stage_window: MakeWindow, key: Qt.Key
) -> None:
    """So it does to screen readers; keys open the menu too, and it is filled each time."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    button = driven.button("Stop when imapsync ends…")
    assert QAccessible.queryAccessibleInterface(button).state().hasPopup
    plain = QPushButton(button.text(), button.parentWidget())
    assert plain.sizeHint().width() < button.sizeHint().width() <= button.width()
    for _ in range(2):
        button.setFocus()
        driven.qtbot.keyClick(button, key)
        assert 3 <= len(listed(driven))
        driven.parts.refresh_bar.findChildren(QMenu)[0].close()
        driven.window.activateWindow()
        driven.wait(driven.window.isActiveWindow)


def test_not_before_a_run_in_the_window_has_ended(
    open_pair: Callable[..., Driven], imapsync: subprocess.Popen[bytes]
) -> None:
    """It needs the tokens of both sides."""
    driven = open_pair(f"{GENTLE}\n{STAYS}")
    driven.click("Keep refreshing")
    next(a for a in choices(driven) if USER in a.text()).trigger()
    run_here(driven, 2)
    driven.wait(lambda: driven.parts.imapsync_run.is_running)
    imapsync.kill()
    imapsync.wait()
    driven.qtbot.wait(2_500)  # it is looked for every 2 s
    assert [True, True] == [row.kept for row in driven.model.rows]
    click(driven, "Stop")
    driven.wait(lambda: "Refreshing has stopped" in driven.status())
    assert [False, False] == [row.kept for row in driven.model.rows]
    message = driven.parts.message_bar.message
    assert message.headline.startswith("You have stopped imapsync.")
    assert message.below.endswith(" · Refreshing has stopped for all mailboxes")
    driven.click("Keep refreshing")
    assert "has stopped" not in driven.panel_text()


def test_the_user_takes_it_back(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """Then nothing stops with that imapsync."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    next(a for a in choices(driven) if USER in a.text()).trigger()
    driven.click("Stop when imapsync ends ✓")
    menu = driven.parts.refresh_bar.findChildren(QMenu)[0]
    driven.wait(menu.isVisible)
    menu.actions()[1].trigger()
    assert driven.button("Stop when imapsync ends…").isEnabled()
    assert driven.button("Keep refreshing").isChecked()


def test_one_that_has_ended_meanwhile(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """The user is told, and refreshing goes on."""
    driven = make_stage_window(stage)
    action = next(a for a in choices(driven) if USER in a.text())
    imapsync.kill()
    imapsync.wait()
    action.trigger()
    assert "has already ended" in driven.status()
    assert driven.button("Keep refreshing").isChecked()


@pytest.mark.only_on("posix", reason="imapsync is a script for sh")
@pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged")
def test_the_run_of_this_window_may_have_another_name(
    open_pair: Callable[..., Driven], tmp_path: Path
) -> None:
    """Then it is not found; but it is there, and the menu doesn't deny it."""
    driven = open_pair()
    program = put_imapsync(tmp_path / "bin", f"{GENTLE}; {STAYS}")
    driven.settings.imapsync = str(program.rename(program.with_name("other")))
    driven.click("Keep refreshing")
    run_here(driven, 1)
    driven.wait(lambda: (tmp_path / "bin" / "started").exists())
    actions = choices(driven)  # with those of other tests
    assert [] == [a for a in actions if "No imapsync is running" in a.text()]
    driven.parts.refresh_bar.findChildren(QMenu)[0].close()
    click(driven, "Stop")
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
