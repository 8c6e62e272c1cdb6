"""What belongs to the selected mailboxes: it scrolls up and down, or is as high as what it shows.

It is never narrower than its content needs: a button that is cut can't be read.

There is always room for the scroll bar: where one came, texts would wrap anew, and move what stands
below them. And a content that has become shorter does not scroll: where its end is in view, another
button would come under the mouse. The room that is left below it goes when the user scrolls up.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.widgets.keep_room import keep_room
from gui.widgets.scroll_to import CalmScrollArea

_GAP = 8  # pixels between the content and the scroll bar


class SidePane(CalmScrollArea):
    """Scrolls beside the list; below it, the page of the window scrolls."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._is_whole = False
        self._selected: list[Path] = []
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keep_room(self.verticalScrollBar())
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_bar())
        self._leave_room()

    def show_whole(self, whole: bool) -> None:
        """Be as high as the content, or scroll."""
        self._is_whole = whole
        self._hold()
        self._leave_room()
        self._fit()

    def show_selection(self, paths: Sequence[Path]) -> None:
        """Start at the top for other mailboxes; a list that changes names the same ones again."""
        if self._selected != [*paths]:
            self._selected = [*paths]
            self.verticalScrollBar().setValue(0)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll, and let the content end no higher than what is in view then."""
        super().scrollContentsBy(dx, dy)
        self._hold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the content to the new size."""
        if content := self.widget():
            content.setMinimumHeight(0)
        super().resizeEvent(event)
        self._hold()

    def _hold(self) -> None:
        scrolled = 0 if self._is_whole else self.verticalScrollBar().value()
        if content := self.widget():  # its texts may need more: Qt takes both into account
            content.setMinimumHeight(scrolled + self.viewport().height() if scrolled else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the content."""
        done = super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def _fit(self) -> None:
        width, height = self._content.minimumSizeHint().width(), 0
        if self._is_whole:  # then there is no scroll bar, and all of the width is the content's
            # -1: it has no texts to wrap
            height = max(self._content.heightForWidth(self.contentsRect().width()), 0)
        else:
            width += self.verticalScrollBar().sizeHint().width() + _GAP
        if self.minimumSize() != (least := QSize(width, height)):
            self.setMinimumSize(least)

    def _show_bar(self) -> None:
        if not self._is_whole:
            self.verticalScrollBar().setVisible(self.verticalScrollBar().maximum() > 0)

    def _leave_room(self) -> None:
        """Have the same width with and without a bar: else each could call for the other."""
        policy = Qt.ScrollBarPolicy
        bars = policy.ScrollBarAlwaysOff if self._is_whole else policy.ScrollBarAlwaysOn
        self.setVerticalScrollBarPolicy(bars)
        self.setViewportMargins(0, 0, 0 if self._is_whole else _GAP, 0)
        self._show_bar()
