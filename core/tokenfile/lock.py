"""One lock per token file: programs that need a new token at the same time cost one refresh."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cancel import Cancellation
from ..errors import AppError, TryAgain, as_error
from ..files import create_private, while_held
from ..verdicts import local_files
from .access import let_lock
from .read import target_of

_POLL = 0.05  # seconds
# O_NONBLOCK: a file server's lease on the file (fcntl(2)) would hold up the program.
_OPEN = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
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
    deadline = time.monotonic() + timeout
    cancelled.check()
    target = target_of(path)
    lock_file = lock_path(target)
    try:
        while (descriptor := _take(lock_file, target)) is None:
            if time.monotonic() >= deadline:
                raise LockTimeout(local_files.TOKEN_FILE_IN_USE, path=path)
            cancelled.wait(_POLL)
            cancelled.check()
    except OSError as exc:
        raise _not_locked(exc, path) from exc
    try:
        yield
        # Whoever waits for this lock sees that its file has gone, and makes a new one. Windows
        # deletes no open file, nor one that another program holds.
        if removes and sys.platform != "win32":
            lock_file.unlink(missing_ok=True)
    finally:
        _release(descriptor)
    if removes and sys.platform == "win32":
        with contextlib.suppress(OSError):
            lock_file.unlink(missing_ok=True)


def refuses_locks(file: Path) -> bool:
    """Whether the file system of a file has no locks; False if the file can't be opened.

    The file itself is locked for a moment, for readers, so nothing is written.
    """
    if sys.platform == "win32":
        return False  # drives of Windows have locks, also those of a server
    import fcntl

    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as exc:
        return exc.errno in _REFUSALS
    finally:
        os.close(descriptor)
    return False


def lock_path(target: Path) -> Path:
    """The lock's own file; it stays when the lock is released."""
    return target.with_name(target.name + ".lock")


def _take(lock_file: Path, target: Path) -> int | None:
    """The descriptor that holds the lock; None if another one holds it now.

    Raises `OSError`, with a file name if the lock's file can't be opened.
    """
    try:
        descriptor = while_held(lambda: _open(lock_file, target))
    except (FileExistsError, BlockingIOError):  # made at this moment, or leased
        return None
    try:
        # Its last holder may have deleted the file since it was opened; then it locks nothing.
        is_held = _try_lock(descriptor) and _is_there(lock_file, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    if is_held:
        return descriptor
    os.close(descriptor)
    return None


def _open(lock_file: Path, target: Path) -> int:
    try:
        # Not with O_CREAT: Linux refuses that for another user's file in a folder like /tmp.
        return os.open(lock_file, _OPEN)
    except FileNotFoundError:
        return _make_for_others(lock_file, target)


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    # Not msvcrt.locking: Wine's doesn't say why it failed.
    _KERNEL32 = ctypes.WinDLL("kernel32", use_last_error=True)
    for _function in (_KERNEL32.LockFile, _KERNEL32.UnlockFile):
        _function.argtypes = (wintypes.HANDLE, *[wintypes.DWORD] * 4)
    _FIRST_BYTE = (0, 0, 1, 0)  # the offset and the length, of 64 bits each
    _LOCK_VIOLATION = 33

    def _try_lock(descriptor: int) -> bool:
        if _KERNEL32.LockFile(msvcrt.get_osfhandle(descriptor), *_FIRST_BYTE):
            return True
        error = ctypes.get_last_error()
        if error != _LOCK_VIOLATION:
            raise ctypes.WinError(error)
        return False

    def _release(descriptor: int) -> None:
        # Without this, Windows frees the lock some time after the file is closed.
        _KERNEL32.UnlockFile(msvcrt.get_osfhandle(descriptor), *_FIRST_BYTE)
        os.close(descriptor)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(descriptor: int) -> None:
        os.close(descriptor)


def _is_there(lock_file: Path, descriptor: int) -> bool:
    """Whether the open file still has its name."""
    try:
        return os.path.samestat(os.lstat(lock_file), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _not_locked(exc: OSError, path: Path) -> AppError:
    """The error for a lock whose file can't be made, or that the file system refuses."""
    # A file that can't be made is named in the error.
    is_refused = exc.filename is None and exc.errno in _REFUSALS
    verdict = local_files.FILE_LOCK_REFUSED if is_refused else local_files.TOKEN_FILE_NOT_LOCKED
    return as_error(verdict, detail=exc.strerror or "", path=path)


def _make_for_others(lock_file: Path, target: Path) -> int:
    """Make the lock's file so that all who can replace the token file can open it too."""
    descriptor = create_private(lock_file)
    if sys.platform != "win32" and os.path.exists(target):
        with contextlib.suppress(OSError):
            let_lock(target, descriptor)
    return descriptor
