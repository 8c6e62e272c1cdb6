"""The last days of a mailbox, a row a day and a cell an hour.

Each kind of hour has a shape of its own; the colour only helps. Screen readers get all in words.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.model.history_days import DAYS, Day, Hour
from gui.model.icons import ORANGE, RED
from gui.model.plain_text import tool_tip

_HOURS = 24
_ROW, _GAP = 16, 2  # pixels
_WIDEST_CELL = 16
_LABEL = 44  # pixels for the name of a day
_ROUND = 2
_TEXT, _FRAME = 220, 90  # of 255, how opaque
_EVERY = 6  # hours between two figures of the scale


class HistoryStrip(QWidget):
    """Shows days; the tool tip of an hour says what happened in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Sequence[Day] = ()
        self.setAccessibleName("The last days, hour by hour")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Sequence[Day]) -> None:
        """Show these days, the last one at the bottom."""
        if days == self._days:
            return
        self._days = days
        self.setAccessibleDescription(". ".join(day.words for day in days))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all days and for the scale below them."""
        height = DAYS * _ROW + self.fontMetrics().height()
        return QSize(_LABEL + _HOURS * _WIDEST_CELL, height)

    def minimumSizeHint(self) -> QSize:
        """Return the same height; narrow cells are readable too."""
        return QSize(_LABEL + _HOURS * (_WIDEST_CELL // 2), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Show what happened in the hour under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tool_tip(self.words_at(QPointF(event.pos()))))
            return True
        return super().event(event)

    def words_at(self, where: QPointF) -> str:
        """Return what happened in the hour at a place; empty if none is there."""
        for row, day in enumerate(self._days):
            for hour, cell in enumerate(day.cells):
                if self.place_of(row, hour).contains(where):
                    return cell.words
        return ""

    def place_of(self, row: int, hour: int) -> QRectF:
        """Return where the cell of an hour is."""
        width = min((self.width() - _LABEL) / _HOURS, _WIDEST_CELL)
        return QRectF(_LABEL + hour * width, row * _ROW, width - _GAP, _ROW - _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells with the colours of now: they change between dark and light."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        faint = _faint(self.palette())
        for row, day in enumerate(self._days):
            painter.setPen(faint)
            baseline = self.place_of(row, 0).center().y() + painter.fontMetrics().capHeight() / 2
            painter.drawText(QPointF(0, baseline), day.name)
            for hour, cell in enumerate(day.cells):
                if shape := _SHAPES.get(cell.hour):
                    shape(painter, self.place_of(row, hour), self.palette())
        painter.setPen(faint)
        for hour in range(0, _HOURS, _EVERY):
            left = self.place_of(len(self._days) - 1, hour).left()
            painter.drawText(
                QPointF(left, self.height() - painter.fontMetrics().descent()), f"{hour}"
            )


def _faint(palette: QPalette, opaque: int = _TEXT) -> QColor:
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
    painter.setPen(QPen(_faint(palette, _FRAME), 1))
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
    _fill(painter, _faint(palette))
    painter.drawEllipse(cell.center(), 1, 1)


def _fill(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(colour)


_SHAPES: Mapping[Hour, Callable[[QPainter, QRectF, QPalette], None]] = {
    Hour.FRESH: _fresh,
    Hour.SIGNED_IN: _signed_in,
    Hour.TROUBLE: _trouble,
    Hour.GAP: _gap,
    Hour.SIGN_IN_REQUIRED: _sign_in_required,
    Hour.UNKNOWN: _unknown,
}
