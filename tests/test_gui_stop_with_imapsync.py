"""Keeping fresh until an imapsync that the person chose has ended."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from servers import Stage
from window import Driven, MakeWindow

SECRET = "hush-hush"


@pytest.fixture
def imapsync() -> Iterator[subprocess.Popen[bytes]]:
    """A process of that name, which has nothing else of it."""
    options = ["--user1", "foo@example.com", "--password1", SECRET]
    command = ["imapsync", "-c", "import time; time.sleep(60)", *options]
    with subprocess.Popen(command, executable=sys.executable) as process:
        yield process
        process.kill()


def choices(driven: Driven) -> list[QAction]:
    """What the open menu offers."""
    driven.click("Until imapsync exits…")
    menus = driven.parts.refresh_bar.findChildren(QMenu)
    driven.wait(lambda: any(menu.isVisible() for menu in menus))
    return next(menu for menu in menus if menu.isVisible()).actions()


def test_it_ends_with_the_chosen_imapsync(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """The toggle goes off and the mailbox is kept no longer; no secret of the process is shown."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing every")
    assert driven.model.rows[0].kept
    actions = choices(driven)
    chosen = next(action for action in actions if "foo@example.com" in action.text())
    assert not [action for action in actions if SECRET in action.text()]
    chosen.trigger()
    driven.wait(lambda: driven.button("Until imapsync exits ✓"))

    imapsync.kill()
    driven.wait(lambda: "Refreshing has stopped" in driven.status())
    assert (False, False) == (driven.parts.refresh_bar.keeps, driven.model.rows[0].kept)
    assert not driven.button("Until imapsync exits…").isEnabled()


def test_the_person_takes_it_back(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """Then nothing ends with that imapsync."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing every")
    next(a for a in choices(driven) if "foo@example.com" in a.text()).trigger()
    driven.click("Until imapsync exits ✓")
    menu = driven.parts.refresh_bar.findChildren(QMenu)[0]
    driven.wait(menu.isVisible)
    menu.actions()[0].trigger()
    assert driven.button("Until imapsync exits…").isEnabled()
    assert driven.parts.refresh_bar.keeps


def test_one_that_has_ended_meanwhile(
    stage: Stage, make_stage_window: MakeWindow, imapsync: subprocess.Popen[bytes]
) -> None:
    """Is said, and nothing waits for it."""
    driven = make_stage_window(stage)
    driven.click("Keep refreshing every")
    action = next(a for a in choices(driven) if "foo@example.com" in a.text())
    imapsync.kill()
    imapsync.wait()
    action.trigger()
    assert "has ended already" in driven.status()
    assert driven.parts.refresh_bar.keeps
