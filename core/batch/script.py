"""Writes one script for imapsync for all pairs of a list whose tokens are there.

The passwords of the list are written into private files beside the script.
"""

import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from ..errors import as_error
from ..files import make_private_folder, replace_private
from ..imapsync.command import Side
from ..imapsync.pair_script import (
    SUFFIXES,
    PairCommand,
    PasswordSide,
    has_known_suffix,
    script_of,
)
from ..mailbox.resolve import mailbox_of
from ..model import State
from ..verdicts import local_batch
from .batch import Batch
from .entries import Listed, Pair, PasswordLogin

_TITLE = "Line {line}"
_LEFT_OUT = "Line {line} is left out: a mailbox has no valid token."
_FOLDER = "{stem}_passwords"
_PASSWORD_FILE = "line{line}_password{number}"  # noqa: S105  # the name of a file


@dataclass(frozen=True, slots=True)
class Written:
    """How many pairs are in the script, and how many are left out."""

    pairs: int
    left_out: int


def check_script(script: Path) -> None:
    """Raise `UsageProblem` if no script can have this name."""
    if not has_known_suffix(script):
        raise as_error(local_batch.SCRIPT_OF_UNKNOWN_KIND, suffixes=", ".join(SUFFIXES))


def write_script(batch: Batch, script: Path) -> Written:
    """Write the script and the files with the passwords.

    Raises `UsageProblem` if the list has no pairs, and another `AppError` if a file can't be
    written.
    """
    if not batch.found.pairs:
        raise as_error(local_batch.LIST_WITHOUT_PAIRS)
    script = script.absolute()
    ready = [pair for pair in batch.found.pairs if _is_ready(batch, pair)]
    left_out = [pair.line for pair in batch.found.pairs if not _is_ready(batch, pair)]
    notes = [_LEFT_OUT.format(line=line) for line in left_out]
    try:
        commands = [_command(batch, pair, script) for pair in ready]
        replace_private(script, script_of(commands, notes, script.suffix.lower()))
        if sys.platform != "win32":
            script.chmod(script.stat().st_mode | stat.S_IXUSR)
    except OSError as exc:
        raise as_error(
            local_batch.SCRIPT_NOT_WRITTEN, detail=exc.strerror or "", path=script
        ) from exc
    return Written(len(ready), len(left_out))


def _is_ready(batch: Batch, pair: Pair) -> bool:
    """Whether each side has a password or a valid token."""
    sides = (pair.source, pair.destination)
    return all(
        isinstance(side, PasswordLogin) or batch.state_of(side) is State.FRESH for side in sides
    )


def _command(batch: Batch, pair: Pair, script: Path) -> PairCommand:
    source = _side(batch, pair.source, _PASSWORD_FILE.format(line=pair.line, number=1), script)
    destination = _side(
        batch, pair.destination, _PASSWORD_FILE.format(line=pair.line, number=2), script
    )
    return PairCommand(_TITLE.format(line=pair.line), source, destination, pair.options)


def _side(
    batch: Batch, side: Listed | PasswordLogin, name: str, script: Path
) -> Side | PasswordSide:
    """A side as imapsync gets it; `name` is that of the file for its password."""
    if isinstance(side, PasswordLogin):
        folder = script.with_name(_FOLDER.format(stem=script.stem))
        make_private_folder(folder)
        replace_private(folder / name, f"{side.password}\n".encode())
        return PasswordSide(side.host, side.user, folder / name)
    mailbox = mailbox_of(batch.task_of(side).job)
    if side.host and side.host != mailbox.registration.imap_host:
        return Side(side.address, mailbox.path, side.host)
    registration = mailbox.registration
    return Side(
        side.address,
        mailbox.path,
        registration.imap_host,
        registration.imap_port,
        registration.imap_starttls,
    )
