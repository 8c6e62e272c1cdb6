"""What makes it unsafe or useless to refresh a token file where it lies, as sentences."""

from collections.abc import Collection
from pathlib import Path

from ..i18n.translation import N_, _
from .access import has_other_names, is_mounted, warning_of_folder
from .save import foreign_path

_HARD_LINK = N_(
    "{path} has a second name (hard link). A refresh replaces the file under this name only, so a "
    "program that reads it under the other name keeps the old token."
)
_MOUNTED = N_(
    "{path} is mounted as a single file, so it can't be replaced here. Mount its folder instead."
)
_FOREIGN = N_("{new} belongs to another user, so it is never used. Find out who put it there.")


def hazards(
    file: Path, mounts: Collection[bytes] | None = None, second: bool | None = None
) -> list[str]:
    """The sentences for one token file; none if all is well.

    `mounts` are the mount points and `second` is `has_second_folder()`, if they are known already.
    """
    new = foreign_path(file, second)
    found = [
        _(_HARD_LINK, path=file) if has_other_names(file) else "",
        _(_MOUNTED, path=file) if is_mounted(file, mounts) else "",
        warning_of_folder(file.parent),
        _(_FOREIGN, new=new) if new else "",
    ]
    return [sentence for sentence in found if sentence]
