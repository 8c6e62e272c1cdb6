"""Delete token files and the files that belong to them."""

import glob
from functools import partial
from pathlib import Path

from ..errors import AppError
from ..files import while_held

FIX_COPY = ".before_fix"  # `doctor --fix` appends it to a file's name, for the copy that it keeps


def copies_of(path: Path) -> list[Path]:
    """The copies of a token file that `doctor --fix` has kept; they hold tokens too."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}{FIX_COPY}*"))


def remove(*files: Path) -> None:
    """Delete the files that exist; raises `AppError` for one that can't be deleted."""
    for file in files:
        try:
            while_held(partial(file.unlink, missing_ok=True))
        except OSError as exc:
            raise AppError(
                f"{file} can't be removed",
                detail=exc.strerror or "",
                hint="Close what holds the file, or mend the folder's permissions",
            ) from exc
