"""The last days of a mailbox, a row a day and a cell an hour.

Each kind of hour has a shape of its own; the colour only helps. Screen readers get all in words.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.i18n.translation import _
from gui.model.history_days import Day
from gui.model.plain_text import tool_tip
from gui.widgets.history_shapes import SHAPES, faint

_HOURS = 24
_ROW, _GAP = 16, 2  # pixels
_WIDEST_CELL = 16
_LABEL = 44  # pixels for the name of a day, if none is longer
_EVERY = 6  # hours between two figures of the scale


class HistoryStrip(QWidget):
    """Shows days; the tool tip of an hour says what happened in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Sequence[Day] = ()
        self._label = _LABEL
        self.setAccessibleName(_("The last days, hour by hour"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Sequence[Day]) -> None:
        """Show these days, the last one at the bottom."""
        if days == self._days:
            return
        self._days = days
        names = (self.fontMetrics().horizontalAdvance(day.name) for day in days)
        self._label = max((_LABEL, *(name + 3 * _GAP for name in names)))
        self.setAccessibleDescription(". ".join(day.words for day in days))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the days and for the scale below them."""
        height = len(self._days) * _ROW + self.fontMetrics().height()
        return QSize(self._label + _HOURS * _WIDEST_CELL, height)

    def minimumSizeHint(self) -> QSize:
        """Return the same height; narrow cells are readable too."""
        return QSize(self._label + _HOURS * (_WIDEST_CELL // 2), self.sizeHint().height())

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
        width = min((self.width() - self._label) / _HOURS, _WIDEST_CELL)
        return QRectF(self._label + hour * width, row * _ROW, width - _GAP, _ROW - _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells with the colours of now: they change between dark and light."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = faint(self.palette())
        for row, day in enumerate(self._days):
            painter.setPen(colour)
            baseline = self.place_of(row, 0).center().y() + painter.fontMetrics().capHeight() / 2
            painter.drawText(QPointF(0, baseline), day.name)
            for hour, cell in enumerate(day.cells):
                if shape := SHAPES.get(cell.hour):  # none for hours without a record
                    shape(painter, self.place_of(row, hour), self.palette())
        painter.setPen(colour)
        for hour in range(0, _HOURS, _EVERY) if self._days else ():
            left = self.place_of(len(self._days) - 1, hour).left()
            painter.drawText(
                QPointF(left, self.height() - painter.fontMetrics().descent()), f"{hour}"
            )
