"""A field for a command of the user, and below it what is wrong with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.widgets.plain_label import PlainLabel

_HEIGHT = 28  # pixels


class CommandField(QWidget):
    """Emits `chosen` when the user has entered another command, or none."""

    chosen = Signal(str)

    def __init__(self, name: str, hint: str) -> None:
        """`hint` is shown while the field is empty."""
        super().__init__()
        self._shown = ""
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(hint)
        self.edit.setMinimumHeight(_HEIGHT)
        self._problem = PlainLabel()
        self._problem.setWordWrap(True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.edit)
        column.addWidget(self._problem)
        self.edit.textEdited.connect(lambda _: self.tell(""))
        self.edit.editingFinished.connect(self._take)

    def show_command(self, text: str) -> None:
        """Show the command that counts now."""
        self._shown = text
        self.edit.setText(text)
        self.tell("")

    def tell(self, problem: str) -> None:
        """Say why the command in the field can't be used."""
        self._problem.setText(f"⚠ {problem}")
        self._problem.setVisible(bool(problem))
        self.edit.setAccessibleDescription(problem)

    @property
    def is_refused(self) -> bool:
        """Whether what is in the field can't be used."""
        return not self._problem.isHidden()

    def _take(self) -> None:
        text = self.edit.text().strip()
        if text != self._shown:
            self._shown = text
            self.chosen.emit(text)
