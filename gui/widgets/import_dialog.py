"""The result of an import, where a part of it needs the user."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
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

    def __init__(
        self,
        headline: str,
        details: str,
        *,
        can_sign_in: bool,
        can_replace: bool,
        parent: QWidget | None = None,
    ) -> None:
        """The last two say whether there are mailboxes for these buttons."""
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
        column = QVBoxLayout(self)
        for widget in (title, text, self._buttons):
            column.addWidget(widget)
        metrics = text.fontMetrics()
        self.resize(metrics.averageCharWidth() * _CHARACTERS, metrics.lineSpacing() * _LINES)

    def _add(self, label: str) -> QPushButton:
        """A button that also closes the dialog."""
        button = self._buttons.addButton(label, _ACT)
        button.clicked.connect(self.accept)
        return button
