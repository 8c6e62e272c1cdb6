"""One lock per token file: programs that need a new token at the same time cost one refresh."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cancel import Cancellation
from ..errors import TryAgain, as_error
from ..files import create_private, keep_owner
from ..verdicts import local_files
from .read import target_of

_POLL = 0.05  # seconds


class LockTimeout(TryAgain):
    """Another program held the lock for the whole time that was allowed for waiting."""


@contextmanager
def locked(path: Path, *, timeout: float, cancelled: Cancellation) -> Iterator[None]:
    """Hold the lock of a token file, waiting for it at most `timeout` seconds.

    The system frees the lock when the process dies (flock; LockFile on Windows). A link and the
    file that it names have one lock. Raises `LockTimeout`, `Cancelled`, or `AppError` if the lock's
    file can't be made.
    """
    import filelock

    target = target_of(path)
    lock_file = lock_path(target)
    _make_for_owner(lock_file, target)
    lock = filelock.FileLock(lock_file, mode=0o600)
    deadline = time.monotonic() + timeout
    while True:
        cancelled.check()
        try:
            lock.acquire(timeout=_POLL, poll_interval=_POLL)
            break
        except filelock.Timeout as exc:
            if time.monotonic() >= deadline:
                raise LockTimeout(local_files.TOKEN_FILE_IN_USE, path=path) from exc
        except OSError as exc:
            raise as_error(
                local_files.TOKEN_FILE_NOT_LOCKED, detail=exc.strerror or "", path=path
            ) from exc
    try:
        yield
    finally:
        lock.release()


def lock_path(target: Path) -> Path:
    """The lock's own file; it stays when the lock is released."""
    return target.with_name(target.name + ".lock")


def _make_for_owner(lock_file: Path, target: Path) -> None:
    """When root locks a user's file: make the lock's file for that user, who must open it too."""
    if sys.platform == "win32" or os.geteuid() != 0 or not os.path.exists(target):
        return
    with contextlib.suppress(OSError):  # usually FileExistsError
        descriptor = create_private(lock_file)
        try:
            keep_owner(descriptor, target)
        finally:
            os.close(descriptor)
