"""The licences of the program and its libraries, as the build collected them."""

from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from core.i18n.translation import N_, _
from core.paths import RESOURCES
from gui.widgets.close_button import buttons_with_close

COLLECTED = RESOURCES / "LICENSES.txt"  # written by release/licences.py
NOT_COLLECTED = N_(
    "oauth2_imap is under the MIT licence. The file LICENSE has its text.\n\n"
    "This copy of the program doesn't contain the licences of the libraries. Each installed "
    "library has its licence in its *.dist-info folder. Qt and PySide6 are under the LGPL version "
    "3; you can replace them by installing another PySide6.\n\n"
    "The released programs contain all licences in one file. In a source checkout this command "
    "creates it:\n"
    "python release/licences.py"
)
_WIDTH = 90  # characters; the texts are wrapped at 80


class LicencesDialog(QDialog):
    """Shows all licences in one text."""

    def __init__(self, parent: QWidget | None = None, *, file: Path = COLLECTED) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Licences"))
        text = QPlainTextEdit(_read(file))
        text.setReadOnly(True)
        text.setAccessibleName(_("Licences"))
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        metrics = text.fontMetrics()
        text.setMinimumSize(metrics.averageCharWidth() * _WIDTH, metrics.height() * _WIDTH // 4)
        buttons = buttons_with_close()
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(buttons)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError:
        return _(NOT_COLLECTED)
