"""For imapsync: the options of the selected mailboxes, the whole command, a script.

The words are those of core.imapsync; the window says which mailboxes, and where the program is.
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
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from core.errors import UsageProblem
from core.imapsync import options as imapsync
from core.imapsync.options import Side
from core.imapsync.shell_quoting import Shell, own_shells
from gui.widgets.copyable_command import CopyableCommand

_EMPTY = (
    "Select a mailbox above to see what to give to imapsync; select two, first the source and then "
    "the destination, for the whole command."
)
_SHELLS = {
    Shell.SH: "Terminal (sh, bash, zsh)",
    Shell.CMD: "Command Prompt (cmd)",
    Shell.WSL: "WSL (Linux on Windows)",
    Shell.DOCKER: "Docker, started from the Command Prompt",
}
_ONE_ONLY = "Select a second mailbox too, and the whole command for imapsync appears here."
_NO_CALL_IN_DOCKER = (
    "Inside Docker imapsync can't call oauth2_imap: leave this window open and refreshing."
)
_VERSIONS = f"{imapsync.REREAD_NOTE} {imapsync.PASSWORD_NOTE}"


class ImapsyncPanel(QWidget):
    """Says nothing of its own but `swapped`; the answer is another `show_sides`."""

    swapped = Signal()

    def __init__(
        self,
        program: Sequence[str] = (),
        *,
        platform: str = sys.platform,
        parent: QWidget | None = None,
    ) -> None:
        """`program` starts the terminal program, by an absolute path; empty where there is none."""
        super().__init__(parent)
        self._program = tuple(program)
        self._source: Side | None = None
        self._destination: Side | None = None
        self._shell = QComboBox()
        for shell in own_shells(platform):
            self._shell.addItem(_SHELLS[shell], shell)
        self._shell.setEnabled(self._shell.count() > 1)
        self._shell.setAccessibleName("Form")
        self._shell.setAccessibleDescription("Where you will paste the lines")
        self._swap = QPushButton("&Swap")
        self._swap.setAccessibleName("Swap source and destination")
        self._swap.setAutoDefault(False)
        self._call = QCheckBox("Let imapsync call oauth2_imap &before each login")
        self._call.setAccessibleDescription(imapsync.CALL_NOTE)
        self._call_note = _note()
        self._one = CopyableCommand("Copy for source (&1)", "Options for the source")
        self._two = CopyableCommand("Copy for destination (&2)", "Options for the destination")
        self._rehearsal = CopyableCommand("Copy the rehearsal (&3)", "Rehearsal command")
        self._whole = CopyableCommand("Copy the command (&4)", "Whole command")
        self._hint = _note()
        self._save = QPushButton("Sa&ve as script…")
        self._save.setAutoDefault(False)
        self._save.setAccessibleDescription("A script that rehearses and then runs the command")
        self._saved = _note()
        self._versions = _note(_VERSIONS)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._render()

    def _lay_out(self) -> None:
        form = QLabel("&Form")
        form.setBuddy(self._shell)
        top = QHBoxLayout()
        top.addWidget(form)
        top.addWidget(self._shell)
        top.addStretch()
        top.addWidget(self._swap)
        save = QHBoxLayout()
        save.addWidget(self._save)
        save.addWidget(self._saved, 1)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        for widget in (self._call, self._call_note, self._one, self._two):
            column.addWidget(widget)
        for widget in (self._rehearsal, self._whole, self._hint):
            column.addWidget(widget)
        column.addLayout(save)
        column.addWidget(self._versions)
        column.addStretch(1)
        empty = QLabel(_EMPTY)
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(empty)
        self._pages.addWidget(full)
        scroll = QScrollArea()
        scroll.setWidget(self._pages)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_LayoutTopMargin)
        outer.setContentsMargins(0, margin, 0, 0)
        outer.addWidget(scroll)

    def _connect(self) -> None:
        self._swap.clicked.connect(self.swapped)
        self._shell.currentIndexChanged.connect(lambda _: self._render())
        self._call.toggled.connect(lambda _: self._render())
        self._save.clicked.connect(self._ask_where)

    def show_sides(self, source: Side | None, destination: Side | None) -> None:
        """The selected mailboxes; a lone one is shown as either side."""
        if (source, destination) != (self._source, self._destination):
            self._saved.clear()
        self._source, self._destination = source, destination
        self._render()

    def shell(self) -> Shell:
        """The chosen form."""
        return Shell(self._shell.currentData())

    def _render(self) -> None:
        one = self._source or self._destination
        two = self._destination or self._source
        self._pages.setCurrentIndex(0 if one is None else 1)
        both = self._source is not None and self._destination is not None
        self._swap.setEnabled(both)
        self._save.setEnabled(both)
        self._render_call()
        if one is None or two is None:
            return
        try:
            self._render_texts(one, two, both)
        except UsageProblem as exc:
            for text in (self._one, self._two, self._rehearsal, self._whole):
                text.show_text("", "")
            self._save.setEnabled(False)
            _say(self._hint, f"⚠ {exc.message}. {exc.hint}")

    def _render_call(self) -> None:
        docker = self.shell() is Shell.DOCKER
        self._call.setVisible(bool(self._program))
        self._call.setEnabled(not docker)
        called = self._call.isChecked() and bool(self._program)
        note = imapsync.CALL_NOTE if called else ""
        _say(self._call_note, _NO_CALL_IN_DOCKER if docker else note)

    def _render_texts(self, one: Side, two: Side, both: bool) -> None:
        shell, program = self.shell(), self._called()
        first, second = imapsync.both_options(one, two, shell, program=program)
        rehearsal = imapsync.rehearsal(one, two, shell, program=program) if both else ""
        if both:
            whole, title = imapsync.command(one, two, shell, program=program), "Then the real run"
        else:
            # Without the folder's mount the options alone say nothing in Docker.
            whole = imapsync.starter(shell, one) if shell is Shell.DOCKER else ""
            title = "Start imapsync so, and the options after it"
        self._one.show_text(f"{one.address} as the source (side 1)", first)
        self._two.show_text(f"{two.address} as the destination (side 2)", second)
        self._rehearsal.show_text("First a rehearsal: imapsync only logs in", rehearsal)
        self._whole.show_text(title, whole)
        _say(self._hint, "" if both else _ONE_ONLY)

    def _called(self) -> tuple[str, ...]:
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
            self._source, self._destination, shell=self.shell(), program=self._called()
        )
        dialog.fileSelected.connect(lambda file: self._write(Path(file), text))
        dialog.open()

    def _write(self, file: Path, text: str) -> None:
        try:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
            if sys.platform != "win32":
                file.chmod(file.stat().st_mode | stat.S_IXUSR)
        except OSError as exc:
            _say(
                self._saved, f"⚠ {file} couldn't be written: {exc.strerror}. Choose another folder."
            )
        else:
            _say(self._saved, f"Saved: {file}")


def _note(text: str = "") -> QLabel:
    note = QLabel(text)
    note.setWordWrap(True)
    note.setTextFormat(Qt.TextFormat.PlainText)
    note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return note


def _say(note: QLabel, text: str) -> None:
    note.setText(text)
    note.setVisible(bool(text))
