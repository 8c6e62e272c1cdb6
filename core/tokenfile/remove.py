"""Delete a token file, or what belongs to one."""

import glob
from functools import partial
from pathlib import Path

from ..errors import AppError
from .read import while_held

FIX_COPY = ".before_fix"  # what `doctor --fix` appends to a file's name for the copy it keeps


def copies_of(path: Path) -> list[Path]:
    """The copies that the doctor kept of a file before mending it; they hold tokens too."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}{FIX_COPY}*"))


def remove(*files: Path) -> None:
    """Delete those that are there."""
    for file in files:
        try:
            while_held(partial(file.unlink, missing_ok=True))
        except OSError as exc:
            raise AppError(
                f"{file} can't be removed",
                detail=exc.strerror or "",
                hint="Close what holds the file, or mend the folder's permissions",
            ) from exc
