"""Replace a token file so that no token is lost, whatever fails.

A new refresh token exists only in the provider's answer. So the file for it is prepared before the
provider is asked: `prepare`, then ask, then `commit`. The token file is never truncated.
"""

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import as_error
from ..files import create_private, keep_owner, make_folder, put_in_place, write_from_start
from ..verdicts import local_files
from .format import LARGEST
from .read import read_content, target_of

# The padding is random: a file system that compresses would reserve no room for zeros.
_PADDING = LARGEST
_MOUNTS = Path("/proc/self/mountinfo")


class Replacement:
    """The file `<name>.new` beside a token file: private, padded and on disk.

    `target` is the token file and `path` the new file. `commit` writes the next content into it and
    puts it in the token file's place.
    """

    def __init__(self, target: Path) -> None:
        """Create the new file; raises `AppError` if that fails, and then leaves nothing behind."""
        self.target = target
        self.path = new_path(target)
        self._descriptor = -1
        _refuse_mount_point(target)
        try:
            self._last_line = _follows(target)
            self._create()
        except OSError as exc:
            self.discard()
            raise as_error(
                local_files.NO_ROOM_FOR_TOKEN, detail=exc.strerror or "", path=target
            ) from exc

    def commit(self, content: bytes) -> None:
        """Write the content, flush it to the disk, and replace the token file with it at once.

        Raises `AppError`. If only the last step failed, the content waits in `path` for `adopt`.
        """
        whole = content + self._last_line
        try:
            self._fill(whole)
            if not self.path.exists():  # somebody has removed the file or moved its folder
                self._close()
                make_folder(self.target.parent)
                self._create()
                self._fill(whole)
        except OSError as exc:
            raise as_error(
                local_files.TOKENS_NOT_WRITTEN, detail=exc.strerror or "", path=self.target
            ) from exc
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
        keep_owner(self._descriptor, self.target)
        write_from_start(self._descriptor, os.urandom(_PADDING))
        os.fsync(self._descriptor)

    def _fill(self, content: bytes) -> None:
        write_from_start(self._descriptor, content)
        os.ftruncate(self._descriptor, len(content))
        os.fsync(self._descriptor)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def prepare(path: Path) -> Iterator[Replacement]:
    """A `Replacement` for a token file; it is removed at the end unless it was committed.

    Raises `AppError` if it can't be created, or if the path is a link into another folder.
    """
    replacement = Replacement(target_of(path))
    try:
        yield replacement
    finally:
        replacement.discard()


def new_path(target: Path) -> Path:
    """The file beside a token file in which its next content waits."""
    return target.with_name(target.name + ".new")


def adopt(path: Path) -> bool:
    """Put the `.new` that an earlier run left in the token file's place; whether it did.

    The last line of `.new` names the content that it was to replace. If the token file still has
    that content, `.new` is adopted. It is removed if another program has written the token file
    since, or if the line is missing because nothing was committed.

    Call it under the lock. Raises `AppError` if one of the two files can't be read or replaced.
    """
    target = target_of(path)
    left = new_path(target)
    try:
        content = read_content(left, follow=False)
        last_line = _follows(target)
    except FileNotFoundError:
        return False
    except OSError as exc:
        raise as_error(
            local_files.NEW_FILE_UNUSABLE, detail=exc.strerror or "", new_file=left
        ) from exc
    if not content.endswith(last_line):
        with contextlib.suppress(OSError):
            left.unlink()
        return False
    _put_in_place(left, target)
    return True


def without_last_line(content: bytes) -> bytes:
    """A token file's content without the line that `commit` added, ready for another `commit`."""
    return re.sub(rb"(?m)^# Follows is .*\n?", b"", content)


def _follows(target: Path) -> bytes:
    """The last line of a new file: a hash of the content that it is to replace."""
    try:
        before = read_content(target)
    except FileNotFoundError:
        before = b""
    return b"# Follows is %s\n" % hashlib.sha256(before).hexdigest()[:16].encode()


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


def _refuse_mount_point(target: Path) -> None:
    """Raise `AppError` for a single file that Docker has mounted: it can't be replaced (EBUSY)."""
    if sys.platform != "linux":
        return
    try:
        mounts = _MOUNTS.read_bytes()
    except OSError:
        return  # a sandbox hides the list
    # The fifth field of a line is the mount point, with octal escapes for these four characters:
    # https://docs.kernel.org/filesystems/proc.html
    path = os.fsencode(os.path.realpath(target))
    path = re.sub(rb"[ \t\n\\]", lambda found: b"\\%03o" % ord(found[0]), path)
    if any(line.split(b" ")[4] == path for line in mounts.split(b"\n") if line):
        raise as_error(local_files.TOKEN_FILE_IS_MOUNTED, path=target)
