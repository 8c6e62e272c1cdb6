"""The file of a mailbox's history: in the user's data folder, private, and never large.

Each mailbox has a file of its own. So processes that refresh different mailboxes don't meet, and a
window reads only the file that it shows. The name is made of the token file's path: a token file
that was moved has a new history.

Nothing here raises an error. If a file can't be written, the history is lost and the refresh goes
on. Two processes that shorten the same file at the same moment may lose an entry; on Windows also
two that add one.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..errors import AppError
from ..files import append_private, make_private_folder, read_regular, replace_private
from ..paths import file_name_for, user_data_folder
from .entry import Entry, Happened, entries_of, line_of

log = logging.getLogger(__name__)

FOLDER = "history"  # in the user's data folder
FULL = 8 * 1024  # bytes; then the file is shortened
OLDEST = 30 * 86400.0  # seconds; four of Google's weeks
_READ_AT_MOST = 8 * FULL  # a longer file isn't ours
_RECENT = 32  # entries that stay as they are
_SAME_OUTAGE = 3600.0  # seconds between two failures


def append(token_file: Path, entry: Entry) -> None:
    """Add an entry to the history of a token file."""
    try:
        path = file_of(token_file)
        make_private_folder(path.parent)
        if _is_full(path):
            replace_private(path, _content(shortened([*read(token_file), entry], entry.at)))
        else:
            append_private(path, line_of(entry))
    except (OSError, AppError) as exc:
        log.debug("the history of %s is not written: %s", token_file, type(exc).__name__)


def read(token_file: Path) -> list[Entry]:
    """The history of a token file, by time; what can't be read is left out."""
    try:
        content = read_regular(file_of(token_file), limit=_READ_AT_MOST, follow=False)
    except (OSError, AppError):
        return []
    return entries_of(content)


def names() -> frozenset[str]:
    """The names of all histories, to ask about many token files at once; see `file_of`."""
    try:
        return frozenset(os.listdir(user_data_folder() / FOLDER))
    except (OSError, AppError):
        return frozenset()


def delete(token_file: Path) -> None:
    """Delete the history of a token file."""
    try:
        file_of(token_file).unlink(missing_ok=True)
    except (OSError, AppError) as exc:
        log.debug("the history of %s is not deleted: %s", token_file, type(exc).__name__)


def tidy(now: float) -> None:
    """Delete the histories to which nothing was added for so long that all of it is too old.

    Their token files were moved, or another program has deleted them.
    """
    try:
        with os.scandir(user_data_folder() / FOLDER) as files:
            old = [file.path for file in files if file.stat().st_mtime < now - OLDEST]
        for path in old:
            os.unlink(path)
    except (OSError, AppError) as exc:
        log.debug("old histories are not deleted: %s", type(exc).__name__)


def file_of(token_file: Path) -> Path:
    """The path of a token file's history; raises `AppError` if there is no folder for it."""
    return user_data_folder() / FOLDER / f"{file_name_for(token_file)}.jsonl"


def shortened(entries: Iterable[Entry], now: float) -> list[Entry]:
    """Leave out what is too old, and put refreshes without a gap between them together.

    The newest entries stay as they are. If that is not enough, the oldest are left out.
    """
    known = [entry for entry in entries if entry.end >= now - OLDEST]
    kept = [*_merged(known[:-_RECENT]), *known[-_RECENT:]]
    while len(_content(kept)) > FULL // 2:
        kept = kept[len(kept) // 4 + 1 :]
    return kept


def _merged(entries: Iterable[Entry]) -> Iterator[Entry]:
    before: Entry | None = None
    for entry in entries:
        if before is not None and _continues(before, entry):
            before = replace(before, until=max(before.end, entry.end))
            continue
        if before is not None:
            yield before
        before = entry
    if before is not None:
        yield before


def _continues(before: Entry, entry: Entry) -> bool:
    if (before.what, before.verdict) != (entry.what, entry.verdict):
        return False
    if entry.failed:
        return entry.at <= before.end + _SAME_OUTAGE
    return entry.what is Happened.REFRESHED and entry.at <= before.end


def _content(entries: Iterable[Entry]) -> bytes:
    return b"".join(map(line_of, entries))


def _is_full(path: Path) -> bool:
    try:
        return path.stat().st_size > FULL
    except FileNotFoundError:
        return False
