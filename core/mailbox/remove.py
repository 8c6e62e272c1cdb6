"""Deletes a token file and what lies beside it, without asking the provider."""

import os
from pathlib import Path

from ..cancel import Cancellation
from ..history.journal import delete as delete_history
from ..tokenfile.lock import locked
from ..tokenfile.remove import copies_of, remove
from ..tokenfile.save import new_path, second_path

_SHORT = 0.5  # seconds; the window waits for it


def remove_mailbox(path: Path) -> None:
    """Delete a token file, its copies and its lock; unlike `forget` it revokes nothing.

    Of a link only the link is deleted. Raises `AppError`, also if another program is saving tokens.
    """
    if os.path.islink(path):
        remove(path)
        delete_history(path)
        return
    with locked(path, timeout=_SHORT, cancelled=Cancellation(), removes=True):
        remove(path, new_path(path), second_path(path), *copies_of(path))
        delete_history(path)
