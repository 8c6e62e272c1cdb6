"""Where things lie: the shipped data, and the folders of the user."""

import sys
from pathlib import Path

from .errors import AppError

# From source, from a wheel and in a frozen program alike (docs/DECISIONS.md).
RESOURCES = Path(__file__).resolve().parent.parent / "resources"
TOKENS = "tokens"
LOG_FILE = "oauth2_imap.log"  # in the log folder
SETTINGS_FILE = "oauth2_imap.ini"  # the window's, in the config folder
_NAME = "oauth2_imap"


def current_folder() -> Path:
    """Where the program was started, unless that was removed meanwhile."""
    try:
        return Path.cwd()
    except OSError as exc:
        raise AppError(
            "The current folder is gone", detail=exc.strerror or "", hint="Change to another one"
        ) from exc


def user_config_folder() -> Path:
    """Where the user's own providers.toml lies."""
    import platformdirs

    return platformdirs.user_config_path(_NAME, appauthor=False, roaming=True)


def user_data_folder() -> Path:
    """Where tokens go when the usual folder can't be written."""
    import platformdirs

    return platformdirs.user_data_path(_NAME, appauthor=False)


def user_store_folder() -> Path:
    """Where encrypted refresh tokens lie on systems that keep them in files."""
    return user_data_folder() / "store"


def user_log_folder() -> Path:
    """Where the rotating log lies."""
    import platformdirs

    return platformdirs.user_log_path(_NAME, appauthor=False)


def terminal_program() -> list[str]:
    """The absolute command of the terminal program; empty where there is none to name.

    Beside the window where both are frozen, beside the interpreter where it is installed.
    """
    folder = Path(sys.executable).parent
    for name in ("oauth2_imap_cli.exe", "oauth2_imap_cli", "oauth2_imap", "oauth2_imap.exe"):
        if (folder / name).is_file():
            return [str(folder / name)]
    return []
