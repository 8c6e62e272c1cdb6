"""The content of the window above its log, which is as high as the user wants."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from gui.widgets.log_pane import LogPane

_PLENTY = 1_000  # pixels; the splitter shares out what there is


class LogSplitter(QSplitter):
    """While the log is folded, what is above it has its room: a QSplitter leaves that empty."""

    def __init__(self, above: QWidget, log: LogPane, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._log = log
        self._height = log.usual_height  # when open
        self._is_folded = False
        self.setChildrenCollapsible(False)
        self.addWidget(above)
        self.addWidget(log)
        self.setStretchFactor(0, 1)
        self.setSizes([_PLENTY, self._height])

    def event(self, event: QEvent) -> bool:
        """Share out the room anew once the log has become lower or higher."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._follow_log()
        return done

    def _follow_log(self) -> None:
        if self._is_folded == self._log.is_folded:
            return
        above, below = self.sizes()
        self._is_folded = self._log.is_folded
        if self._is_folded:
            self._height = below
        height = self._log.maximumHeight() if self._is_folded else self._height
        self.setSizes([above + below - height, height])
