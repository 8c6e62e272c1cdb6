"""Read a token file: bounded, never hanging, and with a sentence for everything that is wrong."""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..errors import AppError
from .format import LARGEST, NotATokenFile, TokenFile, parse_token_file

_Result = TypeVar("_Result")
# While a reader, a writer or an antivirus holds a file Windows answers access denied (5), sharing
# violation (32) or lock violation (33); all arrive as PermissionError.
_HELD: tuple[type[OSError], ...] = (PermissionError,) if sys.platform == "win32" else ()
_PATIENCE = 5.0  # seconds
_PAUSE = 0.05


def read_token_file(path: Path) -> TokenFile | None:
    """The content; None where there is no file, or an empty one."""
    try:
        content = while_held(lambda: read_regular(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise AppError(
            f"The token file {path} can't be read",
            detail=exc.strerror or "",
            hint="Mend its permissions, or choose another with --token_file.",
        ) from exc
    try:
        return parse_token_file(content)
    except NotATokenFile as exc:
        raise AppError(
            f"{path} is not a token file: {exc}",
            hint="Move it away, or choose another with --token_file.",
        ) from exc


def while_held(act: Callable[[], _Result]) -> _Result:
    """Do what Windows refuses for a moment while another program holds the file."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except _HELD:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def written_at(path: Path) -> float:
    """When the file was written, the last resort for a token's age; 0 where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def target_of(path: Path) -> Path:
    """The file that is really replaced: a link is followed only inside its own folder."""
    # os.path, since pathlib raises for a loop, a long name and a folder that may not be entered.
    if not os.path.islink(path):
        return path
    target = Path(os.path.realpath(path))
    if target.parent != Path(os.path.realpath(path.parent)):
        raise AppError(
            f"{path} is a link to a file in another folder",
            hint="Name the file itself with --token_file.",
        )
    return target


def read_regular(path: Path, *, follow: bool = True) -> bytes:
    """A bounded read that neither hangs on a pipe nor, unless told, follows a link."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    with open(path, "rb", opener=lambda name, _: _open_regular(name, flags)) as file:
        return file.read(LARGEST + 1)


def _open_regular(name: str, flags: int) -> int:
    descriptor = os.open(name, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "It is no regular file")
    return descriptor
