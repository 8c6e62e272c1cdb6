"""A dialog with the lines that imapsync has printed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from core.i18n.translation import _
from gui.model.plain_text import plain
from gui.system.open_external import open_external
from gui.widgets.close_button import buttons_with_close
from gui.widgets.copied import say_copied

_LOOK_EVERY = 500  # ms
_CHARACTERS, _LINES = 100, 30  # that are visible


class RunOutputDialog(QDialog):
    """Follows a run that goes on, unless the user has scrolled up."""

    def __init__(
        self,
        output: Callable[[], Sequence[str]],
        folder: Path,
        parent: QWidget | None = None,
        *,
        open_url: Callable[[QUrl], object] = open_external,
    ) -> None:
        """`output` returns the lines; `folder` is where imapsync writes its log files."""
        super().__init__(parent)
        self.setWindowTitle(_("Output of imapsync"))
        self._output = output
        self._shown: Sequence[str] = ()
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setAccessibleName(_("Output of imapsync"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = buttons_with_close()
        buttons.rejected.connect(self.reject)
        self._copy = buttons.addButton(
            _("&Copy everything"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self._copy.clicked.connect(self._copy_everything)
        logs = buttons.addButton(
            _("Open imapsync's &log folder"), QDialogButtonBox.ButtonRole.ActionRole
        )
        logs.clicked.connect(lambda: open_url(QUrl.fromLocalFile(str(folder))))
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addWidget(buttons)
        metrics = self._text.fontMetrics()
        self.resize(metrics.averageCharWidth() * _CHARACTERS, metrics.lineSpacing() * _LINES)
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    def _copy_everything(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        say_copied(self._copy)

    def _look(self) -> None:
        lines = self._output()
        if lines == self._shown:
            return
        self._shown = lines
        bar = self._text.verticalScrollBar()
        place, is_at_end = bar.value(), bar.value() == bar.maximum()
        self._text.setPlainText("\n".join(plain(line) for line in lines))
        bar.setValue(bar.maximum() if is_at_end else place)
