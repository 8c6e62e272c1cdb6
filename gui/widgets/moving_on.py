"""Notices that the user goes on with something else than what was asked for."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget


class MovingOn(QObject):
    """Between `watch` and `stop`, emits `moved` when the focus goes to another widget.

    Widgets in `parent` don't count, nor does another program's window: the user comes back from it.
    """

    moved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._from: QWidget | None = None
        self._watches = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def watch(self) -> None:
        """Begin where the focus is now."""
        self._from, self._watches = QApplication.focusWidget(), True

    def stop(self) -> None:
        """Notice nothing more."""
        self._from, self._watches = None, False

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        if not self._watches or now is None or now is self._from:
            return
        parent = self.parent()
        if isinstance(parent, QWidget) and not parent.isAncestorOf(now):
            self.moved.emit()
