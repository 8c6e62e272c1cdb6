"""Where the window's token files lie, where nobody chose a folder."""

import sys
from pathlib import Path

from core.tokenfile.place import tokens_folder


def default_token_folder() -> tuple[Path, str]:
    """Beside the program, else in the person's data folder; and what is worth saying of it."""
    base = _base()
    folder = tokens_folder(base)
    if folder.parent == base:
        return folder, ""
    return folder, f"{base} can't be written, so tokens go to {folder}"


def _base() -> Path:
    """Beside the program where it is frozen, else the current folder."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path.cwd()
