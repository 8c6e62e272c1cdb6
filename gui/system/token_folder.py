"""Where the window's token files lie."""

import sys
from pathlib import Path

from core.error_lines import sentence
from core.errors import AppError
from core.i18n.translation import N_, _, joined
from core.paths import TOKENS, user_data_folder
from core.tokenfile.place import tokens_folder

_SAVED = N_("Token files are saved in {folder}.")


def token_folder(chosen: str, *, beside_script: bool) -> tuple[Path, str]:
    """Return the folder, and a warning if it isn't the usual one.

    `chosen` is the one that the user has chosen, or empty. If `beside_script`, and the current
    folder has a folder `tokens`, that is used: batch files for the Perl script created it, and
    their imapsync command looks for the token files there.
    """
    of_script = Path.cwd() / TOKENS if beside_script else None
    if of_script is not None and of_script.is_dir():
        return of_script, ""
    return (Path(chosen), "") if chosen else default_token_folder()


def default_token_folder() -> tuple[Path, str]:
    """Return the folder beside the program, or the one in the user's data folder with a warning."""
    base = _base()
    try:
        folder = tokens_folder(base)
    except AppError as exc:
        other = user_data_folder() / TOKENS
        return other, joined((sentence(exc.message), exc.hint, _(_SAVED, folder=other)))
    if folder.parent == base:
        return folder, ""
    return folder, joined((_("{base} is not writable.", base=base), _(_SAVED, folder=folder)))


def _base() -> Path:
    """Return the folder of the exe; the current folder where Python runs the program."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path.cwd()
