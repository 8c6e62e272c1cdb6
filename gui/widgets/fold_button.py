"""A flat button that folds and unfolds what is below it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QToolButton, QWidget

_ROUND = 4  # pixels
_SHADE = 24  # of 255: below the mouse
_ARROW = 4.0  # pixels: half of its longer side
_GAP = 6.0  # pixels between the edge, the arrow and the text


class FoldButton(QToolButton):
    """Has an arrow that shows whether it is unfolded, which is whether it is checked.

    It paints itself. A style would show a checked button as a pressed one, which tells the state
    twice, and what changes that is in QStyle, whose enumerations take 8 ms of the window's start.
    """

    def __init__(self, text: str, description: str, parent: QWidget | None = None) -> None:
        """`description` is for screen readers: what is folded."""
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleDescription(description)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.toggled.connect(self._turn)
        self._turn(False)

    def _turn(self, unfolded: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the arrow and the text, a shade below the mouse, and a frame around the focus."""
        colours, area = self.palette(), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        text = colours.buttonText().color()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colours.highlight().color() if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.underMouse() and self.isEnabled():
            painter.setBrush(QColor(text.red(), text.green(), text.blue(), _SHADE))
        painter.drawRoundedRect(area, _ROUND, _ROUND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(text)
        painter.drawPolygon(self._arrow(QPointF(_GAP + _ARROW, area.center().y())))
        painter.setPen(text)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(area.adjusted(2 * (_GAP + _ARROW), 0, 0, 0), flags, self.text())
        painter.end()

    def _arrow(self, middle: QPointF) -> QPolygonF:
        """Return a triangle that points down or to the right."""
        long, short = _ARROW, _ARROW / 2
        shape = [QPointF(-long, -short), QPointF(long, -short), QPointF(0, short)]
        if not self.isChecked():
            shape = [point.transposed() for point in shape]
        return QPolygonF([middle + point for point in shape])
