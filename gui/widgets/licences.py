"""The licences of everything inside the program, as the build gathered them."""

from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from core.paths import RESOURCES

GATHERED = RESOURCES / "LICENSES.txt"  # written by release/licences.py
NOT_GATHERED = (
    "oauth2_imap itself is under the MIT licence: see the file LICENSE.\n\n"
    "The licences of the libraries have not been gathered for this copy of it. Where the libraries "
    "are installed, each has its own in its *.dist-info folder. Qt and PySide6 are under the LGPL "
    "version 3, and installing another PySide6 replaces them.\n\n"
    "The programs of a release carry all texts in one file, which a checkout makes by\n"
    "python release/licences.py"
)
_WIDTH = 90  # characters; the texts are wrapped at 80


class LicencesDialog(QDialog):
    """One long text to read, search and copy."""

    def __init__(self, parent: QWidget | None = None, *, file: Path = GATHERED) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        text = QPlainTextEdit(_read(file))
        text.setReadOnly(True)
        text.setAccessibleName("Licences of everything inside")
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        metrics = text.fontMetrics()
        text.setMinimumSize(metrics.averageCharWidth() * _WIDTH, metrics.height() * _WIDTH // 4)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(buttons)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError:
        return NOT_GATHERED
