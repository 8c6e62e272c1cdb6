"""The page of the window: it scrolls as a whole where the screen is too small for it.

It is part of the first frame: import and create here only what that shows.
"""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QWidget

from gui.widgets.scroll_to import CalmScrollArea

_LEAST_HEIGHT = 200  # pixels


class Column(QWidget):
    """Asks for no more height than it needs at least: more would make a page scroll."""

    def heightForWidth(self, width: int) -> int:
        """Return the least height, with all lines of the texts."""
        layout = self.layout()
        return layout.minimumHeightForWidth(width) if layout else -1


class Page(CalmScrollArea):
    """Is as wide as its content needs, and scrolls up and down alone."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._is_complete = False
        self.setFrameStyle(0)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.setFocusProxy(content)  # so that the first field has the keys from the start

    def complete(self) -> None:
        """Do what is too slow for the first frame."""
        from PySide6.QtCore import Qt

        self._is_complete = True
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._widen()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content with the scroll bar, and a low height."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, _LEAST_HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the content; Qt follows its height."""
        if self._is_complete and event.type() == QEvent.Type.LayoutRequest:
            self._widen()
        return super().eventFilter(watched, event)

    def _widen(self) -> None:
        if self.minimumWidth() != (width := self.minimumSizeHint().width()):
            self.setMinimumWidth(width)
