"""What the window paints itself because Qt's style paints it too dark in the dark."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleFactory, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from gui.model.own_palette import own_palette
from gui.widgets.outlined import CheckBox, Menu

WANTED = 3.0  # the contrast of a control with what is around it: WCAG 2.2, 1.4.11


def luminance(colour: QColor) -> float:
    """As WCAG defines it."""
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(widget: QWidget, at: QPoint) -> float:
    """How much a pixel differs from the background of the window."""
    seen = luminance(widget.grab().toImage().pixelColor(at))
    around = luminance(widget.palette().window().color())
    return (max(seen, around) + 0.05) / (min(seen, around) + 0.05)


def edge(box: QCheckBox) -> QPoint:
    """The middle of the upper edge of its box."""
    option = QStyleOptionButton()
    box.initStyleOption(option)
    rect = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    return QPoint(rect.center().x(), rect.top())


@pytest.fixture
def fusion() -> QStyle:
    """The style of most desktops but Windows 11 and macOS."""
    style: QStyle = QStyleFactory.create("fusion")
    return style


@pytest.mark.parametrize("ticked", [False, True])
def test_a_box_is_seen_in_the_dark(qtbot: QtBot, fusion: QStyle, ticked: bool) -> None:
    """Also one that isn't ticked."""
    box = CheckBox("Keep refreshing")
    qtbot.addWidget(box)
    box.setStyle(fusion)
    box.setPalette(own_palette(dark=True))
    box.setChecked(ticked)
    box.resize(box.sizeHint())
    assert contrast(box, edge(box)) > WANTED


def test_the_light_is_the_styles(qtbot: QtBot, fusion: QStyle) -> None:
    """There the outline is dark enough, and nothing is painted above it."""
    own, plain = CheckBox("Keep refreshing"), QCheckBox("Keep refreshing")
    for box in (own, plain):
        qtbot.addWidget(box)
        box.setStyle(fusion)
        box.setPalette(own_palette(dark=False))
    assert own.grab().toImage() == plain.grab().toImage()


def test_a_menu_is_seen_in_the_dark(qtbot: QtBot, fusion: QStyle) -> None:
    """Above the window, which is as dark."""
    menu = Menu("Sort by")
    qtbot.addWidget(menu)
    menu.addAction("Address")
    menu.setStyle(fusion)
    menu.setPalette(own_palette(dark=True))
    menu.resize(menu.sizeHint())
    assert contrast(menu, QPoint(menu.width() // 2, 0)) > WANTED
