"""Opens folders and pages in the system's own programs."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from core.child_environment import without_loader


def open_external(url: QUrl) -> bool:
    """Open a folder or a page; return whether a program was started."""
    with without_loader():
        return QDesktopServices.openUrl(url)
