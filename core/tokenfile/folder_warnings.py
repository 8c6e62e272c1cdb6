"""What is wrong with the place of the token files, in sentences for the user."""

from pathlib import Path

from ..i18n.translation import _
from .access import warning_of_folder
from .place import token_files
from .readers import warning_of_readers

# Programs that copy folders to other computers; the folder's name begins like the program's.
_SYNCHRONISERS = ("OneDrive", "Dropbox", "Google Drive", "iCloud", "Nextcloud")


def folder_warnings(folder: Path) -> list[str]:
    """Warnings about the place of the token files: sentences for the user."""
    readable = (warning_of_readers(path) for path in token_files(folder.absolute()))
    first = next((warning for warning in readable if warning), "")
    told = (*_place_warnings(folder), first, warning_of_folder(folder))
    return [warning for warning in told if warning]


def _place_warnings(folder: Path) -> list[str]:
    parts = [part.casefold() for part in folder.absolute().parts]
    for name in _SYNCHRONISERS:
        if any(part.startswith(name.casefold()) for part in parts):
            return [
                _(
                    "{program} copies {folder} to other computers. Anyone who can read the files "
                    "there can open the mailboxes. Choose another token folder.",
                    program=name,
                    folder=folder,
                )
            ]
    if str(folder).startswith("\\\\"):
        return [
            _(
                "{folder} is on a network share. Other users of the share may be able to read the "
                "files, and file locks may not work there. Choose another token folder.",
                folder=folder,
            )
        ]
    return []
