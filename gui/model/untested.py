"""Finds the mailboxes whose login was not tested before the program started."""

import time
from collections.abc import Sequence
from pathlib import Path

from core.cancel import Cancellation
from gui.model.mailbox_model import MailboxModel
from gui.model.tasks import Progress, Tasks, Threads

_REST = 0.0002  # seconds after each; else thousands of them would hold up the window's thread


def mark_untested(model: MailboxModel, tasks: Tasks) -> None:
    """Show in the rows what their histories say; a thread reads those."""
    paths = [row.path for row in model.rows]
    if not paths:
        return

    def call(_progress: Progress, cancelled: Cancellation) -> list[Path]:
        return _untested(paths, cancelled)

    task = tasks.start(call, Threads.FILES)
    task.succeeded.connect(lambda found: _mark(model, found))


def _untested(paths: Sequence[Path], cancelled: Cancellation) -> list[Path]:
    from core.history.journal import file_of, names, read
    from core.history.logins import is_untested

    found, known = [], names()
    for path in paths if known else ():
        cancelled.check()
        if file_of(path).name in known and is_untested(read(path)):
            found.append(path)
        time.sleep(_REST)
    return found


def _mark(model: MailboxModel, paths: Sequence[Path]) -> None:
    rows = (row for path in paths if (row := model.row(path)))
    model.change_rows([row._replace(untested=True) for row in rows])
