"""The place of a token file: whether imapsync finds a file there, and who else can read it."""

import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..i18n.translation import N_, _
from ..tokenfile.access import has_other_names, is_mounted, is_open_folder
from ..tokenfile.lock import refuses_locks
from ..tokenfile.readers import other_readers
from ..tokenfile.save import foreign_path, waiting_path
from .finding import RUN_FIX, Finding
from .reading import Reading, TakenAs
from .tokens import kind_of

DOCKER_MARK = Path("/.dockerenv")
_LONGEST_NAME = 255  # on any file system, in bytes; tokens are longer
_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """The given path and what is there; `mode` is 0 if nothing is there.

    `shared` is set on Windows only, if the access list lets other users read the file.
    """

    given: str
    mode: int
    readable: bool
    new_waits: bool
    in_docker: bool
    looks_like_token: bool
    shared: bool = False
    other_names: bool = False
    mounted: bool = False
    open_folder: bool = False
    no_locks: bool = False
    foreign_new: bool = False


@dataclass(frozen=True, slots=True)
class PlaceCheck:
    """One row of the table: when it applies, and the finding that it gives."""

    name: str
    applies: Callable[[CheckedPlace], bool]
    message: str
    hint: str
    fixable: bool = False


def check_place(given: str, reading: Reading, docker_mark: Path) -> tuple[Finding, ...]:
    """List what is wrong with the place."""
    mode = _mode(given)
    is_regular = stat.S_ISREG(mode)
    place = CheckedPlace(
        given,
        mode=mode,
        readable=reading.taken_as is TakenAs.FILE,
        new_waits=_is_found(waiting_path, given),
        foreign_new=_is_found(foreign_path, given),
        in_docker=docker_mark.exists(),
        looks_like_token=looks_like_token(given),
        shared=sys.platform == "win32" and bool(other_readers(Path(given))),
        other_names=is_regular and has_other_names(Path(given)),
        mounted=is_regular and is_mounted(Path(given)),
        open_folder=is_regular and is_open_folder(Path(given).absolute().parent),
        no_locks=is_regular and refuses_locks(Path(given)),
    )
    return tuple(
        Finding(check.name, _(check.message), _(check.hint), check.fixable)
        for check in PLACE_CHECKS
        if check.applies(place)
    )


def looks_like_token(given: str) -> bool:
    """Whether a token was given instead of a path: it looks like one, and there is no such file."""
    long = len(os.fsencode(os.path.basename(given))) > _LONGEST_NAME
    return bool(long or kind_of(given)) and _mode(given) == 0


def _mode(given: str) -> int:
    try:
        return os.stat(given).st_mode
    except (OSError, ValueError):
        return 0


def _is_found(place: Callable[[Path], Path | None], given: str) -> bool:
    try:
        return place(Path(given)) is not None
    except ValueError:  # an impossible file name
        return False


def _is_special(place: CheckedPlace) -> bool:
    return place.mode != 0 and not (stat.S_ISREG(place.mode) or stat.S_ISDIR(place.mode))


def _is_lost_in_docker(place: CheckedPlace) -> bool:
    return place.in_docker and not place.looks_like_token and not os.path.isabs(place.given)


def is_open_to_others(mode: int) -> bool:
    """Whether other users than the owner may read or write a regular file.

    On Windows this is always False: the access list decides there (`CheckedPlace.shared`).
    """
    return sys.platform != "win32" and stat.S_ISREG(mode) and bool(mode & _OTHERS)


PLACE_CHECKS: tuple[PlaceCheck, ...] = (
    PlaceCheck(
        "token_itself",
        lambda place: place.looks_like_token,
        N_(
            "This is a token, not the path of a file. Every user of this computer can see it in "
            "the list of processes, imapsync writes it to its log, and it can't be refreshed "
            "during a run"
        ),
        N_("Save the token in a file and give imapsync the absolute path of the file"),
    ),
    PlaceCheck(
        "missing",
        lambda place: place.mode == 0 and not place.looks_like_token,
        N_(
            "There is no such file, or its folder can't be opened. imapsync uses the path itself "
            "as the token, and the server refuses it"
        ),
        N_("Give imapsync the absolute path that oauth2_imap prints"),
    ),
    PlaceCheck(
        "directory",
        lambda place: stat.S_ISDIR(place.mode),
        N_(
            "This is a folder. imapsync uses the path itself as the token, and the server refuses "
            "it"
        ),
        N_("Give the path of the token file in this folder"),
    ),
    PlaceCheck(
        "no_regular_file",
        _is_special,
        N_(
            "This is a pipe or a device, not a regular file. imapsync uses the path itself as the "
            "token, and the server refuses it"
        ),
        N_("Save the token in a regular file"),
    ),
    PlaceCheck(
        "unreadable",
        lambda place: stat.S_ISREG(place.mode) and not place.readable,
        N_(
            "You are not allowed to read this file. If imapsync is not allowed either, it uses the "
            "path itself as the token, and the server refuses it"
        ),
        N_("Become the owner and the only reader of the file, or run imapsync as its owner"),
    ),
    PlaceCheck(
        "relative_path",
        _is_lost_in_docker,
        N_(
            "The path is relative. In Docker, imapsync changes to another folder and does not find "
            "the file. It uses the path itself as the token, and the server refuses it"
        ),
        N_("Give imapsync the absolute path"),
    ),
    PlaceCheck(
        "open_to_others",
        lambda place: is_open_to_others(place.mode),
        N_(
            "Other users of this computer can read or change this file. Anyone who reads it can "
            "open the mailbox"
        ),
        RUN_FIX,
        fixable=True,
    ),
    PlaceCheck(
        "shared",
        lambda place: place.shared,
        N_(
            "The access list of this file lets other users of this computer read it. Anyone who "
            "reads it can open the mailbox"
        ),
        N_(
            "Move the file to a folder of your own, or remove the permissions of the other users "
            "under Properties, Security"
        ),
    ),
    PlaceCheck(
        "hard_link",
        lambda place: place.other_names,
        N_(
            "The file has a second name (hard link). A refresh replaces it under this name only, "
            "so a program that reads it under the other name keeps the old token"
        ),
        N_("Delete the other name, and give every program this path"),
    ),
    PlaceCheck(
        "mounted_file",
        lambda place: place.mounted,
        N_("The file is mounted as a single file, so a refresh can't replace it here"),
        N_("Mount its folder instead"),
    ),
    PlaceCheck(
        "no_locks",
        lambda place: place.no_locks,
        N_(
            "The file system of this file has no locks, so oauth2_imap does not refresh it here: "
            "two programs could use the same refresh token at the same time. Some network drives, "
            "FUSE file systems and container volumes are like this"
        ),
        N_("Move the file to a local disk, or ask the administrator to allow file locks"),
    ),
    PlaceCheck(
        "open_folder",
        lambda place: place.open_folder,
        N_(
            "Other users can write in the folder of this file. They could put another token file "
            "in its place"
        ),
        N_("Let only yourself write in the folder"),
    ),
    PlaceCheck(
        "foreign_new",
        lambda place: place.foreign_new,
        N_(
            "A file with the same name and the ending .new belongs to another user. oauth2_imap "
            "never uses it"
        ),
        N_("Find out who put it there, and delete it"),
    ),
    PlaceCheck(
        "new_waits",
        lambda place: place.new_waits,
        N_(
            "Newer tokens may wait in a file with the same name and the ending .new, or in the "
            "data folder of your user account. An earlier run was interrupted, the disk failed, or "
            "another run is saving tokens now"
        ),
        N_("Run oauth2_imap doctor --fix FILE. It takes over the newer tokens"),
        fixable=True,
    ),
)
