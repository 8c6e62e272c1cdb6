"""Decides what the message bar says; every error also stands in its mailbox's row.

What the user asked for and what failed comes first, then the mailboxes that need the user, summed
up. Trouble that passes by itself stays in its row.
"""

from pathlib import Path

from PySide6.QtCore import QObject

from core.errors import AppError
from gui.controllers.parts import Parts
from gui.model.bar_message import Message, calm_message, error_message, known_errors, many_errors
from gui.model.icons import IconState
from gui.model.rehearsal import standing


class MessageController(QObject):
    """Keeps the message bar up to date; what the user has closed stays closed until it changes."""

    def __init__(self, parts: Parts, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._bar = parts.message_bar
        self._failed: dict[Path, None] = {}  # a set in the order of the first failures
        self._closed: dict[Path, str] = {}  # the verdict that the user has closed
        self._connect()
        self._update()

    def _connect(self) -> None:
        mailboxes, bar = self._parts.mailboxes, self._bar
        mailboxes.failed.connect(self._take)
        mailboxes.recovered.connect(lambda path, _: self._end(path))
        mailboxes.tested.connect(self._end)
        mailboxes.removed.connect(self._end)
        mailboxes.removed.connect(bar.forget_success)
        mailboxes.files.failed.connect(bar.show_error)
        mailboxes.state_changed.connect(lambda *_: self._update())
        bar.dismissed.connect(self._close)
        bar.show_mailboxes.connect(lambda paths: self._parts.mailbox_table.select(paths[0]))

    def _take(self, path: Path, error: AppError, asked: bool) -> None:
        self._failed.setdefault(path)
        if self._closed.get(path) != error.verdict.id:
            self._closed.pop(path, None)
        if asked or path == self._bar.error_path:
            name, next_try = self._parts.model.name(path), self._parts.mailboxes.next_try(path)
            self._bar.show_error(error, name, next_try, path=path)
        elif self._bar.error_path in self._errors():  # one of several now
            self._bar.clear()
        self._update()

    def _end(self, path: Path) -> None:
        """The mailbox is well again, or gone."""
        self._failed.pop(path, None)
        self._closed.pop(path, None)
        self._bar.clear_for(path)
        self._update()

    def _close(self, paths: list[Path]) -> None:
        """Remember what the user has seen."""
        errors = self._errors()
        self._closed.update({p: errors[p].verdict.id for p in paths if p in errors})
        self._update()

    def _update(self) -> None:
        self._bar.show_standing(self._standing())

    def _standing(self) -> Message:
        model, errors = self._parts.model, self._errors()
        if not errors:
            return self._calm()
        if all(self._closed.get(path) == error.verdict.id for path, error in errors.items()):
            return known_errors(len(errors))
        if len(errors) > 1:
            return many_errors([row for path in errors if (row := model.row(path))])
        ((path, error),) = errors.items()
        return error_message(
            error, model.name(path), self._parts.mailboxes.next_try(path), path=path
        )

    def _calm(self) -> Message:
        """Pretend mailboxes end with the program, so imapsync has no need of an open window."""
        model, is_pretend = self._parts.model, self._parts.rehearsal.has
        real = [row for row in model.rows if not is_pretend(row.path)]
        if model.rows and not real:
            return Message(IconState.FRESH, *standing(len(model.rows)))
        return calm_message(real, model.now)

    def _errors(self) -> dict[Path, AppError]:
        """The errors that need the user, or that have lasted until the token expired."""
        model = self._parts.model
        rows = (row for path in self._failed if (row := model.row(path)))
        return {
            row.path: row.error
            for row in rows
            if row.error and (row.needs_user or not row.is_usable(model.now))
        }
