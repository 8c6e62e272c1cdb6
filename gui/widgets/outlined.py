"""Check boxes and menus whose outline is seen in the dark.

There Qt's Fusion style paints the outline as dark as what is around it.
"""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QMenu, QWidget

_OPACITY = 120  # of 255: a contrast of 3 to the window, as WCAG 2.2 asks in 1.4.11


class CheckBox(QCheckBox):
    """A check box with an outline around its box."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outline above the style's own."""
        super().paintEvent(event)
        if _is_hard_to_see(self):
            from PySide6.QtWidgets import QStyle, QStyleOptionButton  # slow to load

            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = QStyle.SubElement.SE_CheckBoxIndicator
            _paint_outline(self, self.style().subElementRect(box, option, self))


class Menu(QMenu):
    """A menu with an outline."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outline above the style's own."""
        super().paintEvent(event)
        if _is_hard_to_see(self):
            _paint_outline(self, self.rect())


def _is_hard_to_see(widget: QWidget) -> bool:
    from gui.model.own_palette import is_dark

    # In the light nothing asks for the style: its class is slow to load.
    return is_dark(widget.palette()) and widget.style().name() == "fusion"


def _paint_outline(widget: QWidget, rect: QRect) -> None:
    colour = widget.palette().windowText().color()
    colour.setAlpha(_OPACITY)
    painter = QPainter(widget)
    painter.setPen(colour)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))
    painter.end()
