"""The imapsync options of one or two mailboxes, the whole commands, and a script to save.

core.imapsync writes the commands.
"""

import re
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import UsageProblem
from core.imapsync import command as imapsync
from core.imapsync.command import Side
from core.imapsync.shell_quoting import Shell, own_shells
from gui.model.messages import in_one_paragraph
from gui.widgets.copyable_command import CopyableCommand
from gui.widgets.plain_label import PlainLabel

_SHELLS = {
    Shell.SH: "Terminal (sh, bash, zsh)",
    Shell.CMD: "Command Prompt (cmd)",
    Shell.WSL: "WSL (Linux on Windows)",
    Shell.DOCKER: "Docker, from the Command Prompt",
}
_ONE_ONLY = "Select a second mailbox as well to get the whole command for imapsync."
_NO_CALL_IN_DOCKER = (
    "In Docker, imapsync can't call oauth2_imap. Leave this window open and tick "
    '"Keep refreshing".'
)
_CALL = (
    "Let imapsync call oauth2_imap &before each login "
    f"(needs imapsync {imapsync.MINIMUM_TO_CALL} or newer)"
)
_VERSIONS = f"{imapsync.REREAD_NOTE} {imapsync.PASSWORD_NOTE}"


class ImapsyncCommands(QWidget):
    """Emits `swapped` for its Swap button; the owner then calls `show_sides`."""

    swapped = Signal()

    def __init__(
        self,
        program: Sequence[str],
        *,
        platform: str,
        parent: QWidget | None = None,
    ) -> None:
        """`program` is the command with which imapsync starts us; empty where there is none."""
        super().__init__(parent)
        self._program = tuple(program)
        self._source: Side | None = None
        self._destination: Side | None = None
        self._shell = QComboBox()
        for shell in own_shells(platform):
            self._shell.addItem(_SHELLS[shell], shell)
        self._shell.setEnabled(self._shell.count() > 1)
        self._shell.setAccessibleName("Commands for")
        self._shell.setAccessibleDescription("The program into which you paste the commands")
        self._swap = QPushButton("&Swap")
        self._swap.setAccessibleName("Swap source and destination")
        self._swap.setAutoDefault(False)
        self._call = QCheckBox(_CALL)
        self._call.setAccessibleDescription(imapsync.CALL_NOTE)
        self._call_note = _note()
        self._one = CopyableCommand("Copy the source options (&1)", "Options for the source")
        self._two = CopyableCommand(
            "Copy the destination options (&2)", "Options for the destination"
        )
        self._login_test = CopyableCommand("Copy the login test (&3)", "Command to test the logins")
        self._whole = CopyableCommand("Copy the command (&4)", "Command to copy the mail")
        self._hint = _note()
        self._save = QPushButton("Sa&ve as script…")
        self._save.setAutoDefault(False)
        self._save.setAccessibleDescription(
            "A script that tests the logins and then copies the mail"
        )
        self._saved = _note()
        self._versions = _note(_VERSIONS)
        self._lay_out()
        self._connect()
        self._render()

    def _lay_out(self) -> None:
        commands_for = QLabel("Commands &for:")
        commands_for.setBuddy(self._shell)
        top = QHBoxLayout()
        top.addWidget(commands_for)
        top.addWidget(self._shell)
        top.addStretch()
        top.addWidget(self._swap)
        save = QHBoxLayout()
        save.addWidget(self._save)
        save.addWidget(self._saved, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        for widget in (self._call, self._call_note, self._one, self._two):
            column.addWidget(widget)
        for widget in (self._login_test, self._whole, self._hint):
            column.addWidget(widget)
        column.addLayout(save)
        column.addWidget(self._versions)
        column.addStretch(1)

    def _connect(self) -> None:
        self._swap.clicked.connect(self.swapped)
        self._shell.currentIndexChanged.connect(lambda _: self._render())
        self._call.toggled.connect(lambda _: self._render())
        self._save.clicked.connect(self._ask_where)

    def show_sides(self, source: Side | None, destination: Side | None) -> None:
        """Show two mailboxes; a single one is shown as source and as destination."""
        if (source, destination) != (self._source, self._destination):
            self._saved.clear()
        self._source, self._destination = source, destination
        self._render()

    def shell(self) -> Shell:
        """Return the shell for which the commands are written."""
        return Shell(self._shell.currentData())

    def _render(self) -> None:
        one = self._source or self._destination
        two = self._destination or self._source
        both = self._source is not None and self._destination is not None
        self._swap.setEnabled(both)
        self._save.setEnabled(both)
        self._render_call()
        if one is None or two is None:
            return
        try:
            self._render_texts(one, two, both)
        except UsageProblem as exc:
            for text in (self._one, self._two, self._login_test, self._whole):
                text.show_text("", "")
            self._save.setEnabled(False)
            _show_note(self._hint, f"⚠ {in_one_paragraph(exc)}")

    def _render_call(self) -> None:
        docker = self.shell() is Shell.DOCKER
        self._call.setVisible(bool(self._program))
        self._call.setEnabled(not docker)
        calls = self._call.isChecked() and bool(self._program)
        note = imapsync.CALL_NOTE if calls else ""
        _show_note(self._call_note, _NO_CALL_IN_DOCKER if docker else note)

    def _render_texts(self, one: Side, two: Side, both: bool) -> None:
        shell, program = self.shell(), self._program_to_call()
        first, second = imapsync.both_options(one, two, shell, program=program)
        login_test = imapsync.login_test(one, two, shell, program=program) if both else ""
        if both:
            whole, title = imapsync.command(one, two, shell, program=program), "2. Copy the mail"
        else:
            # In Docker the options need a mount of the token folder too.
            whole = imapsync.starter(shell, one) if shell is Shell.DOCKER else ""
            title = "To start imapsync in Docker, type this line and then the options"
        self._one.show_text(f"{one.address} as the source (side 1)", first)
        self._two.show_text(f"{two.address} as the destination (side 2)", second)
        self._login_test.show_text(
            "1. Test the logins: imapsync only logs in and copies nothing", login_test
        )
        self._whole.show_text(title, whole)
        _show_note(self._hint, "" if both else _ONE_ONLY)

    def _program_to_call(self) -> tuple[str, ...]:
        wanted = self._call.isChecked() and self.shell() is not Shell.DOCKER
        return self._program if wanted else ()

    def _ask_where(self) -> None:
        if self._source is None or self._destination is None:
            return
        suffix = imapsync.script_suffix(self.shell())
        names = f"{self._source.address}_to_{self._destination.address}"
        name = "imapsync_" + re.sub(r"[^A-Za-z0-9@._-]", "_", names) + suffix
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(
            self, "Save as script", str(Path(folder) / name), f"Scripts (*{suffix})"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = imapsync.script(
            self._source, self._destination, shell=self.shell(), program=self._program_to_call()
        )
        dialog.fileSelected.connect(lambda file: self._write(Path(file), text))
        dialog.open()

    def _write(self, file: Path, text: str) -> None:
        try:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
            if sys.platform != "win32":
                file.chmod(file.stat().st_mode | stat.S_IXUSR)
        except OSError as exc:
            _show_note(
                self._saved, f"⚠ {file} can't be written: {exc.strerror}. Choose another folder."
            )
        else:
            _show_note(self._saved, f"Saved: {file}")


def _note(text: str = "") -> PlainLabel:
    note = PlainLabel()
    note.setText(text)
    note.setWordWrap(True)
    note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return note


def _show_note(note: PlainLabel, text: str) -> None:
    note.setText(text)
    note.setVisible(bool(text))
