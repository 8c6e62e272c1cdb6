"""Messages that only answer a press: they go once the user goes on with something else."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel

from gui.model.bar_message import note_message
from gui.model.message_act import Act
from servers import ADDRESS, Stage
from window import Driven, MakeWindow

FIRST = "Enter the address of the mailbox first"


@pytest.fixture
def mistaken(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window in which the user has pressed "Get token" without an address."""
    driven: Driven = make_stage_window(stage)
    driven.click("Get token")
    assert FIRST in driven.error()
    assert driven.address_field().hasFocus()
    return driven


def _type(driven: Driven) -> None:
    driven.qtbot.keyClicks(driven.address_field(), "y")


def _open_a_menu(driven: Driven) -> None:
    driven.window.program_menu.popup(driven.window.mapToGlobal(driven.window.rect().center()))


def _open_the_settings(driven: Driven) -> None:
    driven.click("Settings")
    driven.wait(lambda: driven.visible(QDialog))


def _open_the_options(driven: Driven) -> None:
    driven.click("Options…")
    driven.wait(lambda: driven.visible(QDialog))


def _choose_a_provider(driven: Driven) -> None:
    driven.named(QComboBox, "Provider").setFocus(Qt.FocusReason.MouseFocusReason)


def _try_it(driven: Driven) -> None:
    driven.click("Try it with a pretend mailbox")


@pytest.mark.parametrize(
    "act",
    [_type, _open_a_menu, _open_the_settings, _open_the_options, _choose_a_provider, _try_it],
)
def test_it_goes_with_the_next_act(mistaken: Driven, act: Callable[[Driven], None]) -> None:
    """Nothing has failed, so nothing has to be read again later."""
    act(mistaken)
    mistaken.wait(lambda: FIRST not in mistaken.panel_text())


def test_it_can_be_read_in_peace(mistaken: Driven) -> None:
    """A click on it, or another window for a moment, is no other act; "Close" closes it."""
    bar = mistaken.parts.message_bar
    label = next(x for x in bar.findChildren(QLabel) if FIRST == x.text())
    mistaken.qtbot.mouseClick(label, Qt.MouseButton.LeftButton)
    label.setFocus()
    mistaken.address_field().setFocus()
    assert FIRST in mistaken.error()
    mistaken.click("Close")
    assert "" == mistaken.error()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_that_goes_hands_its_focus_to_nothing(mistaken: Driven, key: Qt.Key) -> None:
    """The next press of the same key changes nothing."""
    close = mistaken.button("Close")
    close.setFocus(Qt.FocusReason.TabFocusReason)
    mistaken.qtbot.keyClick(close, key)
    assert "" == mistaken.error()
    focused = mistaken.window.focusWidget()
    assert mistaken.parts.message_bar is focused
    kept = mistaken.button("Keep refreshing").isChecked()
    mistaken.qtbot.keyClick(focused, key)
    assert kept is mistaken.button("Keep refreshing").isChecked()


def test_the_list_holds_still_when_it_goes(stage: Stage, make_stage_window: MakeWindow) -> None:
    """And when a longer message comes back; not after the user has closed that."""
    driven: Driven = make_stage_window(stage)
    driven.window.resize(700, 600)
    bar = driven.parts.message_bar
    empty = _height(driven)
    long = "The copy has failed: " + " and ".join(["one@demo.example → two@demo.example"] * 3)
    warning = note_message(long)
    bar.show_warning(warning._replace(more=("Why",), act=Act.RUN))  # its buttons leave less room
    before = _height(driven)
    assert before > empty
    bar.show_mistake(note_message(FIRST))
    assert before == _height(driven)
    bar.forget_mistake()
    assert before == _height(driven)
    driven.click("Close")
    assert empty == _height(driven)


def test_the_list_holds_still_when_details_go(stage: Stage, make_stage_window: MakeWindow) -> None:
    """By other news; they were opened for one message, and no later one opens with them."""
    driven: Driven = make_stage_window(stage)
    bar = driven.parts.message_bar
    bar.show_warning(note_message("The copy has failed")._replace(more=("Why", "and what helps")))
    folded = _height(driven)
    driven.click("Details", bar)
    unfolded = _height(driven)
    assert folded < unfolded
    bar.show_mistake(note_message(FIRST))
    assert unfolded == _height(driven)
    bar.forget_mistake()
    assert not driven.button("Details", bar).isChecked()
    assert unfolded == _height(driven)
    driven.click("Details", bar)
    driven.click("Details", bar)
    assert folded == _height(driven)


def _height(driven: Driven) -> int:
    driven.qtbot.wait(150)  # layouts within layouts take several turns of the event loop
    return driven.parts.message_bar.height()


def test_esc_closes_the_message(mistaken: Driven) -> None:
    """As "Close" does; where nothing can be closed, it does nothing."""
    for _time in range(2):
        mistaken.qtbot.keyClick(mistaken.address_field(), Qt.Key.Key_Escape)
        mistaken.wait(lambda: not mistaken.error())


def test_a_second_press_answers_again(mistaken: Driven) -> None:
    """With the same words."""
    mistaken.click("Get token")
    assert FIRST in mistaken.error()


@pytest.mark.parametrize("text", ["you", "you@gmail"])
def test_a_wrong_address_is_such_an_answer(
    stage: Stage, make_stage_window: MakeWindow, text: str
) -> None:
    """A sign-in that has failed is none: its message stays."""
    driven: Driven = make_stage_window(stage)
    driven.type_address(text)
    driven.click("Get token")
    assert driven.error()
    _open_the_settings(driven)
    driven.wait(lambda: not driven.error())


def test_a_failed_sign_in_is_no_such_answer(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its message stays, also behind an answer."""
    stage.server.automatic_consent = False
    stage.browser.form = b"decision=deny"
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(driven.error)
    _open_the_settings(driven)
    assert "The request for access was refused" in driven.error()
