"""Shows the newest error: what happened, its details, and the next step.

Screen readers speak it at once; it never takes the focus.
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
from core.errors import AppError, Misconfigured, Refused, SignInNeeded
from core.log import redact
from core.verdicts.verdict import Actor
from gui.model.messages import hint_for_window

_LONGEST = 1_000  # characters of a part; the log has all of it
_LONG_WORD = re.compile(r"\S{40}(?=\S)")  # would be wider than a narrow window
_ZERO_WIDTH_SPACE = "\u200b"
# As in core.cli.output: the detail of other errors may be the operating system's.
_FROM_SERVER = (SignInNeeded, Misconfigured, Refused)


def announce(widget: QWidget) -> None:
    """Make screen readers speak the accessible name of a widget now."""
    event = QAccessibleEvent(widget, QAccessible.Event.Alert)
    QAccessible.updateAccessibility(event)


class ErrorPanel(QFrame):
    """Hidden while there is no error."""

    dismissed = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, announce: Callable[[QWidget], None] = announce
    ) -> None:
        """`announce` is called with this panel for every error."""
        super().__init__(parent)
        self._announce = announce
        self._error: AppError | None = None
        self._address = ""
        self._icon = QLabel()
        self._message, self._detail, self._hint = QLabel(), QLabel(), QLabel()
        self._copy = QPushButton("Cop&y details")
        self._copy.setAccessibleDescription("Copies the error without secrets, to ask for help")
        self._dismiss = QPushButton("&Close")
        self._dismiss.setAccessibleName("Close the error message")
        self._lay_out()
        self._copy.clicked.connect(self._copy_details)
        self._dismiss.clicked.connect(self._dismiss_error)
        self.hide()

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.StyledPanel)
        font = self._message.font()
        font.setBold(True)
        self._message.setFont(font)
        size = self.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize)
        warning = QStyle.StandardPixmap.SP_MessageBoxWarning
        self._icon.setPixmap(self.style().standardIcon(warning, None, self).pixmap(size, size))
        texts = QVBoxLayout()
        for label in (self._message, self._detail, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)  # some of it comes from servers
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # a long word must not widen the window
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
        """Show an error of the mailbox `address`, in place of the error before."""
        self._error, self._address = error, address
        parts = _parts(error, address)
        for label, text in zip((self._message, self._detail, self._hint), parts, strict=True):
            label.setText(_LONG_WORD.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", text))
            label.setVisible(bool(text))
        self.setAccessibleName("Error: " + ". ".join(part for part in parts if part))
        self.show()
        self._announce(self)

    def clear(self) -> None:
        """Hide the error."""
        self._error, self._address = None, ""
        self.setAccessibleName("")
        self.hide()

    def clear_for(self, address: str) -> None:
        """Hide the error if it belongs to this mailbox."""
        if address == self._address:
            self.clear()

    def details(self) -> str:
        """Return the error with the versions of program and system; empty without an error."""
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
    """Return what happened, the details and the next step, without secrets."""
    names_address = not address or address in error.message
    message = error.message if names_address else f"{address}: {error.message}"
    return _clean(message), _clean(_detail(error)), _clean(_next_step(error))


def _detail(error: AppError) -> str:
    if not error.detail:
        return ""
    if isinstance(error, _FROM_SERVER):
        return f"Server response: {error.detail}"
    return f"Details: {error.detail}"


def _next_step(error: AppError) -> str:
    if not error.hint:
        return ""
    hint = hint_for_window(error.hint)
    if error.actor is Actor.YOU:
        return f"Next step: {hint}"
    return f"Next step ({error.actor}): {hint}"


def _clean(text: str) -> str:
    """Remove secrets, and characters that reverse or hide the text around them."""
    text = "".join(c if c.isprintable() else " " for c in text)
    text = redact(" ".join(text.split()))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
