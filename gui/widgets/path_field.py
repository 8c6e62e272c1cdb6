"""A field for a folder or a file, with a button to look for it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.i18n.translation import N_, _
from gui.model.plain_text import plain
from gui.model.settings import whole_path
from gui.widgets.plain_label import PlainLabel

_HEIGHT = 28  # pixels
_NOT_WHOLE = N_("⚠ Enter the whole path, from the drive or from / on.")


class PathField(QWidget):
    """Emits `chosen` when the user has entered another path, or none.

    Where that can't be used, the owner then calls `refuse`.
    """

    chosen = Signal(str)

    def __init__(self, name: str, browse: str, *, empty: str, of_folder: bool) -> None:
        """`browse` is the button's text, `empty` says what counts without a path."""
        super().__init__()
        self._name, self._of_folder = name, of_folder
        self._shown: str | None = ""  # None: what is in the field doesn't count
        self._if_empty = ""
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(empty)
        self._browse = QPushButton(browse, autoDefault=False)
        self._browse.setAccessibleName(_("Look for: {name}", name=name))
        self._problem = PlainLabel(break_words=True)
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._without = PlainLabel(break_words=True)
        self._without.setWordWrap(True)
        self._without.hide()
        self.edit.setMinimumHeight(_HEIGHT)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(self._browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addWidget(self._without)
        self.edit.textEdited.connect(lambda _: self._tell(""))
        self.edit.editingFinished.connect(self._take)
        self._browse.clicked.connect(self._open_dialog)

    def say_empty(self, text: str) -> None:
        """Say below the field what counts without a path: it may be long."""
        self._if_empty = plain(text)
        self._without.setText(text)
        self._without.show()
        self._tell("")

    def refuse(self, problem: str) -> None:
        """Say why the path in the field can't be used."""
        self._shown = None
        self._tell(problem)

    @property
    def is_refused(self) -> bool:
        """Whether what is in the field can't be used."""
        return not self._problem.isHidden()

    def _tell(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.edit.setAccessibleDescription(plain(problem) or self._if_empty)

    def show_path(self, path: str) -> None:
        """Show the path that counts now."""
        self._shown = path
        self.edit.setText(path)
        self._tell("")

    def _take(self) -> None:
        text = self.edit.text().strip()
        path = whole_path(text)
        if text and not path:
            self._tell(_(_NOT_WHOLE))
        elif path != self._shown:
            self.show_path(path)
            self.chosen.emit(path)
        else:
            self._tell("")

    def _open_dialog(self) -> None:
        dialog = QFileDialog(self, self._name, self.edit.text())
        modes = QFileDialog.FileMode
        dialog.setFileMode(modes.Directory if self._of_folder else modes.ExistingFile)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, self._of_folder)
        dialog.fileSelected.connect(self._take_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_selected(self, path: str) -> None:
        self.edit.setText(path)
        self._take()
