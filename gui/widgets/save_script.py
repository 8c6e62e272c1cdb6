"""Asks where to save the script for imapsync, and writes it."""

import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from core.i18n.translation import N_, _
from core.imapsync.command import Side, script_suffix
from core.imapsync.shell_quoting import Shell

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9@._-]")
_SAVED = N_("Saved: {file}. It tests the logins, then copies the mail.")
_NOT_WRITTEN = N_("⚠ {file} can't be written: {why}. Choose another folder.")


def ask_where(
    parent: QWidget, source: Side, destination: Side, shell: Shell, save: Callable[[Path], None]
) -> None:
    """Open the dialog; `save` is called with the file that the user chose."""
    suffix = script_suffix(shell)
    names = f"imapsync_{source.address}_to_{destination.address}"
    name = _NOT_IN_NAMES.sub("_", names) + suffix
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    scripts = _("Scripts ({pattern})", pattern="*" + suffix)
    dialog = QFileDialog(parent, _("Save as script"), folder, scripts)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    dialog.selectFile(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda file: save(Path(file)))
    dialog.open()


def write_script(file: Path, text: str) -> str:
    """Write an executable script; return what the user is told."""
    try:
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        if sys.platform != "win32":
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
    except OSError as exc:
        return _(_NOT_WRITTEN, file=file, why=exc.strerror)
    return _(_SAVED, file=file)
