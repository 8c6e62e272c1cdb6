"""Where the window's token files lie unless the user chose a folder."""

import sys
from pathlib import Path

from core.errors import AppError
from core.paths import TOKENS, user_data_folder
from core.tokenfile.place import tokens_folder


def default_token_folder() -> tuple[Path, str]:
    """Return the folder beside the program, or the one in the user's data folder with a warning."""
    base = _base()
    try:
        folder = tokens_folder(base)
    except AppError as exc:
        other = user_data_folder() / TOKENS
        return other, f"{exc.message}. {exc.hint} Token files are saved in {other}."
    if folder.parent == base:
        return folder, ""
    return folder, f"{base} is not writable. Token files are saved in {folder}."


def _base() -> Path:
    """Return the folder of the exe; the current folder where Python runs the program."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path.cwd()
