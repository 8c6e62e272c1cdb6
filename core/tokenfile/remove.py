"""Delete token files and the files that belong to them."""

import glob
from functools import partial
from pathlib import Path

from ..errors import as_error
from ..files import while_held
from ..verdicts import local_files

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
            raise as_error(
                local_files.FILE_NOT_DELETED, detail=exc.strerror or "", file=file
            ) from exc
