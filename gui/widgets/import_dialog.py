"""The result of an import, where a part of it needs the user."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.i18n.translation import _
from gui.model.plain_text import plain
from gui.widgets.close_button import buttons_with_close
from gui.widgets.plain_label import PlainLabel

_CHARACTERS, _LINES = 110, 28  # that are visible
_ACT = QDialogButtonBox.ButtonRole.ActionRole


class ImportDialog(QDialog):
    """What became of each mailbox, to read and to copy, with buttons for what is left to do."""

    sign_in = Signal()
    replace = Signal()
    given = Signal(str)  # what a file lacked

    def __init__(
        self,
        headline: str,
        details: str,
        lacking: str = "",
        *,
        can_sign_in: bool,
        can_replace: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`lacking` is the label of the field for what a file lacks; empty for no field.

        `can_sign_in` and `can_replace` say whether there are mailboxes for these buttons.
        """
        super().__init__(parent)
        self.setWindowTitle(_("Import"))
        title, text = PlainLabel(), QPlainTextEdit(readOnly=True)
        title.setText(headline)
        title.setWordWrap(True)
        text.setPlainText("\n".join(map(plain, details.split("\n"))))
        text.setAccessibleName(_("Result of the import"))
        text.setTabChangesFocus(True)
        self._buttons = buttons_with_close()
        self._buttons.rejected.connect(self.reject)
        if can_sign_in:
            self._add(_("&Sign in")).clicked.connect(self.sign_in)
        if can_replace:
            self._add(_("&Replace the tokens there")).clicked.connect(self.replace)
        self._field, self._mistake = QLineEdit(), PlainLabel(break_words=True)
        self._mistake.setWordWrap(True)
        self._mistake.hide()
        column = QVBoxLayout(self)
        column.addWidget(title)
        column.addWidget(text)
        if lacking:
            column.addLayout(self._make_field(lacking))
            self._field.setFocus()  # it is in the dialog now
        for widget in (self._mistake, self._buttons):
            column.addWidget(widget)
        metrics = text.fontMetrics()
        self.resize(metrics.averageCharWidth() * _CHARACTERS, metrics.lineSpacing() * _LINES)

    def _make_field(self, label: str) -> QHBoxLayout:
        named, enter = PlainLabel(), QPushButton(_("I&mport"), default=True)
        named.setText(label)
        named.setBuddy(self._field)
        enter.setEnabled(False)
        self._field.textChanged.connect(lambda text: enter.setEnabled(bool(text.strip())))
        enter.clicked.connect(lambda: self.given.emit(self._field.text().strip()))
        row = QHBoxLayout()
        for widget in (named, self._field, enter):
            row.addWidget(widget)
        return row

    def show_mistake(self, text: str) -> None:
        """Say what is wrong with what was given."""
        self._mistake.setText(text)
        self._mistake.show()

    def _add(self, label: str) -> QPushButton:
        """A button that also closes the dialog."""
        button = self._buttons.addButton(label, _ACT)
        button.clicked.connect(self.accept)
        return button
