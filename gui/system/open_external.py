"""Opens a folder or a page in what the system has for it."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from core.child_environment import without_loader


def open_external(url: QUrl) -> bool:
    """Whether something was started for it."""
    with without_loader():
        return QDesktopServices.openUrl(url)
