"""The shape of each kind of hour. The colour only helps: without it they differ too."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from gui.model.history_days import Hour
from gui.model.icons import ORANGE, RED

_ROUND = 2  # pixels
_TEXT, _FRAME = 220, 90  # of 255, how opaque


def faint(palette: QPalette, opaque: int = _TEXT) -> QColor:
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlpha(opaque)
    return colour


def _fresh(painter: QPainter, cell: QRectF, palette: QPalette) -> None:
    """A full cell."""
    _fill(painter, palette.color(QPalette.ColorRole.Highlight))
    painter.drawRoundedRect(cell, _ROUND, _ROUND)


def _signed_in(painter: QPainter, cell: QRectF, palette: QPalette) -> None:
    """A full cell with a dot."""
    _fresh(painter, cell, palette)
    _fill(painter, palette.color(QPalette.ColorRole.HighlightedText))
    radius = cell.width() / 4
    painter.drawEllipse(cell.center(), radius, radius)


def _trouble(painter: QPainter, cell: QRectF, palette: QPalette) -> None:
    """A triangle."""
    _fill(painter, QColor(ORANGE))
    painter.drawPolygon(
        QPolygonF([QPointF(cell.center().x(), cell.top()), cell.bottomRight(), cell.bottomLeft()])
    )


def _gap(painter: QPainter, cell: QRectF, palette: QPalette) -> None:
    """An empty frame."""
    painter.setPen(QPen(faint(palette, _FRAME), 1))
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)


def _sign_in_required(painter: QPainter, cell: QRectF, palette: QPalette) -> None:
    """A cross."""
    painter.setPen(QPen(QColor(RED), 2))
    inside = cell.adjusted(1, 2, -1, -2)
    painter.drawLine(inside.topLeft(), inside.bottomRight())
    painter.drawLine(inside.bottomLeft(), inside.topRight())


def _unknown(painter: QPainter, cell: QRectF, palette: QPalette) -> None:
    """A point."""
    _fill(painter, faint(palette))
    painter.drawEllipse(cell.center(), 1, 1)


def _fill(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(colour)


SHAPES: Mapping[Hour, Callable[[QPainter, QRectF, QPalette], None]] = {
    Hour.FRESH: _fresh,
    Hour.SIGNED_IN: _signed_in,
    Hour.TROUBLE: _trouble,
    Hour.GAP: _gap,
    Hour.SIGN_IN_REQUIRED: _sign_in_required,
    Hour.UNKNOWN: _unknown,
}
