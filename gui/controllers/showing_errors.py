"""Decides which mailbox's error the panel shows; every error also stands in its row.

One error at a time, and it stays where it is: an error of another mailbox only raises a count.
"""

from pathlib import Path

from PySide6.QtCore import QObject

from core.errors import AppError
from core.verdicts.verdict import Kind
from gui.controllers.parts import Parts


class ErrorController(QObject):
    """Shows errors of mailboxes, until they are well again or the user closes them."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._panel = parts.error_panel
        self._closed: dict[Path, str] = {}  # the verdict that the user has closed
        mailboxes = parts.mailboxes
        mailboxes.failed.connect(self._take)
        mailboxes.recovered.connect(lambda path, _: self._end(path))
        mailboxes.tested.connect(self._panel.clear_for)
        mailboxes.removed.connect(self._end)
        mailboxes.files.failed.connect(self._panel.show_error)
        self._panel.dismissed.connect(self._close)

    def _take(self, path: Path, error: AppError, asked: bool) -> None:
        if self._is_news(path, error, asked) and not self._is_covered(path, error, asked):
            self._closed.pop(path, None)
            self._show(path, error)
        else:
            self._panel.show_others(self._others(self._panel.path))

    def _is_news(self, path: Path, error: AppError, asked: bool) -> bool:
        """Not what the user closed, nor what passes while the token is still valid."""
        if asked or path == self._panel.path:
            return True
        row = self._parts.model.row(path)
        passes = error.kind is Kind.PASSING and row and row.is_usable(self._parts.model.now)
        return not passes and self._closed.get(path) != error.verdict.id

    def _is_covered(self, path: Path, error: AppError, asked: bool) -> bool:
        """Whether the panel shows another mailbox that needs the user, or has the same trouble."""
        shown = self._parts.model.row(self._panel.path) if self._panel.path else None
        if shown is None or shown.error is None or shown.path == path:
            return False
        return shown.error.verdict.id == error.verdict.id or (shown.needs_user and not asked)

    def _end(self, path: Path) -> None:
        """The mailbox is well again, or gone: show the next one that needs the user."""
        self._closed.pop(path, None)
        self._panel.clear_for(path)
        self._panel.show_others(self._others(self._panel.path))
        if not self._panel.isHidden():
            return
        for other in self._parts.model.needing:
            row = self._parts.model.row(other)
            if row and row.error and self._closed.get(other) != row.error.verdict.id:
                self._show(other, row.error)
                return

    def _close(self, path: Path | None) -> None:
        """Remember what the user has seen: that error, and the count of others."""
        for other in (*self._parts.model.needing, *filter(None, (path,))):
            row = self._parts.model.row(other)
            if row and row.error:
                self._closed[other] = row.error.verdict.id

    def _show(self, path: Path, error: AppError) -> None:
        self._panel.show_error(
            error,
            self._parts.model.name(path),
            self._parts.mailboxes.next_try(path),
            path=path,
            others=self._others(path),
        )

    def _others(self, path: Path | None) -> int:
        """How many other mailboxes need the user."""
        needing = self._parts.model.needing
        return len(needing) - (path in needing)
