"""Replace a token file so that no token is lost, whatever fails.

A new refresh token exists only in the provider's answer. So the file for it is prepared before the
provider is asked, with room for the answer: `prepare`, then ask, then `commit`. Without a refresh
token, nothing can be lost, and no room is reserved. The token file is never truncated.
"""

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ..errors import AppError, as_error
from ..files import (
    create_private,
    make_private_folder,
    put_in_place,
    replace_private,
    write_from_start,
)
from ..paths import user_data_folder
from ..verdicts import local_files
from .access import give_access_of, is_placed_by_user, refuse_mount_point, refuse_open_folder
from .format import LARGEST
from .read import read_content, target_of

log = logging.getLogger(__name__)
# Random, since a file system that compresses would reserve no room for zeros.
_padding = cache(os.urandom)


class Replacement:
    """The file `<name>.new` beside a token file: private, and with `reserve` padded and on disk.

    `target` is the token file and `path` the new file. `commit` writes the next content into it and
    puts it in the token file's place. With `keep_access` the same users as before can read it.
    """

    def __init__(self, target: Path, *, keep_access: bool, reserve: bool) -> None:
        """Create the new file; raises `AppError` if that fails, and then leaves nothing behind."""
        self.target = target
        self.path = new_path(target)
        self._keep_access = keep_access
        self._descriptor = -1
        refuse_mount_point(target)
        if keep_access:
            refuse_open_folder(target)
        try:
            self._follows = _follows(target)
            self._create()
            if reserve:
                write_from_start(self._descriptor, _padding(LARGEST))
                os.fsync(self._descriptor)
        except OSError as exc:
            self.discard()
            raise as_error(
                local_files.NO_ROOM_FOR_TOKEN, detail=exc.strerror or "", path=target
            ) from exc

    def commit(self, content: bytes) -> None:
        """Write the content, flush it to the disk, and replace the token file with it at once.

        Raises `AppError`. If only the last step failed, the content waits in `path` for `adopt`. If
        it can't be written there, not even into a new file, it waits in `second_path`.
        """
        whole = _closed(content, self._follows)
        try:
            self._write(whole)
        except (OSError, AppError) as exc:
            self.discard()
            raise _saved_elsewhere(self.target, whole, exc) from exc
        finally:
            self._close()
        _put_in_place(self.path, self.target)

    def discard(self) -> None:
        """Remove the new file, unless it was committed. The token file is unchanged."""
        if self._descriptor >= 0:
            self._close()
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _create(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()  # a leftover may belong to somebody else, or be open to others
        self._descriptor = create_private(self.path)
        if self._keep_access:
            give_access_of(self.target, self._descriptor)

    def _write(self, content: bytes) -> None:
        """Write into the prepared file; if it fails or the file is gone, into a new one."""
        try:
            self._fill(content)
            if self.path.exists():
                return
        except OSError as exc:  # btrfs needs new room even to write over what is there
            log.warning("%s can't be written: %s; trying a new file", self.path, exc.strerror)
        self._close()
        make_private_folder(self.target.parent)
        self._create()
        self._fill(content)

    def _fill(self, content: bytes) -> None:
        write_from_start(self._descriptor, content)
        os.ftruncate(self._descriptor, len(content))
        os.fsync(self._descriptor)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def prepare(path: Path, *, keep_access: bool = True, reserve: bool = True) -> Iterator[Replacement]:
    """A `Replacement` for a token file; it is removed at the end unless it was committed.

    `reserve` is for content that could not be had again if the disk were full.

    With `keep_access`, its owner, group and permissions are those of the file that it replaces;
    without, only the user can read it. Raises `AppError` if it can't be created, or if the path is
    a link into another folder.
    """
    replacement = Replacement(target_of(path), keep_access=keep_access, reserve=reserve)
    try:
        yield replacement
    finally:
        replacement.discard()


def new_path(target: Path) -> Path:
    """The file beside a token file in which its next content waits."""
    return target.with_name(target.name + ".new")


def second_path(target: Path) -> Path:
    """The file in the user's data folder in which the next content waits if the disk failed."""
    place = os.path.normcase(os.path.abspath(target))
    return _second_folder() / f"{_hash(os.fsencode(place))[:32]}.txt"


def _second_folder() -> Path:
    return user_data_folder() / "unsaved"


def has_second_folder() -> bool:
    """Whether a disk has failed for this user; else nothing waits in any `second_path`."""
    return os.path.exists(_second_folder())


def waiting_path(path: Path, second: bool | None = None) -> Path | None:
    """The file in which newer tokens may wait for a token file; None if there is none.

    For a link that is not followed there is none either. `second`: `has_second_folder()`, if known.
    """
    return next((place for place, is_ours in _found(path, second) if is_ours), None)


def foreign_path(path: Path, second: bool | None = None) -> Path | None:
    """The file of another user where newer tokens could wait; `adopt` never uses it."""
    return next((place for place, is_ours in _found(path, second) if not is_ours), None)


def _found(path: Path, second: bool | None) -> Iterator[tuple[Path, bool]]:
    """The files in which newer tokens may wait, and whether `adopt` would use them."""
    with contextlib.suppress(AppError, OSError):  # OSError: it has just been removed
        target = target_of(path)
        for place in _places(target, second):
            if os.path.exists(place):
                yield place, is_placed_by_user(place, target)


def adopt(path: Path) -> Path | None:
    """Put the content that an earlier run could not save in the token file's place.

    It waits in `new_path` or in `second_path`. Its last line names the content that it was to
    replace, and shows that it is whole. If the token file still has that content, it is adopted. It
    is removed if another program has written the token file since, if nothing was committed, or if
    another user placed it there. What follows the line is padding: the run ended before it was cut
    off.

    Call it under the lock. Returns where the content was, or None. Raises `AppError` if one of the
    files can't be read or replaced.
    """
    target = target_of(path)
    found = [waiting for waiting in _places(target) if _adopt(waiting, target)]
    return found[-1] if found else None


def _places(target: Path, second: bool | None = None) -> Iterator[Path]:
    yield new_path(target)
    if has_second_folder() if second is None else second:
        yield second_path(target)


def _adopt(waiting: Path, target: Path) -> bool:
    if not os.path.lexists(waiting):  # also if the user may not look into the folder
        return False
    try:
        content = read_content(waiting, follow=False)
        follows = _follows(target)
    except FileNotFoundError:
        return False
    except OSError as exc:
        raise as_error(
            local_files.NEW_FILE_UNUSABLE, detail=exc.strerror or "", new_file=waiting
        ) from exc
    committed = _committed(content, follows)
    if committed is None or not is_placed_by_user(waiting, target):
        with contextlib.suppress(OSError):
            waiting.unlink()
        return False
    if waiting == new_path(target):
        _cut(waiting, len(_closed(committed, follows)))
        _put_in_place(waiting, target)
    else:
        with prepare(target) as replacement:
            replacement.commit(committed)
        with contextlib.suppress(OSError):  # the next run removes it
            waiting.unlink()
    return True


def _cut(file: Path, length: int) -> None:
    """Cut off the padding, if there is any, and flush that to the disk."""
    if file.stat().st_size == length:
        return
    descriptor = os.open(file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        os.ftruncate(descriptor, length)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def without_last_line(content: bytes) -> bytes:
    """A token file's content without the line that `commit` added, ready for another `commit`."""
    return re.sub(rb"(?m)^# Follows is .*\n?", b"", content)


def _saved_elsewhere(target: Path, content: bytes, cause: Exception) -> AppError:
    """Write the content into the second place; the error that says where it is now."""
    second, detail = second_path(target), getattr(cause, "strerror", "") or ""
    try:
        make_private_folder(second.parent)
        replace_private(second, content)
    except OSError as exc:
        log.error("%s can't be written either: %s", second, exc.strerror)
        return as_error(local_files.TOKENS_NOT_WRITTEN, detail=detail, path=target)
    verdict = local_files.TOKENS_WRITTEN_ELSEWHERE
    return as_error(verdict, detail=detail, path=target, new_file=second)


def _follows(target: Path) -> bytes:
    """The beginning of a new file's last line: a hash of the content that it is to replace."""
    try:
        before = read_content(target)
    except FileNotFoundError:
        before = b""
    return b"# Follows is %s " % _digest(before)


def _closed(content: bytes, follows: bytes) -> bytes:
    """The content with its last line, which shows that it is whole."""
    return content + follows + _digest(content) + b"\n"


def _committed(found: bytes, follows: bytes) -> bytes | None:
    """What was committed, if a file has all of it; what is behind it is padding."""
    content, line, _ = found.partition(follows)
    closed = _closed(content, follows)
    return content if line and found.startswith(closed) else None


def _digest(content: bytes) -> bytes:
    return _hash(content)[:16].encode()


def _hash(content: bytes) -> str:
    import hashlib  # imported late, since it loads OpenSSL, and a fresh token needs no hash

    return hashlib.sha256(content).hexdigest()


def _put_in_place(new: Path, target: Path) -> None:
    try:
        put_in_place(new, target)
    except OSError as exc:
        raise as_error(
            local_files.TOKEN_FILE_NOT_REPLACED,
            detail=exc.strerror or "",
            path=target,
            new_file=new,
        ) from exc
