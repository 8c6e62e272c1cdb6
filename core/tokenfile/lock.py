"""One lock per token file, so that any number of programs cost one refresh."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cancel import Cancellation
from ..errors import AppError, TryAgain
from .read import target_of

_POLL = 0.05  # seconds


class LockTimeout(TryAgain):
    """Another program has the lock, and kept it for as long as was waited."""


@contextmanager
def locked(path: Path, *, timeout: float, cancelled: Cancellation) -> Iterator[None]:
    """Hold `<path>.lock` (flock, or LockFile on Windows: freed by the system if we die).

    A link and the file it names have one lock.
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
                raise LockTimeout(
                    f"Another program holds {path.name} locked",
                    hint="Wait for it, or end it, and try again.",
                ) from exc
        except OSError as exc:
            raise AppError(
                f"{path.name} can't be locked in {path.parent}",
                detail=exc.strerror or "",
                hint="Make the folder writable, or choose another with --token_file.",
            ) from exc
    try:
        yield
    finally:
        lock.release()


def lock_path(target: Path) -> Path:
    """The lock's own file, which stays."""
    return target.with_name(target.name + ".lock")


def _make_for_owner(lock_file: Path, target: Path) -> None:
    """Root makes the lock of a user's file for that user, who couldn't open it otherwise."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    with contextlib.suppress(OSError):  # mostly since it is there already
        owner = target.stat()
        descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        finally:
            os.close(descriptor)
