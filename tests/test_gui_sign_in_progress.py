"""What the window says while a sign-in runs, and that it worked: in the list and in the bar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from core.tokenfile.place import file_name
from gui.model.icons import IconState
from gui.widgets.empty_list import EmptyList
from gui.widgets.row_delegate import Part
from servers import ADDRESS, Stage
from test_gui_mailboxes import write
from window import Driven, MakeWindow, only

ONE, TWO = "you@pretend.example", "you@pretend2.example"
OTHER = "other@demo.example"
TRY_IT = "Try it with a pretend mailbox"


@pytest.fixture
def slow(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window without a mailbox, whose browser answers nothing."""
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    return driven


def dead(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window with two mailboxes that need a sign-in; the second can't have one."""
    stage.sign_in()
    write(stage, OTHER)
    stage.server.revoke_grants()
    driven: Driven = make_stage_window(stage)
    driven.mailboxes.refresh([row.path for row in driven.model.rows], even_young=True)
    driven.wait(lambda: ["Sign-in required"] * 2 == driven.states())
    driven.parts.message_bar.clear()
    assert "2 mailboxes need a sign-in" in driven.panel_text()
    return driven


def number(driven: Driven, address: str) -> int:
    """Return the number of the row of an address."""
    return driven.addresses().index(address)


def in_empty_list(driven: Driven) -> str:
    """Return what stands in place of the list."""
    empty = only(driven.window, EmptyList)
    assert empty.isVisible()
    return "\n".join(label.text() for label in empty.findChildren(QLabel) if label.text())


def test_the_empty_list_says_what_happens(slow: Driven) -> None:
    """It asks for no address while one is signed in to, and asks again afterwards."""
    assert "Enter a mail address above" in in_empty_list(slow)
    slow.type_address(ADDRESS)
    slow.click("Get token")
    assert f"Signing in to {ADDRESS}…" == in_empty_list(slow)
    slow.wait(lambda: "in the browser" in in_empty_list(slow))
    expected = (
        f"Waiting for the sign-in of {ADDRESS} in the browser: the mailbox then appears here."
    )
    assert expected == in_empty_list(slow)
    slow.click("Cancel")
    assert "Enter a mail address above" in in_empty_list(slow)


def test_trying_it_is_answered_at_once(slow: Driven) -> None:
    """Also while another sign-in waits; one press is enough, and the focus stays there."""
    slow.type_address(ADDRESS)
    slow.click("Get token")
    slow.wait(lambda: slow.parts.waiting.isVisible())
    button = slow.button(TRY_IT)
    button.setFocus()
    slow.qtbot.keyClick(button, Qt.Key.Key_Space)
    assert f"After this sign-in comes that of {ONE}." in in_empty_list(slow)
    assert not button.isEnabled()
    assert only(slow.window, EmptyList).hasFocus()
    slow.click("Cancel")
    slow.wait(lambda: f"Waiting for the sign-in of {ONE}" in in_empty_list(slow))
    assert not button.isEnabled()
    slow.click("Cancel")
    assert button.isEnabled()


def test_a_row_says_that_its_sign_in_waits(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Neither its button nor the bar offers the sign-in that runs, or that comes next."""
    driven = dead(stage, make_stage_window)
    stage.browser.visits_pages = False
    driven.click_part(number(driven, ADDRESS), Part.BUTTON)
    assert "Signing in…" == driven.states()[number(driven, ADDRESS)]
    driven.wait(lambda: driven.parts.waiting.isVisible())
    assert "Waiting for the sign-in in the browser" == driven.states()[number(driven, ADDRESS)]
    driven.click_row(number(driven, ADDRESS))
    assert not driven.can("Sign in again")
    with pytest.raises(AssertionError):
        driven.click_part(number(driven, ADDRESS), Part.BUTTON)
    assert f"Sign in to {OTHER}" == driven.parts.message_bar.message.button
    driven.click_part(number(driven, OTHER), Part.BUTTON)
    assert "Waits for another sign-in" == driven.states()[number(driven, OTHER)]
    assert not driven.shows(f"Sign in to {OTHER}")
    assert 2 == driven.lines().needing
    driven.click("Cancel")
    driven.wait(lambda: "Sign-in required" == driven.states()[number(driven, ADDRESS)])
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Cancel")
    assert ["Sign-in required"] * 2 == driven.states()


def test_the_bar_does_not_offer_the_sign_in_that_runs(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Of one mailbox it says what it waits for; an answer to a press meanwhile has no button."""
    stage.sign_in()
    driven: Driven = make_stage_window(stage)
    stage.server.revoke_grants()
    driven.mailboxes.refresh([stage.path], even_young=True)
    driven.wait(lambda: driven.shows("Sign in again"))
    stage.browser.visits_pages = False
    driven.click("Sign in again", driven.parts.message_bar)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    assert not driven.shows("Sign in again")
    assert "Waiting for the sign-in in the browser" == driven.parts.message_bar.message.below
    driven.parts.message_bar.show_error(driven.failed[0], ADDRESS, path=stage.path)
    assert not driven.shows("Sign in again")
    driven.click("Cancel")
    assert driven.shows("Sign in again")


def test_a_cancelled_sign_in_is_told(slow: Driven) -> None:
    """In the bar, until the user goes on; there may still be a page in the browser."""
    slow.click("Try it with a pretend mailbox")
    slow.wait(lambda: slow.parts.waiting.isVisible())
    slow.qtbot.keyClick(slow.window, Qt.Key.Key_Escape)
    told = "Sign-in cancelled\nYou can close its page in the browser."
    slow.wait(lambda: told == slow.panel_text())
    slow.type_address(ADDRESS)
    slow.wait(lambda: told != slow.panel_text())


def test_a_mended_mailbox_is_named_beside_the_next(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The bar says that one works again, and that the other one still needs a sign-in."""
    driven = dead(stage, make_stage_window)
    driven.click_part(number(driven, ADDRESS), Part.BUTTON)
    driven.wait(lambda: "Fresh" == driven.states()[number(driven, ADDRESS)])
    driven.wait(lambda: "signed in again" in driven.panel_text())
    message = driven.parts.message_bar.message
    assert f"{ADDRESS} is signed in again" == message.headline
    assert message.below.startswith("Its token is valid until ")
    assert message.below.endswith(f" {OTHER} still needs a sign-in.")
    assert message.sign_in == stage.path.parent / file_name(OTHER)
    assert driven.shows(f"Sign in to {OTHER}")
    assert any("Sign in again" in more for more in message.more), message
    assert not message.spoken.startswith("Error")
    assert (IconState.FRESH, IconState.SIGN_IN) == (message.icon, message.state)
    driven.parts.refresh_bar.keep_toggled.emit(True)  # would seem to have signed in
    assert "signed in again" not in driven.panel_text()


def test_who_gives_the_next_one_up_hears_of_no_success(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The bar has only the mailbox that still needs a sign-in."""
    driven = dead(stage, make_stage_window)
    driven.click_part(number(driven, ADDRESS), Part.BUTTON)
    driven.wait(lambda: "signed in again" in driven.panel_text() and not driven.busy())
    stage.server.automatic_consent = False
    driven.click(f"Sign in to {OTHER}")
    driven.wait(lambda: driven.shows("Cancel"))
    driven.click("Cancel")
    driven.wait(lambda: not driven.busy())
    assert "signed in again" not in driven.panel_text()
    assert OTHER in driven.parts.message_bar.message.headline


def test_a_mended_mailbox_is_news_until_its_next_refresh(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Or until the user closes it; then the bar has only the other one."""
    driven = dead(stage, make_stage_window)
    driven.click_part(number(driven, ADDRESS), Part.BUTTON)
    driven.wait(lambda: "signed in again" in driven.panel_text())
    driven.mailboxes.refresh([stage.path], even_young=True)
    driven.wait(lambda: "signed in again" not in driven.panel_text())
    assert OTHER in driven.parts.message_bar.message.headline
    assert driven.shows("Sign in again")


def test_a_new_mailbox_that_is_not_kept_is_told(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Although others are: what the bar says of them isn't true for this one."""
    write(stage, OTHER)
    driven = make_stage_window(stage)
    driven.settings.keep_refreshing = False
    driven.mailboxes.keep_many([row.path for row in driven.model.rows], True)
    driven.wait(lambda: driven.parts.message_bar.message.headline.startswith("Leave this window"))
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: f"{ADDRESS} is signed in" == driven.parts.message_bar.message.headline)
    words = '"Keep refreshing" is off for this mailbox.'
    assert driven.parts.message_bar.message.below.endswith(words)


def test_the_last_mended_mailbox_is_named_too(stage: Stage, make_stage_window: MakeWindow) -> None:
    """With what to do now; a first sign-in needs no more words than these."""
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.message_bar.message.headline.startswith("Leave this window"))
    stage.server.revoke_grants()
    driven.mailboxes.refresh([stage.path], even_young=True)
    driven.wait(lambda: driven.shows("Sign in again"))
    driven.click("Sign in again", driven.parts.message_bar)
    driven.wait(lambda: "signed in again" in driven.panel_text())
    driven.wait(lambda: "Leave this window open while imapsync runs." in driven.panel_text())
    message = driven.parts.message_bar.message
    assert message.is_calm
    assert f"{ADDRESS} is signed in again" == message.headline
    assert message.below.startswith("Its token is valid until ")


def test_why_a_sign_in_failed_stays_when_the_next_begins(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The user can read it while the next one waits."""
    driven = dead(stage, make_stage_window)
    stage.server.automatic_consent = False
    stage.browser.form = b"decision=deny"
    driven.content.sign_in.sign_in_again([stage.path])
    driven.content.sign_in.sign_in_again([stage.path.parent / file_name(OTHER)])
    driven.wait(lambda: len(driven.failed) > 2 and driven.busy())
    assert f"{ADDRESS}: The request for access was refused" in driven.error()
    driven.wait(lambda: not driven.busy())


def test_a_held_button_keeps_the_message(
    stage: Stage, make_stage_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one may be higher, and move the list away from under the mouse."""
    driven = make_stage_window(stage)
    driven.click("Get token")
    headline = "Enter the address of the mailbox first"
    assert headline == driven.parts.message_bar.message.headline
    held = [Qt.MouseButton.LeftButton]
    monkeypatch.setattr(
        QGuiApplication, "mouseButtons", lambda: held[-1] if held else Qt.MouseButton.NoButton
    )
    driven.parts.message_bar.forget_mistake()
    driven.qtbot.wait(120)
    assert headline == driven.parts.message_bar.message.headline
    held.clear()
    driven.wait(lambda: headline != driven.parts.message_bar.message.headline)
