"""Where a token file lies: whether imapsync sees a file there at all, and who else can read it."""

import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import AppError
from ..tokenfile.read import target_of
from ..tokenfile.readers import other_readers
from ..tokenfile.save import new_path
from .finding import MEND, Finding
from .reading import Reading, TakenAs
from .tokens import kind_of

DOCKER_MARK = Path("/.dockerenv")
_LONGEST_NAME = 255  # on any file system, in bytes; tokens are longer
_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """What was given, and what lies there; `mode` is 0 where nothing does.

    `shared` is Windows' alone: its access list lets other people read it.
    """

    given: str
    mode: int
    readable: bool
    new_waits: bool
    in_docker: bool
    looks_like_token: bool
    shared: bool = False


@dataclass(frozen=True, slots=True)
class PlaceCheck:
    """A row of the table."""

    name: str
    applies: Callable[[CheckedPlace], bool]
    sentence: str
    todo: str
    fixable: bool = False


def check_place(given: str, reading: Reading, docker_mark: Path) -> tuple[Finding, ...]:
    """What is wrong with the place."""
    place = CheckedPlace(
        given,
        mode=_mode(given),
        readable=reading.taken_as is TakenAs.FILE,
        new_waits=_new_waits(given),
        in_docker=docker_mark.exists(),
        looks_like_token=looks_like_token(given),
        shared=sys.platform == "win32" and bool(other_readers(Path(given))),
    )
    return tuple(
        Finding(check.name, check.sentence, check.todo, check.fixable)
        for check in PLACE_CHECKS
        if check.applies(place)
    )


def looks_like_token(given: str) -> bool:
    """Whether a token itself was given: it looks like one, and no such file is there."""
    long = len(os.fsencode(os.path.basename(given))) > _LONGEST_NAME
    return bool(long or kind_of(given)) and _mode(given) == 0


def _mode(given: str) -> int:
    try:
        return os.stat(given).st_mode
    except (OSError, ValueError):
        return 0


def _new_waits(given: str) -> bool:
    try:
        return os.path.exists(new_path(target_of(Path(given))))
    except (AppError, ValueError):  # a link elsewhere, or a name that none can be
        return False


def _is_special(place: CheckedPlace) -> bool:
    return place.mode != 0 and not (stat.S_ISREG(place.mode) or stat.S_ISDIR(place.mode))


def _is_lost_in_docker(place: CheckedPlace) -> bool:
    return place.in_docker and not place.looks_like_token and not os.path.isabs(place.given)


def is_open_to_others(mode: int) -> bool:
    """Whether more than the owner may read or write a regular file.

    On Windows the mode says nothing: the access list decides there (`CheckedPlace.shared`).
    """
    return sys.platform != "win32" and stat.S_ISREG(mode) and bool(mode & _OTHERS)


_TAKEN = "imapsync takes the path itself for the token and is refused"
PLACE_CHECKS: tuple[PlaceCheck, ...] = (
    PlaceCheck(
        "token_itself",
        lambda place: place.looks_like_token,
        "The token itself was given: every user of the computer sees it among the processes, "
        "imapsync prints it into its log, and it can't be renewed during a run",
        "Keep it in a file and give imapsync the file's absolute path",
    ),
    PlaceCheck(
        "missing",
        lambda place: place.mode == 0 and not place.looks_like_token,
        f"There is no such file here, or its folder can't be entered: {_TAKEN}",
        "Give imapsync the absolute path that oauth2_imap prints",
    ),
    PlaceCheck(
        "directory",
        lambda place: stat.S_ISDIR(place.mode),
        f"It is a folder: {_TAKEN}",
        "Give the path of the file in it",
    ),
    PlaceCheck(
        "no_regular_file",
        _is_special,
        f"It is a pipe or a device, no regular file: {_TAKEN}",
        "Keep the token in a regular file",
    ),
    PlaceCheck(
        "unreadable",
        lambda place: stat.S_ISREG(place.mode) and not place.readable,
        f"You may not read it; where that goes for imapsync too, {_TAKEN}",
        "Make it yours and readable by you alone, or run as its owner",
    ),
    PlaceCheck(
        "relative_path",
        _is_lost_in_docker,
        "The path is relative, and in Docker imapsync goes to another folder before it looks: then "
        + _TAKEN,
        "Give imapsync the absolute path",
    ),
    PlaceCheck(
        "open_to_others",
        lambda place: is_open_to_others(place.mode),
        "Other users of this computer can read or change it, and whoever reads it can open the "
        "mailbox",
        MEND,
        fixable=True,
    ),
    PlaceCheck(
        "shared",
        lambda place: place.shared,
        "Its access list lets other users of this computer read it, and whoever reads it can open "
        "the mailbox",
        "Keep it in a folder of your own, or take their rights away under Properties, Security",
    ),
    PlaceCheck(
        "new_waits",
        lambda place: place.new_waits,
        "A file ….new lies beside it: an earlier run was torn off, or one is at work just now; "
        "newer tokens may wait there",
        f"{MEND}: it takes over what is newer",
        fixable=True,
    ),
)
