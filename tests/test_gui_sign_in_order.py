"""The first two mailboxes that are signed in become the source and the destination."""

import pytest
from PySide6.QtWidgets import QPushButton

from core.browser_choice import BrowserChoice
from core.oauth.sign_in.browser import Open
from servers import ADDRESS, Stage
from test_gui_mailboxes import write
from test_gui_rehearsal import ONE, TRY_IT, TWO
from test_gui_source_destination import A, named
from window import Driven, MakeWindow


@pytest.fixture
def driven(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window with a mailbox of another day; pretend mailboxes need no browser."""

    def browser(page: str, choice: BrowserChoice) -> Open | None:
        return None if page else stage.browser

    write(stage, A)
    driven: Driven = make_stage_window(stage, browser=browser)
    return driven


def pretend(driven: Driven) -> None:
    """Sign in to one more pretend mailbox."""
    before = len(driven.model.rows)
    menu = driven.window.program_menu
    next(a for a in menu.actions() if TRY_IT == a.text().replace("&", "")).trigger()
    driven.wait(lambda: len(driven.model.rows) == before + 1 and not driven.busy())
    driven.listed()


def test_the_first_is_the_source_and_the_next_the_destination(driven: Driven) -> None:
    """Whatever is selected afterwards, and whoever is signed in after them."""
    pretend(driven)
    assert ("", "") == named(driven)
    pretend(driven)
    assert (ONE, TWO) == named(driven)
    for row in range(len(driven.model.rows)):
        driven.click_row(row)
        assert (ONE, TWO) == named(driven)
    pretend(driven)
    assert (ONE, TWO) == named(driven)


def test_the_steps_come_into_view(driven: Driven) -> None:
    """On a usual small screen, what is known of the mailbox stands above them."""
    driven.window.resize(1024, 690)
    pretend(driven)
    pretend(driven)
    copy = driven.named(QPushButton, "Copy the mail now, in this window")
    driven.wait(lambda: copy.visibleRegion().boundingRect() == copy.rect())


def test_a_sign_in_again_names_no_pair(driven: Driven) -> None:
    """Else it might turn a migration round."""
    pretend(driven)
    pretend(driven)
    driven.click("Clear")
    first = driven.addresses().index(ONE)
    path = driven.model.rows[first].path
    before = path.read_bytes()
    driven.click_row(first)
    driven.act("Sign in again")
    driven.wait(lambda: path.read_bytes() != before and not driven.busy())
    driven.listed()
    assert ("", "") == named(driven)


def test_named_sides_stay(driven: Driven) -> None:
    """What the user has named counts more than the order of the sign-ins."""
    pretend(driven)
    driven.act("Use as destination")
    pretend(driven)
    assert ("", ONE) == named(driven)


def test_a_pretend_mailbox_and_a_real_one_are_no_pair(driven: Driven) -> None:
    """The real one that is signed in next stands alone."""
    pretend(driven)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: 3 == len(driven.model.rows) and not driven.busy())
    driven.listed()
    assert "" == named(driven)[1]
