"""The window on small screens: it fits, and what has no room is reached by one scroll bar."""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from faulty_servers.device_codes import PENDING
from gui.model.bar_message import note_message
from gui.model.message_act import Act
from gui.widgets.middle import Middle
from gui.widgets.page import Page
from gui.widgets.qr_code import QrCode
from gui.widgets.side_pane import SidePane
from imapsync_here import GENTLE, STAYS
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
BESIDE = [QSize(922, 691), QSize(1024, 738), QSize(1180, 800), QSize(720, 600)]  # the last: below
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


def cut_at_the_right(driven: Driven) -> Iterator[str]:
    """What of the side pane is out of view, or has less width than it needs."""
    (pane,) = driven.visible(SidePane)
    if pane.horizontalScrollBar().isVisible():
        yield "a scroll bar"
    for widget in driven.visible(QWidget):
        if pane.viewport().isAncestorOf(widget):
            at = widget.mapTo(pane.viewport(), QPoint()).x()
            if at + widget.width() > pane.viewport().width():
                yield f"{type(widget).__name__} {widget.accessibleName()}"
    for button in driven.visible(QPushButton):
        wanted = min(button.sizeHint().width(), button.maximumWidth())
        if pane.isAncestorOf(button) and button.width() < wanted:
            yield button.text()


def nothing_is_cut(driven: Driven) -> None:
    """In a window of each size."""
    for size in BESIDE:
        driven.window.resize(size)
        driven.qtbot.wait(100)
        assert size == driven.window.size()
        assert [] == list(cut_at_the_right(driven)), size


@pytest.mark.usefixtures("every_language")
def test_the_pane_is_as_wide_with_two_sides_as_without(open_pair: Callable[..., Driven]) -> None:
    """Where the second mailbox made it wider, all of it would move."""
    driven = open_pair()
    driven.window.resize(922, 691)
    driven.qtbot.wait(150)
    (pane,) = driven.visible(SidePane)
    width = pane.minimumWidth()
    driven.parts.migration.cleared.emit()
    driven.qtbot.wait(150)
    assert width == pane.minimumWidth()


@pytest.mark.only_on("posix", reason="imapsync is a script for sh")
@pytest.mark.usefixtures("every_language")
def test_nothing_beside_the_list_is_cut(open_pair: Callable[..., Driven]) -> None:
    """With one mailbox and with two, while imapsync runs, and with its result."""
    driven = open_pair(f"{GENTLE}; echo here; {STAYS}")
    nothing_is_cut(driven)
    driven.click_row(0)
    driven.rest()
    nothing_is_cut(driven)
    driven.named(QPushButton, "Test the logins now, in this window").click()
    driven.wait(lambda: any("here" == label.text() for label in driven.visible(QLabel)))
    nothing_is_cut(driven)
    stop = driven.named(QPushButton, "Stop imapsync")
    stop.click()
    driven.wait(lambda: not stop.isVisible())
    nothing_is_cut(driven)


@pytest.mark.only_on("posix", reason="imapsync is a script for sh")
@pytest.mark.usefixtures("every_language")
def test_no_button_is_cut_where_imapsync_is_missing(
    open_pair: Callable[..., Driven], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are three in a line."""
    driven = open_pair()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    driven.named(QPushButton, "Test the logins now, in this window").click()
    driven.wait(lambda: driven.shows("Get imapsync…"))
    nothing_is_cut(driven)


def test_what_has_no_room_beside_the_list_goes_below(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """With long texts or a large font; it comes back when there is room again."""
    driven = two_selected(stage, make_stage_window, QSize(900, 600))
    (middle,) = driven.visible(Middle)
    assert Qt.Orientation.Horizontal == middle.orientation()
    driven.parts.detail.setMinimumWidth(700)
    driven.wait(lambda: Qt.Orientation.Vertical == middle.orientation())
    assert [] == list(cut_at_the_right(driven))
    driven.window.resize(1200, 600)
    driven.wait(lambda: Qt.Orientation.Horizontal == middle.orientation())
    driven.wait(lambda: [] == list(cut_at_the_right(driven)))


@pytest.mark.usefixtures("every_language")
def test_a_count_turns_nothing(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It changes while the user works: what stands beside the list stays there."""
    driven = two_selected(stage, make_stage_window, QSize(780, 600))
    (middle,) = driven.visible(Middle)
    before = middle.sizes()
    driven.label("count").setText("1,234 mailboxes · 56 need you · 78 in progress")
    driven.qtbot.wait(100)
    assert Qt.Orientation.Horizontal == middle.orientation()
    assert before == middle.sizes()


def test_buttons_stand_below_the_message(stage: Stage, make_stage_window: MakeWindow) -> None:
    """In a narrow window, which has no width for both; in a wide one they stand beside it."""
    driven = make_stage_window(stage)
    long = note_message("one@demo.example → two@demo.example: " + "why it has failed " * 5)
    driven.parts.message_bar.show_warning(long._replace(more=("More",), act=Act.RUN))
    (text,) = (x for x in driven.visible(QLabel) if x.text().startswith("one@demo"))
    close = driven.button("Close")

    def is_below() -> bool:
        return _top(close) >= _top(text) + text.height()

    driven.window.resize(1180, 600)
    driven.wait(lambda: not is_below())
    driven.window.resize(700, 600)
    driven.wait(is_below)
    assert text.width() > 0.9 * driven.parts.message_bar.width()
    driven.window.resize(1180, 600)
    driven.wait(lambda: not is_below())


def _top(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint()).y()
