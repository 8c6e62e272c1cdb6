"""One lock per token file, so that any number of programs cost one refresh."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cancel import Cancellation
from ..errors import AppError, TryAgain

_POLL = 0.05  # seconds


@contextmanager
def locked(path: Path, *, timeout: float, cancelled: Cancellation) -> Iterator[None]:
    """Hold `<path>.lock` (flock, or LockFile on Windows: freed by the system if we die)."""
    import filelock

    lock = filelock.FileLock(f"{path}.lock", mode=0o600)
    deadline = time.monotonic() + timeout
    while True:
        cancelled.check()
        try:
            lock.acquire(timeout=_POLL, poll_interval=_POLL)
            break
        except filelock.Timeout as exc:
            if time.monotonic() >= deadline:
                raise TryAgain(
                    f"Another program holds {path.name} locked",
                    todo="Wait for it, or end it, and try again.",
                ) from exc
        except OSError as exc:
            raise AppError(
                f"{path.name} can't be locked in {path.parent}",
                said=exc.strerror or "",
                todo="Make the folder writable, or choose another with --token_file.",
            ) from exc
    try:
        yield
    finally:
        lock.release()
