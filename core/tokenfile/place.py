"""Where the token file of an address lies: its names, old and new, and the folder."""

import contextlib
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from ..errors import AppError, UsageProblem
from ..paths import TOKENS, user_data_folder
from .read import read_token_file

_PREFIX = "oauth2_tokens_"
_SUFFIX = ".txt"
_USUAL_LENGTH = 96  # of a token file's name, with the folder "tokens" and what stands beside it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is there under one of an address's names, and what the name says.

    Where the name has no provider, what the file says; empty where neither does.
    """

    path: Path
    provider: str
    application: str


def file_name(address: str, provider: str = "") -> str:
    """The name for a new file; a provider chosen explicitly is part of it, so both sides fit."""
    return f"{_PREFIX}{provider + '_' if provider else ''}{address}{_SUFFIX}"


def place_of(
    address: str,
    folder: Path,
    *,
    provider: str,
    application: str,
    known_names: Collection[str],
    unnamed_belongs_to: Callable[[], str],
) -> Path:
    """The file of an address: the one of its name, else the only one under another name, else new.

    `provider` and `application` are what the person chose explicitly ("" for nothing chosen). The
    original's `oauth2_tokens_<application>_<provider>_<address>.txt` counts too. A file that names
    no provider, neither in its name nor inside, is that of the provider which
    `unnamed_belongs_to` finds for the address; "" where that can't be told.
    """
    wanted = folder / file_name(address, provider)
    if os.path.exists(wanted):  # unlike pathlib it raises for no name and no folder
        return wanted
    found = [
        candidate
        for candidate in candidates(address, folder, known_names)
        if provider in ("", candidate.provider or unnamed_belongs_to() or provider)
        if application in ("", candidate.application) or not candidate.application
    ]
    if len(found) > 1:
        raise UsageProblem(
            f"There are {len(found)} token files for {address}: "
            + ", ".join(candidate.path.name for candidate in found),
            hint="Say which one with --provider, or name it with --token_file.",
        )
    return found[0].path if found else wanted


def candidates(address: str, folder: Path, known_names: Collection[str]) -> list[Candidate]:
    """The files in the folder that bear this address's name, in alphabetical order.

    Only names of known providers and applications count before the address: `_` may be part of an
    address, so `oauth2_tokens_jane_doe@example.com.txt` isn't doe@example.com's.
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
    """What a file's name says of provider and application; empty where it says nothing."""
    stem = path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    before = stem[: -len(address)] if stem.casefold().endswith(address.casefold()) else "?"
    application, provider = _names_in(before, known_names) or ("", "")
    return Candidate(path, provider, application)


def token_files(folder: Path) -> list[Path]:
    """All files of a folder that bear a token file's name, in alphabetical order."""
    return sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}")) if os.path.isdir(folder) else []


def address_in_name(path: Path, known_names: Collection[str]) -> str:
    """The address in a token file's name; a provider and an application before it are left out."""
    stem = path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    start = max((end for end in _borders(stem) if _names_in(stem[:end], known_names)), default=0)
    return stem[start:] if "@" in stem[start:] else ""


def _borders(stem: str) -> list[int]:
    return [at + 1 for at, letter in enumerate(stem) if letter == "_"]


def _names_in(text: str, known_names: Collection[str]) -> tuple[str, str] | None:
    """Application and provider out of `gmail_` or `imapsync_gmail_`; None for anything else."""
    if not text:
        return "", ""
    # With the `_`, since oauth2_tokens_owned@example.com.txt isn't ed@example.com's.
    known = {f"{name}_" for name in known_names if name}
    if text in known:
        return "", text[:-1]
    for application in known:  # a name may hold `_` itself
        if text.startswith(application) and text.removeprefix(application) in known:
            return application[:-1], text.removeprefix(application)[:-1]
    return None


def _recorded_provider(path: Path) -> str:
    """What the file itself says, so that `--provider` never takes the other side's file."""
    with contextlib.suppress(AppError):
        file = read_token_file(path)
        return file.provider if file else ""
    return ""


def tokens_folder(base: Path) -> Path:
    """`tokens` below the base, or below the user's data folder where that can't be written.

    Files that are there already are used where they lie: what fails then says so.
    """
    usual = Path(os.path.abspath(base)) / TOKENS
    if token_files(usual):
        return usual
    existing = usual if os.path.exists(usual) else usual.parent
    return usual if _can_be_written(existing) else user_data_folder() / TOKENS


def _can_be_written(folder: Path) -> bool:
    """By trying, since os.access knows no access lists on Windows.

    Not by tempfile, which goes on trying there for ever: https://github.com/python/cpython/issues/66305
    Its name is as long as a token file's may well be, since Windows may refuse long paths.
    """
    probe = folder / f".oauth2_imap_{secrets.token_hex(_USUAL_LENGTH // 2)}"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError:
        return False
    return True
