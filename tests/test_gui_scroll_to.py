"""Scrolling by itself: only to what is not in view, and no further than needed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.scroll_to import CalmScrollArea, reveal
from gui.widgets.side_pane import SidePane

# A warning of Qt's offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SHOWN = 5  # buttons


@pytest.fixture
def area(qtbot: QtBot) -> CalmScrollArea:
    """Return a visible area with more buttons than it shows; the first one in view is the third."""
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for number in range(20):
        button = QPushButton(str(number))
        button.setFixedHeight(30)
        column.addWidget(button)
    found = CalmScrollArea()
    found.setFrameStyle(0)
    found.setWidgetResizable(True)
    found.setWidget(content)
    qtbot.addWidget(found)
    found.resize(200, 30 * SHOWN)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    found.verticalScrollBar().setValue(60)
    return found


def buttons(area: CalmScrollArea) -> list[QPushButton]:
    """Return all buttons."""
    return area.findChildren(QPushButton)


def test_tab_moves_nothing_in_view(area: CalmScrollArea, qtbot: QtBot) -> None:
    """Not even to the last button that is in view."""
    button = buttons(area)[5]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Tab)
    assert buttons(area)[6].hasFocus()
    assert 60 == area.verticalScrollBar().value()


def test_tab_scrolls_as_far_as_needed(area: CalmScrollArea, qtbot: QtBot) -> None:
    """Down, and with Shift up."""
    last, first = buttons(area)[6], buttons(area)[2]
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_Tab)
    assert 90 == area.verticalScrollBar().value()
    area.verticalScrollBar().setValue(60)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Backtab)
    assert 30 == area.verticalScrollBar().value()


def test_of_what_is_too_high_the_top_counts(area: CalmScrollArea, qtbot: QtBot) -> None:
    """Whoever wants to read it begins there."""
    button = buttons(area)[4]
    button.setFixedHeight(30 * SHOWN + 10)
    qtbot.waitUntil(lambda: button.height() > 30 * SHOWN)
    reveal(area, button)
    assert 120 == area.verticalScrollBar().value()


def test_the_side_pane_keeps_its_width_with_a_wide_bar(qtbot: QtBot) -> None:
    """A bar that narrowed the texts would call for itself, and vanish again, without an end."""
    text = QLabel("word " * 60, wordWrap=True)
    pane = SidePane(text)
    qtbot.addWidget(pane)
    pane.setStyleSheet("QScrollBar:vertical { width: 40px; }")  # wider than when it was made
    pane.show()
    pane.resize(300, 1000)
    assert not pane.verticalScrollBar().isVisible()
    has_bar: dict[bool, int] = {}
    for height in range(40, 400, 4):
        pane.resize(300, height)
        qtbot.wait(1)
        has_bar[pane.verticalScrollBar().isVisible()] = text.width()
    assert {True, False} == {*has_bar}
    assert has_bar[True] == has_bar[False]


def test_tab_from_elsewhere_scrolls_too(area: CalmScrollArea, qtbot: QtBot) -> None:
    """From what stands beside the area, in another one around both."""
    content, before = QWidget(), QPushButton("before")
    column = QVBoxLayout(content)
    column.addWidget(before)
    column.addWidget(area)
    outer = CalmScrollArea()
    outer.setWidgetResizable(True)
    outer.setWidget(content)
    for scrolled in (area, outer):
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    qtbot.addWidget(outer)
    outer.show()
    outer.activateWindow()
    qtbot.waitUntil(outer.isActiveWindow)
    area.verticalScrollBar().setValue(60)
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    focused, scrolled_to = buttons(area)[0].hasFocus(), area.verticalScrollBar().value()
    area.setParent(None)  # the fixture closes it
    assert (True, 0) == (focused, scrolled_to)
