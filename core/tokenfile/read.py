"""Read a token file: with a limit, without hanging, and with a clear error for each failure."""

import contextlib
import os
import time
from functools import lru_cache
from pathlib import Path

from ..errors import as_error
from ..files import read_regular
from ..verdicts import local_files
from .format import LARGEST, NotATokenFile, TokenFile, parse_token_file

# A refresh needs the content of a file several times: before and under its lock, and for its
# replacement. These are the files that are read now.
_KNOWN = 32
_STEP = 2_500_000_000  # ns
_Stamp = tuple[int, int, int, int]


def read_token_file(path: Path) -> TokenFile | None:
    """What a token file says; None if there is no file or it is empty.

    Raises `NotATokenFile`, or another `AppError` if it can't be read.
    """
    try:
        content = read_content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise as_error(
            local_files.TOKEN_FILE_UNREADABLE, detail=exc.strerror or "", path=path
        ) from exc
    try:
        return _parsed(content)
    except NotATokenFile as exc:
        raise exc.about(path) from exc


def read_content(path: Path, *, follow: bool = True) -> bytes:
    """The bytes of a token file; longer than `LARGEST` if the file is too large to be one.

    Raises `OSError`, also for a pipe or a device, and with `follow=False` for a link.
    """
    if follow and (stamp := _stamp(path)):
        with contextlib.suppress(_Changed):
            return _read(path, stamp)
    return read_regular(path, limit=LARGEST + 1, follow=follow)


class _Changed(Exception):
    """The file was written while it was read."""


@lru_cache(maxsize=_KNOWN)
def _read(path: Path, stamp: _Stamp) -> bytes:
    content = read_regular(path, limit=LARGEST + 1)
    if _stamp(path) != stamp:
        raise _Changed
    return content


_parsed = lru_cache(maxsize=_KNOWN)(parse_token_file)


def _stamp(path: Path) -> _Stamp | None:
    """What changes when a file is written; None if it was written just now, or is not there.

    A file system counts time in steps, of two seconds at worst (FAT), so that a file could be
    written twice in one step.
    """
    try:
        found = os.stat(path)
    except OSError:
        return None
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _STEP:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def written_at(path: Path) -> float:
    """When the file was last written; 0 if there is no file."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def target_of(path: Path) -> Path:
    """The file that a path names, with links followed: that file is locked and replaced.

    Raises `AppError` for a link into another folder.
    """
    # os.path, since pathlib raises for a loop, a long name and a folder that may not be entered.
    if not os.path.islink(path):
        return path
    target = Path(os.path.realpath(path))
    if target.parent != Path(os.path.realpath(path.parent)):
        raise as_error(local_files.LINK_TO_OTHER_FOLDER, path=path)
    return target
