"""One step of a migration: what it does, and buttons to run it here or to copy its command."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.i18n.translation import _
from gui.model.plain_text import tool_tip
from gui.widgets.command_text import CopyButton
from gui.widgets.key_button import name_with_key
from gui.widgets.plain_label import PlainLabel

_GAP = 8  # pixels
Named = tuple[str, str]  # what a button does, and its key


class MigrationStep(QWidget):
    """Emits what the user wants to do with this step.

    The underlined letter of its title presses "Run here".
    """

    run_wanted = Signal()
    copied = Signal()

    def __init__(
        self, title: str, text: str, *, run: Named, copy: Named, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._text = PlainLabel(), PlainLabel()
        self._title.setText(title)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._text.setText(text)
        self._text.setWordWrap(True)
        self.run = QPushButton(_("Run here"), autoDefault=False)
        self._run_name = run
        name_with_key(self.run, *run)
        self._title.setBuddy(self.run)
        self.copy = CopyButton(_("Copy command"), *copy)
        self._buttons = QHBoxLayout()
        self._lay_out()
        self.run.clicked.connect(self.run_wanted)
        self.copy.clicked.connect(self.copied)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._text, 1, Qt.AlignmentFlag.AlignTop)
        for button in (self.run, self.copy):
            self._buttons.addWidget(button)
        self._buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, _GAP, 0, 0)
        column.setSpacing(_GAP // 2)
        column.addLayout(head)
        column.addLayout(self._buttons)

    def allow_run(self, allowed: bool, why_not: str) -> None:
        """Let the step run; while it can't, the tool tip says why not."""
        self.run.setEnabled(allowed)
        name_with_key(self.run, *self._run_name)
        if not allowed:
            self.run.setToolTip(tool_tip(why_not))

    def add_button(self, button: QWidget) -> None:
        """Add a button of this step alone, after the others."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)
