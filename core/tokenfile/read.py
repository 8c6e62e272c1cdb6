"""Read a token file: with a limit, without hanging, and with a clear error for each failure."""

import os
from functools import lru_cache
from pathlib import Path

from ..errors import as_error
from ..files import read_regular
from ..verdicts import local_files
from .format import LARGEST, NotATokenFile, TokenFile, parse_token_file

_KNOWN = 32  # contents that were parsed last: a refresh reads its file several times


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

    It is read each time: on a network drive only opening a file shows what others have written, and
    an old refresh token must never be used again. Raises `OSError`, also for a pipe or a device,
    and with `follow=False` for a link.
    """
    return read_regular(path, limit=LARGEST + 1, follow=follow)


_parsed = lru_cache(maxsize=_KNOWN)(parse_token_file)


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
