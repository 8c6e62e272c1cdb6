"""The middle of the window: the list, and what belongs to the selected mailboxes.

They stand beside each other, or one below the other where the window has no width for both.
"""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui.widgets.side_pane import SidePane

_LIST, _SIDE = 3, 2  # how the width is shared out
_PLENTY = 1_000  # pixels; the splitter shares out what there is
_NARROW = 720  # pixels; half of a usual small screen
_LIST_ABOVE = 260  # pixels; the height of the list where the rest stands below it
_WAYS = Qt.Orientation


class Middle(QSplitter):
    """Where the rest stands below the list, the window scrolls as a page."""

    def __init__(self, left: QWidget, side: SidePane, parent: QWidget | None = None) -> None:
        super().__init__(_WAYS.Horizontal, parent)
        self._left, self._side = left, side
        self.setChildrenCollapsible(False)
        for widget, share in ((left, _LIST), (side, _SIDE)):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, share)
        self._share_out()

    def _share_out(self) -> None:
        self.setSizes([_PLENTY * _LIST, _PLENTY * _SIDE])

    def minimumSizeHint(self) -> QSize:
        """Return the width of one below the other: else the window could not become narrow."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def _widths(self) -> tuple[int, int]:
        return self._left.minimumSizeHint().width(), self._side.minimumWidth()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width of the window."""
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        """Follow what both need: longer texts, or a larger font."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn()
        return done

    def _turn(self) -> None:
        needed = max(_NARROW, sum(self._widths()) + self.handleWidth())
        way = _WAYS.Vertical if self.width() < needed else _WAYS.Horizontal
        if way != self.orientation():
            self.setOrientation(way)
            self._share_out()
            is_below = way == _WAYS.Vertical
            self._side.show_whole(is_below)
            self._left.setMinimumHeight(_LIST_ABOVE if is_below else 0)
