"""Protecting refresh tokens from the window."""

import pytest
from PySide6.QtWidgets import QCheckBox

from core.secret_store.store import Store
from servers import ADDRESS, Stage
from window import Driven, MakeWindow

BOX = "Keep refresh tokens in the system's secret store"


@pytest.fixture
def protecting(stage: Stage, system_store: Store) -> Stage:
    """Return the servers with this system's real secret store."""
    stage.store = system_store
    return stage


def box(driven: Driven) -> QCheckBox:
    """Return the box in the settings."""
    found = driven.button(BOX)
    assert isinstance(found, QCheckBox)
    return found


def refreshed(stage: Stage, driven: Driven) -> None:
    """Press Refresh now, and wait until it is done."""
    before = stage.server.refreshes
    stage.age()
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: before + 1 == stage.server.refreshes)
    driven.wait(lambda: ["Fresh"] == driven.states())


def test_there_and_back(protecting: Stage, make_stage_window: MakeWindow) -> None:
    """Ticked, a sign-in is protected; unticked, the token moves back. A restart remembers it."""
    driven = make_stage_window(protecting)
    driven.click("Settings")
    driven.click(BOX)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: ["Fresh"] == driven.states())
    entry = protecting.file().store_entry
    assert ("", 32) == (protecting.file().refresh, len(entry))
    refreshed(protecting, driven)
    assert entry == protecting.file().store_entry
    driven.end()

    again = make_stage_window(protecting)
    again.click("Settings")
    assert box(again).isChecked()
    again.click(BOX)
    refreshed(protecting, again)
    assert ("", None) == (protecting.file().store_entry, protecting.store.get(entry))
    assert "" != protecting.file().refresh


def test_a_file_that_is_there_is_protected(
    protecting: Stage, make_stage_window: MakeWindow
) -> None:
    """It is protected at its next refresh, without a sign-in."""
    protecting.sign_in()
    driven = make_stage_window(protecting)
    driven.click("Settings")
    driven.click(BOX)
    refreshed(protecting, driven)
    assert "" == protecting.file().refresh
    assert "" != protecting.file().store_entry


def test_without_a_choice_files_stay(protecting: Stage, make_stage_window: MakeWindow) -> None:
    """A file that is protected already stays protected."""
    protecting.sign_in(protect=True)
    driven = make_stage_window(protecting)
    refreshed(protecting, driven)
    assert "" != protecting.file().store_entry
