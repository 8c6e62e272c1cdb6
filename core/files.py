"""The user's files: read with a limit, and written so that only the user can read them.

Every private file of the program is created here. A function raises `OSError` unless its docstring
says otherwise; the caller knows what the failure means to the user.
"""

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from .errors import as_error
from .verdicts import local_files

_Result = TypeVar("_Result")
# While a reader, a writer or an antivirus holds a file, Windows answers access denied (5), sharing
# violation (32) or lock violation (33). Python raises PermissionError for all three.
_HELD: tuple[type[OSError], ...] = (PermissionError,) if sys.platform == "win32" else ()
_PATIENCE = 5.0  # seconds
_PAUSE = 0.05
_BINARY = getattr(os, "O_BINARY", 0)


def write_private(path: Path, content: bytes) -> None:
    """Create a private file with this content, and flush it to the disk.

    Raises `FileExistsError` if something is there. After any other failure no file is left.
    """
    descriptor = create_private(path)
    try:
        _write_and_close(descriptor, content)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def replace_private(path: Path, content: bytes) -> None:
    """Replace a file by a private one with this content, or create it.

    At every moment, `path` has either the old content or the new one. After a failure the old file
    is unchanged.
    """
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)  # a leftover may belong to somebody else, or be open to others
    write_private(new, content)
    try:
        put_in_place(new, path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def create_private(path: Path) -> int:
    """Create an empty file that only the user can read and write; its descriptor.

    Raises `FileExistsError` if something is there. A link is not followed.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)


def append_private(path: Path, content: bytes) -> None:
    """Add to a private file in one write, so that several processes may; make it if it is missing.

    A link or a pipe is an error, so nothing is written elsewhere and nothing hangs.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = _open_regular(os.fspath(path), flags)
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)


def write_from_start(descriptor: int, content: bytes) -> None:
    """Write the whole content at the beginning of an open file."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    while content:
        content = content[os.write(descriptor, content) :]


def put_in_place(new: Path, target: Path) -> None:
    """Move a file over another one in the same folder, at once, and make the change durable."""
    while_held(lambda: os.replace(new, target))
    _sync_folder(target.parent)


def free_path(paths: Iterable[Path]) -> Path:
    """The first of these paths where nothing is, not even a broken link."""
    return next(path for path in paths if not os.path.lexists(path))


def read_regular(path: Path, *, limit: int, follow: bool = True) -> bytes:
    """Read at most `limit` bytes of a regular file; with `follow=False` a link is an error.

    A pipe or a device is an error too, so the read never hangs.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)

    def read() -> bytes:
        with open(path, "rb", opener=lambda name, _: _open_regular(name, flags)) as file:
            return file.read(limit)

    return while_held(read)


def while_held(act: Callable[[], _Result]) -> _Result:
    """Do `act`, again and again for some seconds while another program holds the file (Windows).

    Returns what `act` returns, and raises its last error.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except _HELD:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only the user can enter; nothing happens if it is there.

    Missing folders above it get the usual permissions, but others can never write in them. On
    Windows the folder gets a private access list, since Python 3.12.4.
    """
    if os.path.isdir(folder):
        return
    for above in reversed(folder.parents):
        if not above.exists():
            above.mkdir(mode=0o755, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_folder(folder: Path) -> None:
    """`make_private_folder` for a folder of tokens; raises `AppError` if it can't be made."""
    try:
        make_private_folder(folder)
    except OSError as exc:
        raise as_error(
            local_files.FOLDER_NOT_MADE, detail=exc.strerror or "", folder=folder
        ) from exc


def _write_and_close(descriptor: int, content: bytes) -> None:
    try:
        write_from_start(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_regular(name: str, flags: int) -> int:
    descriptor = os.open(name, flags, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "Not a regular file")
    return descriptor


def _sync_folder(folder: Path) -> None:
    """Make a new name in the folder durable. Windows has no such call."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
