"""The mouse wheel scrolls; it changes no list and no number."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QSpinBox,
    QWidget,
)

from servers import ADDRESS, Stage
from test_gui_mailboxes import DESTINATION, SOURCE, write
from window import Driven, MakeWindow

_NOTCH = QPoint(0, -120)


def turn(widget: QWidget) -> bool:
    """Turn the wheel over a widget by a notch; whether it took the event."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        _NOTCH,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def choices(root: QWidget) -> list[QWidget]:
    """The visible lists and numbers of a window."""
    found = [*root.findChildren(QComboBox), *root.findChildren(QAbstractSpinBox)]
    return [widget for widget in found if widget.isVisible()]


def values(widgets: list[QWidget]) -> list[int]:
    """What is chosen in each."""
    return [
        widget.value() if isinstance(widget, QSpinBox) else widget.currentIndex()  # type: ignore[attr-defined]
        for widget in widgets
    ]


@pytest.fixture
def driven(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window with two mailboxes, one of which is selected."""
    for address in (SOURCE, DESTINATION):
        write(stage, address)
    window: Driven = make_stage_window(stage)
    window.settings.remember_address(ADDRESS)
    window.click_row(0)
    window.wait(lambda: len(choices(window.window)) >= 5)
    return window


def test_in_the_window(driven: Driven) -> None:
    """Address, provider, minutes, source, destination."""
    widgets = choices(driven.window)
    before = values(widgets)
    assert [False] * len(widgets) == list(map(turn, widgets))
    assert before == values(widgets)


@pytest.mark.parametrize("button", ["Settings", "Options…"])
def test_in_a_dialog(driven: Driven, button: str) -> None:
    """Also in those whose body scrolls."""
    driven.click(button)
    driven.wait(lambda: driven.visible(QDialog))
    widgets = choices(driven.visible(QDialog)[0])
    assert widgets
    before = values(widgets)
    assert [False] * len(widgets) == list(map(turn, widgets))
    assert before == values(widgets)
