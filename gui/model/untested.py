"""Finds the mailboxes whose login was not tested before the program started."""

from collections.abc import Sequence
from pathlib import Path

from gui.model.mailbox_model import MailboxModel
from gui.model.tasks import Tasks, Threads


def mark_untested(model: MailboxModel, tasks: Tasks) -> None:
    """Show in the rows what their histories say; a thread reads those."""
    paths = [row.path for row in model.rows]
    if not paths:
        return
    task = tasks.start(lambda *_: _untested(paths), Threads.FILES)
    task.succeeded.connect(lambda found: _mark(model, found))


def _untested(paths: Sequence[Path]) -> list[Path]:
    from core.history.journal import read
    from core.history.logins import is_untested

    return [path for path in paths if is_untested(read(path))]


def _mark(model: MailboxModel, paths: Sequence[Path]) -> None:
    rows = (row for path in paths if (row := model.row(path)))
    model.change_rows([row._replace(untested=True) for row in rows])
