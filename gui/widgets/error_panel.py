"""What went wrong, in the window: what happened, what the other side said, what to do and by whom.

It announces itself to screen readers and never takes the focus. One error at a time: the newest.
"""

import re
import sys
from collections.abc import Callable

from PySide6.QtCore import QSysInfo, Qt, Signal, qVersion
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from core import __version__
from core.errors import AppError
from core.log import redact
from gui.model.messages import for_window

_LONGEST = 1_000  # characters of what the other side said; the log has all of it
_LONG_WORD = re.compile(r"\S{40}(?=\S)")  # wider than a narrow window
_ZERO_WIDTH_SPACE = "\u200b"


def announce(widget: QWidget) -> None:
    """Have screen readers speak a widget's accessible name now."""
    event = QAccessibleEvent(widget, QAccessible.Event.Alert)
    QAccessible.updateAccessibility(event)


class ErrorPanel(QFrame):
    """Hidden while there is nothing to say."""

    dismissed = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, announce: Callable[[QWidget], None] = announce
    ) -> None:
        """Empty and hidden; `announce` is told of this panel at every error."""
        super().__init__(parent)
        self._announce = announce
        self._error: AppError | None = None
        self._address = ""
        self._icon = QLabel()
        self._title, self._said, self._todo = QLabel(), QLabel(), QLabel()
        self._copy = QPushButton("Cop&y details")
        self._copy.setAccessibleDescription("Copies the error, without secrets, for a report")
        self._dismiss = QPushButton("&Close")
        self._dismiss.setAccessibleName("Close the error")
        self._lay_out()
        self._copy.clicked.connect(self._copy_details)
        self._dismiss.clicked.connect(self._dismiss_error)
        self.hide()

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.StyledPanel)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        size = self.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize)
        warning = QStyle.StandardPixmap.SP_MessageBoxWarning
        self._icon.setPixmap(self.style().standardIcon(warning, None, self).pixmap(size, size))
        texts = QVBoxLayout()
        for label in (self._title, self._said, self._todo):
            label.setTextFormat(Qt.TextFormat.PlainText)  # servers wrote some of it
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # a long word is cut, and doesn't widen the window
            texts.addWidget(label)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._copy)
        buttons.addWidget(self._dismiss)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_error(self, error: AppError, address: str = "") -> None:
        """Show an error, with the mailbox it belongs to, in place of the one before."""
        self._error, self._address = error, address
        parts = _parts(error, address)
        for label, text in zip((self._title, self._said, self._todo), parts, strict=True):
            label.setText(_LONG_WORD.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", text))
            label.setVisible(bool(text))
        self.setAccessibleName("Error: " + ". ".join(part for part in parts if part))
        self.show()
        self._announce(self)

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self._error, self._address = None, ""
        self.setAccessibleName("")
        self.hide()

    def clear_for(self, address: str) -> None:
        """This mailbox is well again; what is said of another stays."""
        if address == self._address:
            self.clear()

    def details(self) -> str:
        """What a report needs; empty while there is no error."""
        if self._error is None:
            return ""
        system = f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}"
        python = ".".join(map(str, sys.version_info[:3]))
        lines = [
            *(part for part in _parts(self._error, self._address) if part),
            f"{type(self._error).__name__}, exit code {self._error.exit_code}",
            f"oauth2_imap {__version__}, {system}, Python {python}, Qt {qVersion()}",
        ]
        return "\n".join(lines)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self.details())

    def _dismiss_error(self) -> None:
        self.clear()
        self.dismissed.emit()


def _parts(error: AppError, address: str) -> tuple[str, str, str]:
    """What happened, what was said, what to do: for people, without secrets."""
    said_whose = not address or address in error.message
    title = error.message if said_whose else f"{address}: {error.message}"
    said = f"The other side said: {error.detail}" if error.detail else ""
    todo = f"What {error.actor} can do: {for_window(error.hint)}" if error.hint else ""
    return _clean(title), _clean(said), _clean(todo)


def _clean(text: str) -> str:
    """Without secrets, and without characters that turn or hide what stands beside them."""
    text = "".join(c if c.isprintable() else " " for c in text)
    text = redact(" ".join(text.split()))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
