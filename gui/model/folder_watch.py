"""Notices when other programs change something in the token folder."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_QUIET = 300  # ms without a change; saving one file changes the folder several times


class FolderWatch(QObject):
    """Emits `changed` when the folder has changed and is quiet again."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET)
        self._watcher.directoryChanged.connect(lambda _: self._quiet.start())
        self._quiet.timeout.connect(self.changed)

    def watch(self, folder: Path) -> None:
        """Watch a folder, if it exists already: the first sign-in creates it."""
        if folder.is_dir() and str(folder) not in self._watcher.directories():
            self._watcher.addPath(str(folder))
