"""Tells when other programs changed something in the token folder."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_SETTLES = 300  # ms; one save makes several changes in the folder


class FolderWatch(QObject):
    """`changed` comes once the folder has come to rest."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is watched before `watch`."""
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLES)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._settle.timeout.connect(self.changed)

    def watch(self, folder: Path) -> None:
        """Watch this folder, if it is there: the first sign-in makes it."""
        if folder.is_dir() and str(folder) not in self._watcher.directories():
            self._watcher.addPath(str(folder))
