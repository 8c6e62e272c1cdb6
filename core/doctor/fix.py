"""Repair a token file, under its lock and by the usual safe save. Keep a copy of the old file."""

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..cancel import Cancellation
from ..errors import as_error
from ..files import free_path, write_private
from ..tokenfile.lock import locked
from ..tokenfile.read import read_content, target_of
from ..tokenfile.remove import FIX_COPY
from ..tokenfile.save import adopt, prepare, without_last_line
from ..verdicts import local_files
from . import form, place


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was repaired.

    `took_over` is set if newer tokens were taken from the `.new` file. `copy` is the copy of the
    old file, or None if its content was not changed.
    """

    took_over: bool
    copy: Path | None


def fix(path: Path, *, timeout: float, cancelled: Cancellation) -> Fixed:
    """Repair the form and the permissions of a token file. No token is changed.

    First it takes newer tokens from the `.new` file of an interrupted run, since saving would
    delete that file. If it is interrupted, the file is the old one or the repaired one.
    """
    with locked(path, timeout=timeout, cancelled=cancelled):
        took_over = adopt(path) is not None
        content = _content(path)
        seen = form.check_form(content)
        if seen.file is None:  # not a token file (any more), so it must not be changed
            return Fixed(took_over, None)
        if seen.repaired == content and not place.is_open_to_others(os.stat(path).st_mode):
            return Fixed(took_over, None)
        with prepare(path) as replacement:
            copy = _keep_copy(target_of(path), content) if seen.repaired != content else None
            ended = seen.repaired.removesuffix(b"\n") + b"\n"
            replacement.commit(without_last_line(ended))
        target_of(path).chmod(0o600)
        return Fixed(took_over, copy)


def _content(path: Path) -> bytes:
    try:
        return read_content(path)
    except FileNotFoundError:
        return b""
    except OSError as exc:
        raise as_error(
            local_files.TOKEN_FILE_UNREADABLE, detail=exc.strerror or "", path=path
        ) from exc


def _keep_copy(path: Path, content: bytes) -> Path:
    """Write a private copy beside the file, under a new name; its path."""
    copy = free_path(path.with_name(f"{path.name}{FIX_COPY}{number or ''}") for number in count())
    try:
        write_private(copy, content)
    except OSError as exc:
        raise as_error(local_files.COPY_NOT_WRITTEN, detail=exc.strerror or "", path=path) from exc
    return copy
