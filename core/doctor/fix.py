"""Mend what needs nobody's help: under the file's lock, by the usual safe save, with a copy."""

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..cancel import Cancellation
from ..errors import AppError
from ..tokenfile.lock import locked
from ..tokenfile.read import read_regular, target_of, while_held
from ..tokenfile.remove import FIX_COPY
from ..tokenfile.save import adopt, prepare, without_last_line
from . import form, place


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was done; `copy` is the file as it was, None where its content was in order."""

    took_over: bool
    copy: Path | None


def fix(path: Path, *, timeout: float, cancelled: Cancellation) -> Fixed:
    """Mend the form and the permissions of a token file; nobody is asked and no token changes.

    What an earlier run left in `.new` is taken over first, since saving would remove it. Torn off
    at any moment it leaves the old file or the mended one.
    """
    with locked(path, timeout=timeout, cancelled=cancelled):
        took_over = adopt(path)
        content = _content(path)
        seen = form.check_form(content)
        if seen.file is None:  # something else by now, or nothing: it isn't ours to write to
            return Fixed(took_over, None)
        if seen.mended == content and not place.is_open_to_others(os.stat(path).st_mode):
            return Fixed(took_over, None)
        with prepare(path) as replacement:
            copy = _keep_copy(target_of(path), content) if seen.mended != content else None
            ended = seen.mended.removesuffix(b"\n") + b"\n"
            replacement.commit(without_last_line(ended))
        return Fixed(took_over, copy)


def _content(path: Path) -> bytes:
    try:
        return while_held(lambda: read_regular(path))
    except FileNotFoundError:
        return b""
    except OSError as exc:
        raise AppError(
            f"{path} can't be read", detail=exc.strerror or "", hint="Mend its permissions"
        ) from exc


def _keep_copy(path: Path, content: bytes) -> Path:
    """A private copy beside the file, under a name that nothing has yet."""
    names = (path.with_name(f"{path.name}{FIX_COPY}{number or ''}") for number in count())
    copy = next(name for name in names if not os.path.lexists(name))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(copy, flags, 0o600), "wb") as file:
            file.write(content)
    except OSError as exc:
        raise AppError(
            f"No copy of {path.name} can be kept in {path.parent}, so nothing was mended",
            detail=exc.strerror or "",
            hint="Free some space or mend the folder's permissions",
        ) from exc
    return copy
