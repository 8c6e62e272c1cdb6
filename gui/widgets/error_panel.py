"""Shows the newest error: what happened, its details, why, and the next step.

Screen readers speak it at once; it never takes the focus.
"""

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSysInfo, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from core import __version__
from core.error_lines import detail_line, headline, sentence
from core.errors import AppError
from core.plain_text import visible
from core.redaction import redact
from core.verdicts.verdict import Kind
from gui.model.messages import request_to_administrator, steps
from gui.widgets.tab_order import put_into_tab_order

if TYPE_CHECKING:  # imported for the first error
    from gui.widgets.error_view import ErrorView

_LONGEST = 1_000  # characters of a part; the log has all of it


def announce(widget: QWidget) -> None:
    """Make screen readers speak the accessible name of a widget now."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent

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
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @cached_property
    def _view(self) -> "ErrorView":
        """The widgets, made for the first error."""
        from gui.widgets.error_view import ErrorView

        view = ErrorView()
        view.sign_in_again.connect(lambda: self.sign_in_again.emit(self._path))
        view.details_wanted.connect(self._copy_details)
        view.dismissed.connect(self._dismiss_error)
        self._column.addWidget(view)
        put_into_tab_order(view, self)
        return view

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
        self._view.offer_sign_in(path is not None and error.kind is Kind.DEAD_GRANT, mailbox)
        parts = (*_parts(error, mailbox, next_try), _others(others))
        self._view.show_parts(parts)
        self._parts = [part for part in parts if part]
        lines = "\n".join(self._parts).splitlines()
        self.setAccessibleName("Error: " + " ".join(sentence(line) for line in lines))
        self.show()
        self._announce(self)

    def show_others(self, others: int) -> None:
        """Change how many other mailboxes need the user, beside an error of a mailbox."""
        if self._error is not None:
            self._view.show_others(_others(others) if self._path else "")

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
