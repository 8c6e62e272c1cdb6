"""One lock per token file: programs that need a new token at the same time cost one refresh."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cancel import Cancellation
from ..errors import AppError, TryAgain, as_error
from ..files import create_private
from ..verdicts import local_files
from .access import let_lock
from .read import target_of

_POLL = 0.05  # seconds
# How a file system refuses a lock, as some network drives do. EINVAL: also two errors of Windows,
# "invalid function" and "not supported".
_REFUSALS = frozenset(
    {
        errno.EBADF,
        errno.EINVAL,
        errno.EIO,
        errno.ENOLCK,
        errno.ENOSYS,
        errno.ENOTSUP,
        errno.EOPNOTSUPP,
    }
)


class LockTimeout(TryAgain):
    """Another program held the lock for the whole time that was allowed for waiting."""


@contextmanager
def locked(
    path: Path, *, timeout: float, cancelled: Cancellation, removes: bool = False
) -> Iterator[None]:
    """Hold the lock of a token file, waiting for it at most `timeout` seconds.

    The system frees the lock when the process dies (flock; LockFile on Windows). A link and the
    file that it names have one lock. With `removes`, the lock's own file is deleted at the end,
    unless an error is raised. Raises `LockTimeout`, `Cancelled`, or `AppError` if the lock's
    file can't be made or the file system has no locks.
    """
    import filelock

    cancelled.check()
    target = target_of(path)
    lock_file = lock_path(target)
    _make_for_others(lock_file, target)
    # A lock of another kind would not exclude programs that found a real one.
    lock = filelock.FileLock(lock_file, mode=0o600, preserve_lock_file=True, fallback_to_soft=False)
    try:
        lock.acquire(timeout=timeout, poll_interval=_POLL, cancel_check=cancelled.is_set)
    except filelock.Timeout as exc:
        cancelled.check()
        raise LockTimeout(local_files.TOKEN_FILE_IN_USE, path=path) from exc
    except OSError as exc:
        raise _not_locked(exc, path) from exc
    try:
        yield
        # Whoever waits for this lock sees that its file has gone, and makes a new one. Windows
        # deletes no open file, nor one that another program holds.
        if removes and sys.platform != "win32":
            lock_file.unlink(missing_ok=True)
    finally:
        lock.release()
    if removes and sys.platform == "win32":
        with contextlib.suppress(OSError):
            lock_file.unlink(missing_ok=True)


def lock_path(target: Path) -> Path:
    """The lock's own file; it stays when the lock is released."""
    return target.with_name(target.name + ".lock")


def _not_locked(exc: OSError, path: Path) -> AppError:
    """The error for a lock whose file can't be made, or that the file system refuses."""
    # A file that can't be made is named in the error.
    is_refused = exc.filename is None and exc.errno in _REFUSALS
    verdict = local_files.FILE_LOCK_REFUSED if is_refused else local_files.TOKEN_FILE_NOT_LOCKED
    return as_error(verdict, detail=exc.strerror or "", path=path)


def _make_for_others(lock_file: Path, target: Path) -> None:
    """Make the lock's file so that all who can replace the token file can open it too."""
    if sys.platform == "win32" or not os.path.exists(target):
        return
    with contextlib.suppress(OSError):  # usually FileExistsError
        descriptor = create_private(lock_file)
        try:
            let_lock(target, descriptor)
        finally:
            os.close(descriptor)
