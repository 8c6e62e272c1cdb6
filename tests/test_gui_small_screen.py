"""The window on small screens: it fits, and what has no room is reached by one scroll bar."""

from collections import deque
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QScrollBar, QWidget

from faulty_servers.device_codes import PENDING
from gui.widgets.page import Page
from gui.widgets.qr_code import QrCode
from servers import ADDRESS, Stage
from test_gui_mailboxes import write
from window import Driven, MakeWindow

# Of the screen, the system's bar and the window's title bar take 40 pixels.
SCREENS = {
    "1024x768 at 200 %": QSize(512, 344),
    "1366x768 at 200 %": QSize(683, 344),
    "1366x768 at 150 %": QSize(910, 472),
    "1920x1080 at 200 %": QSize(960, 500),
}
small_screens = pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS.keys())


def two_selected(stage: Stage, make_stage_window: MakeWindow, size: QSize) -> Driven:
    """Open a window of this size with two mailboxes, the log, a message, and all that is known."""
    stage.sign_in()
    write(stage, f"other.{ADDRESS}")
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    driven.window.note("A warning", warning=True)
    driven.window.resize(size)
    driven.rest()
    driven.qtbot.wait(100)  # layouts within layouts take several turns of the event loop
    return driven


def areas_around(widget: QWidget) -> list[QScrollArea]:
    """Return the scroll areas that a widget is in, the innermost first."""
    found, parent = [], widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            found.append(parent)
        parent = parent.parentWidget()
    return found


def is_wholly_seen(driven: Driven, widget: QWidget) -> bool:
    """Scroll to a widget as Tab does; return whether all of it is in the window."""
    for area in areas_around(widget):
        area.ensureWidgetVisible(widget, 0, 0)
    QApplication.processEvents()
    place = QRect(widget.mapTo(driven.window, QPoint()), widget.size())
    return widget.visibleRegion().boundingRect() == widget.rect() and driven.window.rect().contains(
        place
    )


@small_screens
def test_the_window_fits(stage: Stage, make_stage_window: MakeWindow, size: QSize) -> None:
    """It takes the size of the screen, and each button and field can be seen as a whole."""
    driven = two_selected(stage, make_stage_window, size)
    assert size == driven.window.size()
    buttons = [b for b in driven.visible(QAbstractButton) if b.text() or b.accessibleName()]
    assert buttons
    assert [] == [b.text() or b.accessibleName() for b in buttons if not is_wholly_seen(driven, b)]


@small_screens
def test_nothing_scrolls_within_what_scrolls(
    stage: Stage, make_stage_window: MakeWindow, size: QSize
) -> None:
    """Whoever turns the wheel knows what moves: the page, or what stands beside the list."""
    driven = two_selected(stage, make_stage_window, size)
    scrolling = [
        area for area in driven.visible(QScrollArea) if area.verticalScrollBar().isVisible()
    ]
    assert 1 >= len(scrolling)
    (page,) = driven.visible(Page)
    assert not page.horizontalScrollBar().isVisible()
    bars = [bar for bar in driven.table().findChildren(QScrollBar) if bar.isVisible()]
    assert [] == [bar for bar in bars if page in scrolling]


def test_a_usual_window_has_no_page_to_scroll(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its parts scroll by themselves."""
    driven = two_selected(stage, make_stage_window, QSize(1024, 700))
    (page,) = driven.visible(Page)
    assert not page.verticalScrollBar().isVisible()


def test_the_wait_comes_into_view(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Also when a sign-in begins at the bottom of the page, in the list or in the detail."""
    driven = two_selected(stage, make_stage_window, SCREENS["1024x768 at 200 %"])
    (page,) = driven.visible(Page)
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    assert driven.window.header.visibleRegion().isEmpty()
    stage.browser.visits_pages = False
    driven.parts.mailbox_table.sign_in.emit([stage.path])
    driven.wait(driven.busy)
    driven.wait(lambda: not driven.button("Cancel").visibleRegion().isEmpty())


@small_screens
def test_the_wait_fits(stage: Stage, make_stage_window: MakeWindow, size: QSize) -> None:
    """In the browser and on another device: rows become columns, and nothing is cut."""
    driven = two_selected(stage, make_stage_window, size)
    stage.browser.visits_pages = False
    stage.server.device_codes.states = deque([PENDING])
    driven.parts.mailbox_table.sign_in.emit([stage.path])
    driven.wait(driven.busy)
    for name in ("On another device", "Copy code"):
        driven.wait(partial(driven.button, name))
        driven.qtbot.wait(100)
        assert size == driven.window.size()
        inside = driven.parts.waiting.findChildren(QWidget)
        shown = [w for w in inside if w.isVisible() and isinstance(w, (QAbstractButton, QrCode))]
        assert [] == [w for w in shown if not is_wholly_seen(driven, w)]
        driven.button(name).click()
