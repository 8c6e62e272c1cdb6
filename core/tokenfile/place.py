"""Where the token file of an address is: its possible names, and its folder."""

import contextlib
import fnmatch
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

from ..errors import AppError, as_error
from ..files import create_private, make_private_folder
from ..paths import TOKENS, user_data_folder
from ..verdicts import local_files
from .read import read_token_file

_PREFIX = "oauth2_tokens_"
_SUFFIX = ".txt"
_PATTERN = f"{_PREFIX}*{_SUFFIX}"
_USUAL_LENGTH = 96  # a token file's name, with the folder "tokens" and an ending such as .lock


class Candidate(NamedTuple):
    """A token file in the folder that has one of an address's names.

    `provider` and `application` come from the name. If the name has no provider, it is the one
    recorded in the file. Both are empty if they are unknown.
    """

    path: Path
    provider: str
    application: str


def file_name(address: str, provider: str = "") -> str:
    """The name of a new token file; with a provider in it, an address can have several files."""
    return f"{_PREFIX}{provider + '_' if provider else ''}{address}{_SUFFIX}"


def place_of(
    address: str,
    folder: Path,
    *,
    provider: str,
    application: str,
    known_names: Callable[[], Collection[str]],
    unnamed_belongs_to: Callable[[], str],
) -> Path:
    """The token file of an address.

    Its usual name has only the address. If that file is another provider's, the name has the
    provider too, so one address can have a file for each side of a migration. A file with another
    of the address's names (such as the Perl script's
    `oauth2_tokens_<application>_<provider>_<address>.txt`) is used if it is the only one. Raises
    `UsageProblem` if there are several.

    `provider` and `application` are what the user chose, "" for no choice. `known_names` returns
    the names that may be in a file's name; it is called only if they are needed. A file may name no
    provider, neither in its name nor in its content: it then belongs to the provider that
    `unnamed_belongs_to` returns for the address, "" for an unknown one.
    """
    usual, named = folder / file_name(address), folder / file_name(address, provider)
    # Unlike pathlib, os.path.exists returns False when the path can't be looked up.
    is_there = os.path.exists(usual)
    if is_there and provider in ("", _recorded_provider(usual)):
        return usual
    if os.path.exists(named):
        return named
    found = [
        candidate
        for candidate in candidates(address, folder, known_names())
        if provider in ("", candidate.provider or unnamed_belongs_to() or provider)
        if application in ("", candidate.application) or not candidate.application
    ]
    if any(candidate.path == usual for candidate in found):
        return usual
    if len(found) > 1:
        raise as_error(
            local_files.SEVERAL_TOKEN_FILES,
            address=address,
            folder=folder,
            files=", ".join(candidate.path.name for candidate in found),
        )
    if found:
        return found[0].path
    return named if is_there else usual


def candidates(address: str, folder: Path, known_names: Collection[str]) -> list[Candidate]:
    """The token files in the folder whose name is one of this address, in alphabetical order.

    Before the address, a name may have a known provider and a known application, nothing else:
    `oauth2_tokens_jane_doe@example.com.txt` doesn't belong to doe@example.com, since `_` may be
    part of an address.
    """
    found = []
    for path in token_files(folder):
        stem = path.name[len(_PREFIX) : -len(_SUFFIX)]
        if not stem.casefold().endswith(address.casefold()):
            continue
        names = _names_in(stem[: -len(address)], known_names)
        if names is not None:
            application, provider = names
            found.append(Candidate(path, provider or _recorded_provider(path), application))
    return found


def names_of(path: Path, address: str, known_names: Collection[str]) -> Candidate:
    """The provider and the application in a token file's name; empty if they aren't in it."""
    stem = path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    before = stem[: -len(address)] if stem.casefold().endswith(address.casefold()) else "?"
    application, provider = _names_in(before, known_names) or ("", "")
    return Candidate(path, provider, application)


def token_files(folder: Path) -> list[Path]:
    """All files in a folder that are named like a token file, in alphabetical order."""
    try:
        there = os.listdir(folder) if os.path.isdir(folder) else []
    except PermissionError:
        there = []
    names = fnmatch.filter(there, _PATTERN)
    return [folder / name for name in sorted(names, key=os.path.normcase)]


def is_token_file_name(name: str) -> bool:
    """Whether a file is named like a token file."""
    return fnmatch.fnmatch(name, _PATTERN)


def address_in_name(path: Path, known_names: Collection[str]) -> str:
    """The address in a token file's name, without the provider and application; empty if none."""
    stem = path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    start = max((end for end in _borders(stem) if _names_in(stem[:end], known_names)), default=0)
    return stem[start:] if "@" in stem[start:] else ""


def _borders(stem: str) -> list[int]:
    return [at + 1 for at, letter in enumerate(stem) if letter == "_"]


def _names_in(text: str, known_names: Collection[str]) -> tuple[str, str] | None:
    """Application and provider in `gmail_` or `imapsync_gmail_`; None for any other text."""
    if not text:
        return "", ""
    # With the `_`: oauth2_tokens_owned@example.com.txt doesn't belong to ed@example.com.
    known = {f"{name}_" for name in known_names if name}
    if text in known:
        return "", text[:-1]
    for application in known:  # a name may contain `_`
        if text.startswith(application) and text.removeprefix(application) in known:
            return application[:-1], text.removeprefix(application)[:-1]
    return None


def _recorded_provider(path: Path) -> str:
    """The provider that the file records; `--provider` must never take another provider's file."""
    with contextlib.suppress(AppError):
        file = read_token_file(path)
        return file.provider if file else ""
    return ""


def tokens_folder(base: Path) -> Path:
    """The folder `tokens` in the base folder, or in the user's data folder.

    The second is used if the first can't be written and has no token files yet. Raises `AppError`
    if the first is there, but the user may not look into it.
    """
    usual = Path(os.path.abspath(base)) / TOKENS
    if os.path.isdir(usual):
        _refuse_unreadable(usual)
    if token_files(usual):
        return usual
    existing = usual if os.path.exists(usual) else usual.parent
    return usual if _can_be_written(existing) else user_data_folder() / TOKENS


def can_hold_tokens(folder: Path) -> bool:
    """Whether token files can be saved in a folder; one that is missing is not left behind."""
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    try:
        make_private_folder(folder)
        return _can_be_written(folder)
    except OSError:
        return False
    finally:
        for path in missing:
            with contextlib.suppress(OSError):  # it was not made, or holds something by now
                path.rmdir()


def _refuse_unreadable(folder: Path) -> None:
    try:
        with os.scandir(folder):
            pass
    except OSError as exc:
        raise as_error(
            local_files.TOKENS_FOLDER_UNREADABLE, detail=exc.strerror or "", folder=folder
        ) from exc


def _can_be_written(folder: Path) -> bool:
    """Whether a file can be created in the folder. It is tried, with a name of the usual length.

    On Windows, os.access knows no access lists, a long path may be refused, and tempfile would try
    for ever: https://github.com/python/cpython/issues/66305
    """
    probe = folder / f".oauth2_imap_{os.urandom(_USUAL_LENGTH // 2).hex()}"
    try:
        os.close(create_private(probe))
        probe.unlink()
    except OSError:
        return False
    return True
