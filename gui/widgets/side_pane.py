"""What belongs to the selected mailboxes: it scrolls, or is as high as what it shows.

There is always room for the scroll bar: where one came, texts would wrap anew, and move what stands
below them.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QWidget

from gui.widgets.scroll_to import CalmScrollArea

_GAP = 8  # pixels between the content and the scroll bar


class SidePane(CalmScrollArea):
    """Scrolls beside the list; below it, the page of the window scrolls."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._is_whole = False
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar_width = self.verticalScrollBar().sizeHint().width()
        self.verticalScrollBar().rangeChanged.connect(self._leave_room)
        self._leave_room()

    def show_whole(self, whole: bool) -> None:
        """Be as high as the content, or scroll."""
        self._is_whole = whole
        self._leave_room()
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the content."""
        done = super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def _fit(self) -> None:
        least = 0
        if self._is_whole:  # then there is no scroll bar, and all of the width is the content's
            height = self._content.heightForWidth(self.contentsRect().width())
            least = max(height, 0)  # -1: it has no texts to wrap
        if self.minimumHeight() != least:
            self.setMinimumHeight(least)

    def _leave_room(self) -> None:
        has_bar = self.verticalScrollBar().maximum() > 0
        room = 0 if self._is_whole else _GAP if has_bar else _GAP + self._bar_width
        self.setViewportMargins(0, 0, room, 0)
