"""The manual of the window: the page of the documentation that is shipped with the program."""

import re
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from core.i18n.translation import ENGLISH, N_, _, language
from core.paths import RESOURCES
from gui.system.open_external import open_external
from gui.widgets.close_button import buttons_with_close

# Where a build puts it, and where it is in a source checkout.
FOLDERS = (RESOURCES / "manual", RESOURCES.parent / "docs")
_NOT_SHIPPED = N_("This copy of the program doesn't contain the manual.")
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n*", re.MULTILINE)
_LINK_TO_OTHER_PAGE = re.compile(r"\[([^\]]+)\]\((?!https://)[^)]*\)")
_SIZE = QSize(760, 640)
_OF_SCREEN = 0.85
_MARGIN = 16  # pixels


class ManualDialog(QDialog):
    """Shows it in the user's language, beside the window: one reads and tries in turns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Manual"))
        page = QTextBrowser()
        page.setOpenLinks(False)  # it would open them in its own place
        page.setAccessibleName(_("Manual"))
        page.setMarkdown(manual_text())
        page.document().setDocumentMargin(_MARGIN)
        page.anchorClicked.connect(open_external)
        buttons = buttons_with_close()
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(page)
        column.addWidget(buttons)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * _OF_SCREEN))

    def come_to_front(self) -> None:
        """Show it in front of the window, at the place where the user has left off."""
        self.show()
        self.raise_()
        self.activateWindow()


def manual_text(folders: tuple[Path, ...] = FOLDERS) -> str:
    """Return the page as Markdown, without the pictures and the other pages that stay away."""
    code = language()
    name = "WINDOW.md" if code == ENGLISH else f"WINDOW.{code}.md"
    for file in (folder / name for folder in folders):
        if file.is_file():
            text = _PICTURE.sub("", file.read_text("utf-8"))
            return _LINK_TO_OTHER_PAGE.sub(r"\1", text)
    return _(_NOT_SHIPPED)
