"""Shows the newest error: what happened, its details, why, and the next step.

Screen readers speak it at once; it never takes the focus.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, QSysInfo, Qt, Signal, qVersion
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core import __version__
from core.error_lines import detail_line, headline, sentence
from core.errors import AppError
from core.plain_text import visible
from core.redaction import redact
from core.verdicts.verdict import Kind
from gui.model.icons import IconState, state_icon
from gui.model.messages import request_to_administrator, steps
from gui.widgets.plain_label import PlainLabel

_ICON_SIZE = QSize(32, 32)
_LONGEST = 1_000  # characters of a part; the log has all of it


def announce(widget: QWidget) -> None:
    """Make screen readers speak the accessible name of a widget now."""
    event = QAccessibleEvent(widget, QAccessible.Event.Alert)
    QAccessible.updateAccessibility(event)


class ErrorPanel(QFrame):
    """Hidden while there is no error."""

    dismissed = Signal(object)  # by the user; the token file of the mailbox, or None
    sign_in_again = Signal(Path)

    def __init__(
        self, parent: QWidget | None = None, *, announce: Callable[[QWidget], None] = announce
    ) -> None:
        """`announce` is called with this panel for every error."""
        super().__init__(parent)
        self._announce = announce
        self._error: AppError | None = None
        self._path: Path | None = None
        self._parts: list[str] = []
        self._icon = PlainLabel()
        self._labels = tuple(PlainLabel(break_words=True) for _ in range(5))
        self._message, self._others = self._labels[0], self._labels[4]
        self._sign_in = QPushButton("Sign in again", autoDefault=False)
        self._copy = QPushButton("Cop&y details")
        self._copy.setAccessibleDescription("Copies the error without secrets, to ask for help")
        self._dismiss = QPushButton("&Close")
        self._dismiss.setAccessibleName("Close the error message")
        self._lay_out()
        self._sign_in.clicked.connect(lambda _: self.sign_in_again.emit(self._path))
        self._copy.clicked.connect(self._copy_details)
        self._dismiss.clicked.connect(self._dismiss_error)
        self.hide()

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.StyledPanel)
        font = self._message.font()
        font.setBold(True)
        self._message.setFont(font)
        # Qt's own one is searched in the icon themes, which takes 15 ms on X11.
        self._icon.setPixmap(state_icon(IconState.TROUBLE).pixmap(_ICON_SIZE))
        texts = QVBoxLayout()
        for label in self._labels:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # a long word must not widen the window
            texts.addWidget(label)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._sign_in)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._dismiss)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def path(self) -> Path | None:
        """The token file of the mailbox whose error is shown, or None."""
        return self._path

    def show_error(
        self,
        error: AppError,
        mailbox: str = "",
        next_try: str = "",
        *,
        path: Path | None = None,
        others: int = 0,
    ) -> None:
        """Show an error of a mailbox, in place of the error before.

        `next_try` is the time at which the program itself tries again, if it does. With the `path`
        of its token file, a mailbox whose grant is dead can be signed in to here. `others` is how
        many other mailboxes need the user.
        """
        self._error, self._path = error, path
        self._sign_in.setVisible(path is not None and error.kind is Kind.DEAD_GRANT)
        self._sign_in.setAccessibleDescription(f"Signs in to {mailbox}")
        parts = (*_parts(error, mailbox, next_try), _others(others))
        for label, text in zip(self._labels, parts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self._parts = [part for part in parts if part]
        lines = "\n".join(self._parts).splitlines()
        self.setAccessibleName("Error: " + " ".join(sentence(line) for line in lines))
        self.show()
        self._announce(self)

    def show_others(self, others: int) -> None:
        """Change how many other mailboxes need the user, beside an error of a mailbox."""
        text = _others(others) if self._path else ""
        self._others.setText(text)
        self._others.setVisible(bool(text))

    def clear(self) -> None:
        """Hide the error."""
        self._error, self._path = None, None
        self.setAccessibleName("")
        self.hide()

    def clear_for(self, path: Path) -> None:
        """Hide the error if it belongs to the mailbox of this token file."""
        if path == self._path:
            self.clear()

    def details(self) -> str:
        """Return the error with the versions of program and system; empty without an error."""
        if self._error is None:
            return ""
        system = f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}"
        python = ".".join(map(str, sys.version_info[:3]))
        lines = [
            *self._parts,
            f"Verdict: {self._error.verdict.id}, exit code {self._error.exit_code}",
            f"oauth2_imap {__version__}, {system}, Python {python}, Qt {qVersion()}",
        ]
        return "\n\n".join(filter(None, ("\n".join(lines), request_to_administrator(self._error))))

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self.details())

    def _dismiss_error(self) -> None:
        path = self._path
        self.clear()
        self.dismissed.emit(path)


def _others(count: int) -> str:
    if count < 1:
        return ""
    return (
        f"{count} other mailboxes need you as well."
        if count > 1
        else ("1 other mailbox needs you as well.")
    )


def _parts(error: AppError, mailbox: str, next_try: str) -> tuple[str, str, str, str]:
    """Return what happened, the details, why, and what to do, without secrets."""
    return (
        _clean(headline(error, mailbox)),
        _clean(detail_line(error)),
        _clean(error.explanation),
        "\n".join(map(_clean, steps(error, next_try))),
    )


def _clean(text: str) -> str:
    """Return the text without secrets, and with escapes for what can't be seen."""
    text = redact(visible(text))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
