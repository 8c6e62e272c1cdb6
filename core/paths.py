"""The paths of the shipped data and of the user's folders.

`OAUTH2_IMAP_HOME` moves all of the user's folders to one place, on every system. Without it they
are where the system keeps such files.

A user without a home folder (a container's user that has no passwd entry) has no folders either:
their paths are then below `_NO_HOME`, where nothing exists and nothing can be written.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from .child_environment import bundle
from .errors import as_error
from .verdicts import local_files, local_settings

HOME_VARIABLE = "OAUTH2_IMAP_HOME"
# The same from source, from a wheel and in a frozen program (docs/DECISIONS.md).
RESOURCES = Path(__file__).resolve().parent.parent / "resources"
TOKENS = "tokens"
LOG_FILE = "oauth2_imap.log"  # in the log folder
SETTINGS_FILE = "oauth2_imap.ini"  # the window's, in the config folder
_PROVIDERS_FILE = "providers.toml"
_NAME = "oauth2_imap"
_NO_HOME = Path("/nonexistent")  # what passwd says for users without a home, by Debian's custom


def current_folder() -> Path:
    """The current folder; raises `AppError` if it was deleted."""
    try:
        return Path.cwd()
    except OSError as exc:
        raise as_error(local_files.CURRENT_FOLDER_GONE, detail=exc.strerror or "") from exc


def named_home() -> Path | None:
    """The folder that `OAUTH2_IMAP_HOME` names; None if it is not set.

    Raises `AppError` if it is not absolute: imapsync runs this program in other folders.
    """
    name = os.environ.get(HOME_VARIABLE, "")
    if name and not Path(name).is_absolute():
        raise as_error(local_settings.HOME_NOT_ABSOLUTE, name=HOME_VARIABLE, value=name)
    return Path(name) if name else None


def user_config_folder() -> Path:
    """The folder of the user's own providers.toml and of the settings."""
    import platformdirs

    return named_home() or _or_nowhere(
        lambda: platformdirs.user_config_path(_NAME, appauthor=False, roaming=True)
    )


def own_providers_file(folder: Path | None = None) -> Path:
    """The path of the user's own providers.toml, which may not exist."""
    return (folder or user_config_folder()) / _PROVIDERS_FILE


def user_data_folder() -> Path:
    """The folder for token files if the usual folder can't be written."""
    import platformdirs

    return named_home() or _or_nowhere(lambda: platformdirs.user_data_path(_NAME, appauthor=False))


def user_store_folder() -> Path:
    """The folder for encrypted refresh tokens, on systems that save them in files."""
    return user_data_folder() / "store"


def user_log_folder() -> Path:
    """The folder of the log file."""
    import platformdirs

    if home := named_home():
        return home / "log"
    return _or_nowhere(lambda: platformdirs.user_log_path(_NAME, appauthor=False))


def file_name_for(token_file: str | Path) -> str:
    """A name for a file about a token file that lies elsewhere, made of the path."""
    from hashlib import sha256  # a fresh token needs no history

    name = os.path.normcase(os.path.abspath(token_file))
    return sha256(os.fsencode(name)).hexdigest()[:32]


def _or_nowhere(user_folder: Callable[[], Path]) -> Path:
    try:
        folder = user_folder()
    except RuntimeError:  # platformdirs found no home folder
        return _NO_HOME / _NAME
    return folder if folder.is_absolute() else _NO_HOME / _NAME  # platformdirs 4.3 returns ~/...


def program_for_scripts() -> list[str]:
    """The command with which a script starts this program, with its absolute path; empty if none.

    An installed program lies beside the interpreter. Of the frozen programs, the one for the
    terminal starts faster; the window's does the same where it is alone.
    """
    folder, is_frozen = Path(sys.executable).parent, bool(bundle())
    terminal = ("oauth2_imap_cli.exe", "oauth2_imap_cli")
    for name in terminal if is_frozen else ("oauth2_imap", "oauth2_imap.exe"):
        if (folder / name).is_file():
            return [str(folder / name)]
    return [sys.executable] if is_frozen else []
