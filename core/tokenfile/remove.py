"""Delete a token file, or what belongs to one."""

from functools import partial
from pathlib import Path

from ..errors import AppError
from .read import while_held


def remove(*files: Path) -> None:
    """Delete those that are there."""
    for file in files:
        try:
            while_held(partial(file.unlink, missing_ok=True))
        except OSError as exc:
            raise AppError(
                f"{file} can't be removed",
                said=exc.strerror or "",
                todo="Close what holds the file, or mend the folder's permissions",
            ) from exc
