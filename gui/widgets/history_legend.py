"""What the shapes in the history strip mean: those that are in it."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.i18n.translation import _
from gui.model.history_days import LEGEND, Day, Hour
from gui.widgets.history_shapes import SHAPES, faint

_COLUMNS = 3
_SHAPE = 12  # pixels
_GAP = 6


class HistoryLegend(QWidget):
    """Shows each kind of hour with its meaning, in three columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hours: list[Hour] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Iterable[Day]) -> None:
        """Explain what is in these days."""
        shown = {cell.hour for day in days for cell in day.cells}
        self._hours = [hour for hour in LEGEND if hour in shown]
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all of it."""
        rows = -(-len(self._hours) // _COLUMNS)
        words = max(map(self.fontMetrics().horizontalAdvance, map(_, LEGEND.values())))
        return QSize(
            _COLUMNS * (_SHAPE + 2 * _GAP + words), rows * self.fontMetrics().lineSpacing()
        )

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shapes and their meanings."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        width = min(self.width(), self.sizeHint().width()) / _COLUMNS
        for number, hour in enumerate(self._hours):
            row, column = divmod(number, _COLUMNS)
            left, top = column * width, row * metrics.lineSpacing()
            middle = top + (metrics.lineSpacing() - _SHAPE) / 2
            SHAPES[hour](painter, QRectF(left, middle, _SHAPE, _SHAPE), self.palette())
            painter.setPen(faint(self.palette()))
            where = QPointF(left + _SHAPE + _GAP, top + metrics.ascent())
            painter.drawText(where, _(LEGEND[hour]))
