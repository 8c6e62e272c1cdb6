"""Removes a mailbox: asks how, then deletes its token file and may revoke its tokens."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.i18n.translation import N_, _, joined, ngettext
from gui.controllers.parts import Parts
from gui.model.bar_message import Message, note_message
from gui.model.mailbox_row import Row
from gui.widgets.plain_label import message_box


class RemoveChoice(Enum):
    """What the user wants."""

    REVOKE_AND_DELETE = auto()
    DELETE = auto()
    CANCEL = auto()


_DELETE = N_("{file} will be deleted. To use this mailbox later, you must sign in again.")
_IN_USE = N_("imapsync is using {mailbox}. Stop it first, then remove the mailbox.")
_BOTH_IN_USE = N_("imapsync is using two of them. Stop it first, then remove the mailboxes.")
_REVOKE = N_(
    '"Revoke and delete" also makes the tokens invalid at the provider, if the provider supports '
    "this. Gmail does, Microsoft doesn't."
)

AskToRemove = Callable[[QWidget, Sequence[Row]], RemoveChoice]


def ask_to_remove(window: QWidget, rows: Sequence[Row]) -> RemoveChoice:
    """Ask once how to remove mailboxes; revoking isn't offered for files that can't be read."""
    from PySide6.QtWidgets import QMessageBox  # seldom needed

    title, question = _question_of_many(len(rows)) if len(rows) > 1 else _question_of(rows[0])
    readable = any(row.info.problem is None for row in rows)
    box = message_box(
        QMessageBox.Icon.Question,
        title,
        joined((question, _(_REVOKE))) if readable else question,
        window,
    )
    roles = QMessageBox.ButtonRole
    revoke = box.addButton(_("&Revoke and delete"), roles.AcceptRole) if readable else None
    delete = box.addButton(_("&Delete only"), roles.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    answers = {revoke: RemoveChoice.REVOKE_AND_DELETE, delete: RemoveChoice.DELETE}
    return answers.get(box.clickedButton(), RemoveChoice.CANCEL)  # type: ignore[call-overload, no-any-return]


def ask_to_remove_pretend(window: QWidget, rows: Sequence[Row]) -> RemoveChoice:
    """Ask once whether to remove pretend mailboxes, of which nothing can be lost."""
    from PySide6.QtWidgets import QMessageBox  # seldom needed

    count = len(rows)
    box = message_box(
        QMessageBox.Icon.Question,
        _title_of_many(count) if count > 1 else _title_of(rows[0]),
        ngettext(
            "This mailbox is only pretend. Nothing real is lost.",
            "These {count} mailboxes are only pretend. Nothing real is lost.",
            count,
        ),
        window,
    )
    remove = box.addButton(_("&Remove"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    is_sure = box.clickedButton() is remove
    return RemoveChoice.DELETE if is_sure else RemoveChoice.CANCEL


def _title_of(row: Row) -> str:
    return _("Remove {mailbox}?", mailbox=row.info.address or row.path.name)


def _title_of_many(count: int) -> str:
    return ngettext("Remove {count} mailbox?", "Remove {count} mailboxes?", count)


def _question_of(row: Row) -> tuple[str, str]:
    return _title_of(row), _(_DELETE, file=row.path)


def _question_of_many(count: int) -> tuple[str, str]:
    return (
        _title_of_many(count),
        ngettext(
            "The token file of {count} mailbox will be deleted. To use this mailbox later, you "
            "must sign in again.",
            "The token files of {count} mailboxes will be deleted. To use these mailboxes later, "
            "you must sign in again.",
            count,
        ),
    )


class RemoveMailboxController(QObject):
    """Acts on the table's Remove button."""

    def __init__(
        self, parts: Parts, *, ask: AskToRemove = ask_to_remove, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._ask = ask
        self._removing: dict[Path, str] = {}  # the names of those that the user removes
        self._removed = 0  # of these, how many are gone
        parts.mailbox_table.remove.connect(self.remove)
        parts.mailboxes.removed.connect(self._tell_removed)

    def remove(self, paths: Sequence[Path]) -> None:
        """Ask once, then remove the mailboxes of these token files."""
        rows = [row for path in paths if (row := self._parts.model.row(path))]
        if not rows:
            return
        if used := [row for row in rows if row.path in self._parts.imapsync_run.files]:
            one = _(_IN_USE, mailbox=self._parts.model.name(used[0].path))
            text = one if len(used) == 1 else _(_BOTH_IN_USE)
            self._parts.message_bar.show_mistake(note_message(text))
            return
        are_pretend = all(self._parts.rehearsal.has(row.path) for row in rows)
        ask = ask_to_remove_pretend if are_pretend else self._ask
        choice = ask(self._parts.window, rows)
        if choice is RemoveChoice.CANCEL:
            return
        self._removing = {row.path: row.title for row in rows}
        self._removed = 0
        mailboxes, revoke = self._parts.mailboxes, choice is RemoveChoice.REVOKE_AND_DELETE
        mailboxes.remove([row.path for row in rows if row.info.problem is not None])
        mailboxes.forget([row.path for row in rows if row.info.problem is None], revoke=revoke)

    def _tell_removed(self, path: Path) -> None:
        """Answer the user; a file that another program has deleted is no answer."""
        if path not in self._removing:
            return
        self._removed += 1
        text = ngettext(
            "{mailbox} was removed",
            "{count} mailboxes were removed",
            self._removed,
            mailbox=self._removing[path],
        )
        self._parts.message_bar.show_first(Message(None, text))
