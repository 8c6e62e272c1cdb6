"""Opens folders and pages in the system's own programs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from core.child_environment import without_loader
from core.i18n.translation import N_, _

NO_PROGRAM = N_("No program on this computer can open {address}")


def open_external(url: QUrl) -> bool:
    """Open a folder or a page; return whether a program was started."""
    with without_loader():
        return QDesktopServices.openUrl(url)


def open_or_tell(path: Path, tell: Callable[[str, bool], None]) -> None:
    """Open a file or a folder, or `tell` as a warning that no program can."""
    url = QUrl.fromLocalFile(str(path))
    if not open_external(url):
        tell(_(NO_PROGRAM, address=url.toDisplayString()), True)
