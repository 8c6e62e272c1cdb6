"""The icons of the program and of the states, painted from shapes: sharp at any size.

Each state has a shape of its own; the colour only helps. The colours stand out from light and dark
backgrounds alike (tests/test_gui_icons.py), since an icon doesn't know its background.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

_SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
_TEETH = 8
_UNIT = 16.0  # side of the square on which every shape is drawn
_BADGE = QRectF(5, 5, 11, 11)  # where the state stands on the program's icon

GREEN, BLUE, ORANGE, RED = "#2e8b57", "#3b78c3", "#c2650a", "#d64545"
GREY = "#7c7c7c"
_OF_GEAR = "#898989"  # stands out as much from a dark button as from a light one
_WHITE, _GOLD = "#ffffff", "#ffc93c"


class IconState(StrEnum):
    """The state of a mailbox, or the worst state of several."""

    FRESH = "fresh"
    SOON = "soon"
    TROUBLE = "trouble"
    SIGN_IN = "sign-in"
    OFF = "off"


@cache
def app_icon() -> QIcon:
    """Return the program's icon: an envelope with a key."""
    return _icon(_paint_app)


def state_icon(state: str) -> QIcon:
    """Return a state's own shape, for example a key; raises ValueError for other names."""
    return _state_icon(IconState(state))


def badged_icon(state: str) -> QIcon:
    """Return the program's icon with a state's icon on it, for the tray."""
    return _badged_icon(IconState(state))


@cache
def gear_icon() -> QIcon:
    """Return the icon of the settings."""
    return _icon(_paint_gear)


@cache
def _state_icon(state: IconState) -> QIcon:
    return _icon(_SHAPES[state])


@cache
def _badged_icon(state: IconState) -> QIcon:
    def paint(painter: QPainter) -> None:
        _paint_envelope(painter)
        painter.translate(_BADGE.topLeft())
        painter.scale(_BADGE.width() / _UNIT, _BADGE.height() / _UNIT)
        _SHAPES[state](painter)

    return _icon(paint)


def _icon(paint: Callable[[QPainter], None]) -> QIcon:
    icon = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / _UNIT, size / _UNIT)
        painter.setPen(Qt.PenStyle.NoPen)
        paint(painter)
        painter.end()
        icon.addPixmap(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)  # otherwise the style mixes in the row's colour
    return icon


def _pen(colour: str, width: float) -> QPen:
    return QPen(
        QColor(colour),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _disc(painter: QPainter, colour: str) -> None:
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QRectF(0.5, 0.5, 15, 15))


def _paint_fresh(painter: QPainter) -> None:
    _disc(painter, GREEN)
    painter.setPen(_pen(_WHITE, 2))
    painter.drawPolyline(QPolygonF([QPointF(4.5, 8.3), QPointF(7, 11), QPointF(11.5, 5.3)]))


def _paint_soon(painter: QPainter) -> None:
    _disc(painter, BLUE)
    painter.setBrush(QColor(_WHITE))
    painter.drawEllipse(QRectF(2.5, 2.5, 11, 11))
    painter.setPen(_pen(BLUE, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(8, 4.6), QPointF(8, 8), QPointF(10.6, 9.5)]))


def _paint_trouble(painter: QPainter) -> None:
    painter.setPen(_pen(ORANGE, 2))
    painter.setBrush(QColor(ORANGE))
    painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(14.8, 14), QPointF(1.2, 14)]))
    painter.setPen(_pen(_WHITE, 2))
    painter.drawLine(QLineF(8, 5.8, 8, 9.6))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_WHITE))
    painter.drawEllipse(QPointF(8, 12.6), 1.1, 1.1)


def _paint_sign_in(painter: QPainter) -> None:
    _disc(painter, RED)
    _paint_key(painter, _WHITE, 1.7)


def _paint_off(painter: QPainter) -> None:
    _disc(painter, GREY)
    painter.setPen(_pen(_WHITE, 2))
    for x in (6, 10):
        painter.drawLine(QLineF(x, 5.4, x, 10.6))


def _paint_key(painter: QPainter, colour: str, width: float) -> None:
    """Paint a key in the middle of the square, with its bow on the left."""
    painter.setPen(_pen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(5.3, 8), 2, 2)
    painter.drawLine(QLineF(7.4, 8, 13, 8))
    painter.drawLine(QLineF(12.6, 8, 12.6, 10.2))
    painter.drawLine(QLineF(10.2, 8, 10.2, 9.6))


def _paint_envelope(painter: QPainter) -> None:
    body = QPainterPath()
    body.addRoundedRect(QRectF(0.5, 2.5, 15, 11), 1.6, 1.6)
    painter.fillPath(body, QColor(BLUE))
    painter.setPen(_pen(_WHITE, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(2.6, 4.8), QPointF(8, 8.6), QPointF(13.4, 4.8)]))
    painter.setPen(Qt.PenStyle.NoPen)


def _paint_app(painter: QPainter) -> None:
    _paint_envelope(painter)
    painter.translate(1.6, 4.2)
    painter.scale(0.95, 0.95)
    _paint_key(painter, "#5b3a00", 3.4)
    _paint_key(painter, _GOLD, 1.8)


def _paint_gear(painter: QPainter) -> None:
    painter.translate(8, 8)
    painter.setBrush(QColor(_OF_GEAR))
    for _ in range(_TEETH):
        painter.drawRoundedRect(QRectF(-1.5, -7.2, 3, 4), 0.8, 0.8)
        painter.rotate(360 / _TEETH)
    ring = QPainterPath()
    ring.addEllipse(QPointF(0, 0), 5.2, 5.2)
    ring.addEllipse(QPointF(0, 0), 2.3, 2.3)  # the hole
    painter.fillPath(ring, QColor(_OF_GEAR))


_SHAPES: dict[IconState, Callable[[QPainter], None]] = {
    IconState.FRESH: _paint_fresh,
    IconState.SOON: _paint_soon,
    IconState.TROUBLE: _paint_trouble,
    IconState.SIGN_IN: _paint_sign_in,
    IconState.OFF: _paint_off,
}
