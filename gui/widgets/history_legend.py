"""What the shapes in the history strip mean: those that are in it.

Hours that are all fresh need no legend: the state above the strip says the same.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.i18n.translation import _
from gui.model.history_days import LEGEND, Day, Hour
from gui.widgets.history_shapes import SHAPES, faint

_COLUMNS = 3  # at most
_SHAPE = 12  # pixels
_GAP = 6


class HistoryLegend(QWidget):
    """Shows each kind of hour with its meaning, in as many columns as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hours: list[Hour] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_days(self, days: Iterable[Day]) -> None:
        """Explain what is in these days."""
        shown = {cell.hour for day in days for cell in day.cells}
        self._hours = [hour for hour in LEGEND if hour in shown]
        self.setVisible(self._hours not in ([], [Hour.FRESH]))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all of it."""
        width = _COLUMNS * self._column_width()
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many rows as are needed."""
        return -(-len(self._hours) // self._columns(width)) * self.fontMetrics().lineSpacing()

    def minimumSizeHint(self) -> QSize:
        """Return the height for the widest; the layout asks for that of the real width."""
        return QSize(1, self.sizeHint().height())

    def _column_width(self) -> int:
        """The room of the longest meaning: it depends on the language."""
        words = max(map(self.fontMetrics().horizontalAdvance, map(_, LEGEND.values())))
        return _SHAPE + 2 * _GAP + words

    def _columns(self, width: int) -> int:
        return max(1, min(_COLUMNS, width // self._column_width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shapes and their meanings."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        width, columns = self._column_width(), self._columns(self.width())
        for number, hour in enumerate(self._hours):
            row, column = divmod(number, columns)
            left, top = column * width, row * metrics.lineSpacing()
            middle = top + (metrics.lineSpacing() - _SHAPE) / 2
            SHAPES[hour](painter, QRectF(left, middle, _SHAPE, _SHAPE), self.palette())
            painter.setPen(faint(self.palette()))
            where = QPointF(left + _SHAPE + _GAP, top + metrics.ascent())
            painter.drawText(where, _(LEGEND[hour]))
