"""Shows the log: time, level and message, without secrets, with the newest lines visible.

It has the same records as the log file, from `install` on.
"""

import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import AppError, as_error
from core.i18n.translation import _
from core.verdicts import local_commands
from gui.widgets.copied import say_copied
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fold_button import FoldButton
from gui.widgets.log_handler import LIMIT, LogHandler, LogLine
from gui.widgets.log_text import LogText
from gui.widgets.outlined import CheckBox

log = logging.getLogger(__name__)

_FILE_NAME = "oauth2_imap_log.txt"
_LEAST, _USUAL = 3, 5  # lines that are visible, when open
_UNLIMITED = 16_777_215  # QWIDGETSIZE_MAX


def ask_where(parent: QWidget) -> str:
    """Ask for a file to save the log in; return its path, empty where none was chosen."""
    from PySide6.QtWidgets import QFileDialog  # seldom needed

    path, _filter = QFileDialog.getSaveFileName(
        parent, _("Save the log"), _FILE_NAME, _("Text (*.txt)")
    )
    return path


class LogPane(QWidget):
    """Shows the log; its header opens and closes it."""

    opened = Signal(bool)  # by the user; False: closed
    problem = Signal(AppError)

    def __init__(
        self, parent: QWidget | None = None, *, ask_path: Callable[[QWidget], str] = ask_where
    ) -> None:
        super().__init__(parent)
        self._ask_path = ask_path
        self._handler = LogHandler()
        self._level_before: int | None = None
        self._lines: deque[LogLine] = deque(maxlen=LIMIT)
        self._header = FoldButton(_("&Log"), _("Shows or hides the log"))
        self._newest = ElidedLabel()  # a long line must not widen the window
        self._text = LogText()
        self._details = CheckBox(_("Details"))
        self._copy = QPushButton(_("Copy"))
        self._save = QPushButton(_("Save…"))
        self._lay_out()
        self._connect()
        self._show_open(False)

    def _lay_out(self) -> None:
        self._newest.setObjectName("newest_log_line")
        self._text.setMaximumBlockCount(LIMIT)
        self._text.setAccessibleName(_("Log"))
        self._text.setMinimumHeight(self._text.height_of(_LEAST))
        self._details.setToolTip(
            _("While this box is ticked, the log contains more details, here and in the log file.")
        )
        self._copy.setAccessibleDescription(
            _("Copies the selected text, or the whole log if nothing is selected")
        )
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._header)
        head.addWidget(self._newest, 1)
        self._buttons = (self._details, self._copy, self._save)
        for button in self._buttons:
            head.addWidget(button)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._text, 1)

    def _connect(self) -> None:
        self._handler.bridge.arrived.connect(self._take)
        self._header.clicked.connect(self._open_or_close)
        self._details.toggled.connect(self._show_details)
        self._copy.clicked.connect(self._copy_text)
        self._save.clicked.connect(self._save_text)

    def install(self) -> None:
        """Show what the program logs from now on."""
        self._level_before = logging.getLogger().level
        logging.getLogger().addHandler(self._handler)
        self._set_level()

    def remove(self) -> None:
        """Show no more; call it before the window is deleted, since other threads may still log."""
        logging.getLogger().removeHandler(self._handler)
        if self._level_before is not None:
            logging.getLogger().setLevel(self._level_before)
            self._level_before = None

    @property
    def usual_height(self) -> int:
        """The height that shows the newest lines, in pixels."""
        head = max(widget.sizeHint().height() for widget in (self._header, *self._buttons))
        return head + self._column.spacing() + self._text.height_of(_USUAL)

    @property
    def is_folded(self) -> bool:
        """Whether only its header is shown."""
        return not self._header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Open or close the log without emitting `opened`."""
        self._header.setChecked(is_open)
        self._show_open(is_open)

    def text(self) -> str:
        """Return everything that is shown."""
        return self._text.toPlainText()

    def _open_or_close(self, is_open: bool) -> None:
        self._show_open(is_open)
        self.opened.emit(is_open)

    def _show_open(self, is_open: bool) -> None:
        for widget in (self._text, *self._buttons):
            widget.setVisible(is_open)
        self._newest.setText("" if is_open or not self._lines else self._lines[-1].message)
        self.setMaximumHeight(_UNLIMITED if is_open else self._header.sizeHint().height())

    def _take(self) -> None:
        lines = self._handler.take()
        self._lines.extend(lines)
        if lines and not self._header.isChecked():
            self._newest.setText(lines[-1].message)
        self._append(lines)

    def _append(self, lines: list[LogLine]) -> None:
        texts = [line.text(with_detail=self._detailed) for line in lines if self._is_shown(line)]
        if texts:
            self._text.append_lines("\n".join(texts))

    @property
    def _detailed(self) -> bool:
        return self._details.isChecked()

    def _is_shown(self, line: LogLine) -> bool:
        return self._detailed or line.level > logging.DEBUG

    def _show_details(self) -> None:
        self._set_level()
        self._text.clear()
        self._append(list(self._lines))
        if self._detailed:
            log.debug("From now on, the log has more details, also in the log file")

    def _set_level(self) -> None:
        if self._level_before is not None:
            level = min(self._level_before, logging.DEBUG) if self._detailed else self._level_before
            logging.getLogger().setLevel(level)

    def _copy_text(self) -> None:
        selected = self._text.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(selected or self.text())
        say_copied(self._copy)

    def _save_text(self) -> None:
        path = self._ask_path(self)
        if not path:
            return
        try:
            Path(path).write_text(self.text() + "\n", encoding="utf-8")
        except OSError as exc:
            self.problem.emit(
                as_error(local_commands.LOG_NOT_SAVED, detail=exc.strerror or "", path=path)
            )
