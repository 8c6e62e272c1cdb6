"""The wait for the browser: what it says, the link, and what is pasted."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
)

from core.browser_choice import BrowserChoice
from core.oauth.sign_in.browser import Open, find_browser
from faulty_servers.responses import Fault
from gui.model.browser_labels import browser_labels
from gui.model.sign_in_task import FindBrowser
from servers import ADDRESS, Stage
from window import Driven, MakeWindow

FAILED = "The browser could not be started"
SECRET = "from-the-environment"


def waits(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window that waits for a browser which never answers."""
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    return driven


def test_a_copy_is_confirmed(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The button says so for a moment, and keeps its key."""
    driven = waits(stage, make_stage_window)
    button = driven.button("Copy the link")
    key = button.shortcut()
    driven.click("Copy the link")
    assert stage.browser.opened[-1] == QGuiApplication.clipboard().text()
    assert ("Copied ✓", key) == (button.text(), button.shortcut())
    driven.wait(lambda: button.text() == "Co&py the link")
    assert key == button.shortcut()


def test_a_failed_sign_in_is_logged(
    stage: Stage, make_stage_window: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    """With the stable name of its verdict, so that the log tells what happened."""
    stage.server.faults.append(Fault(400, b'{"error": "invalid_client"}'))
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(driven.error)
    (line,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert "[oauth_" in line


def test_waiting_says_what_to_do_and_counts_down(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It names the application that asks, and shows the time left."""
    driven = waits(stage, make_stage_window)
    said = " ".join(label.text() for label in driven.visible(QLabel))
    assert f"Sign in as {ADDRESS}." in said
    assert 'asks you to allow "Demo". That is expected' in said
    left = driven.named(QProgressBar, "Time left to sign in")
    first = left.value()
    assert 15 <= first <= 300
    driven.wait(lambda: left.value() < first)
    assert f"{left.value() // 60}:{left.value() % 60:02} left" == left.text()
    driven.click("Cancel")
    assert not driven.parts.waiting.isVisible()


def test_the_link_is_opened_again_and_copied(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is the same link, since it belongs to this sign-in."""
    driven = waits(stage, make_stage_window)
    driven.wait(lambda: 1 == len(stage.browser.opened))
    driven.click("Open again")
    assert 2 == len(stage.browser.opened)
    assert 1 == len(set(stage.browser.opened))
    driven.click("Copy the link")
    assert stage.browser.opened[0] == QGuiApplication.clipboard().text()
    stage.browser.starts = False
    driven.click("Open again")
    assert FAILED in said(driven)


def browser_that_exits(code: int, folder: Path) -> FindBrowser:
    """Return a browser whose command ends at once with this exit code."""
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\necho >> {folder}/ran\nexit {code}\n")
    program.chmod(0o755)
    return lambda page, choice: find_browser({"BROWSER": str(program)}, "linux", page=page)


@pytest.mark.only_on("posix", reason="the stand-in is a shell script")
def test_a_browser_that_ends_with_an_error_is_told(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """The card says what to do, and the sign-in goes on: the link works in another browser."""
    driven = make_stage_window(stage, browser=browser_that_exits(3, tmp_path))
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: FAILED in said(driven))
    assert "Copy the link and open it in a browser, or press Open again." in said(driven)
    assert driven.parts.waiting.accessibleName().startswith(FAILED)
    driven.click("Open again")
    driven.wait(lambda: 2 == (tmp_path / "ran").read_text().count("\n"))
    driven.wait(lambda: FAILED in said(driven))
    driven.click("Copy the link")
    stage.browser(QGuiApplication.clipboard().text())
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "" == driven.error()


@pytest.mark.only_on("posix", reason="the stand-in is a shell script")
def test_a_browser_that_ends_well_is_no_failure(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Most pass the link on to a browser that runs, and end."""
    driven = make_stage_window(stage, browser=browser_that_exits(0, tmp_path))
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait((tmp_path / "ran").exists)
    driven.qtbot.wait(300)
    assert "Continue in your browser" in said(driven)


def test_a_failure_of_an_earlier_sign_in_is_not_told(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Its link is another one."""
    driven = waits(stage, make_stage_window)
    driven.parts.sign_in_task.browser_failed.emit("https://login.example/earlier")
    assert "Continue in your browser" in said(driven)


def test_no_browser_for_the_page_of_a_code(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is told beside the code, until the next try."""
    driven = waits(stage, make_stage_window)
    driven.click("On another device")
    driven.wait(lambda: driven.shows("Open page"))
    stage.browser.starts = False
    driven.click("Open page")
    assert FAILED in said(driven)
    assert FAILED in driven.parts.waiting.accessibleName()
    stage.browser.starts = True
    driven.click("Open page")
    assert FAILED not in said(driven)


def said(driven: Driven) -> str:
    """Return the texts of the card that are visible."""
    labels = driven.parts.waiting.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


def test_the_link_is_opened_in_another_browser(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A menu names those that are installed, with their private windows."""
    stage.browser.visits_pages = False
    asked: list[BrowserChoice] = []

    def browser(page: str, choice: BrowserChoice) -> Open:
        asked.append(choice)
        return stage.browser

    driven = make_stage_window(stage, browser=browser)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.button("In another browser").isVisible())
    button = driven.button("In another browser")
    assert isinstance(button, QPushButton)
    actions = button.menu().actions()
    assert "The system's browser" == actions[0].text()
    actions[-1].trigger()
    driven.wait(lambda: 2 == len(stage.browser.opened))
    assert [*browser_labels()][-1] == asked[-1]
    assert BrowserChoice() == driven.parts.sign_in_task.choice  # the next sign-in opens as usual
    driven.click("Cancel")


@pytest.mark.parametrize(
    ("pasted", "words"),
    [("I don't know", "not an answer"), (ADDRESS, "An e-mail address was pasted")],
)
def test_something_else_is_pasted(
    stage: Stage, make_stage_window: MakeWindow, pasted: str, words: str
) -> None:
    """The reason is shown at once, and goes with the next letter."""
    driven = waits(stage, make_stage_window)
    field = driven.named(QLineEdit, "Address of the last page, or the code")
    told = driven.label("paste_refused")
    assert not driven.button("Continue").isEnabled()
    driven.type_into(field, pasted)
    driven.click("Continue")
    driven.wait(lambda: told.isVisible() and words in told.text())
    assert driven.busy()
    assert field.hasFocus()
    assert field.hasSelectedText()
    driven.qtbot.keyClicks(field, "x")
    assert not told.isVisible()
