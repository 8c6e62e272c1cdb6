"""Says why there is no window: in the terminal, or in a message where there is none."""

import sys

from PySide6.QtWidgets import QApplication, QMessageBox

from core.cli.output import Console
from core.errors import AppError


def refuse(error: AppError) -> int:
    """Give back the exit code, once a person has read it or a terminal has it."""
    Console().error(error)
    if sys.stderr is None:  # a double-clicked exe, or a batch file's call of it
        app = QApplication.instance() or QApplication(sys.argv[:1])
        app.setApplicationName("oauth2_imap")
        box = QMessageBox(QMessageBox.Icon.Critical, "oauth2_imap", error.message)
        box.setInformativeText("\n".join(filter(None, (error.detail, error.hint))))
        box.exec()
    return error.exit_code
