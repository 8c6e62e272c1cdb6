"""Replace a token file so that nothing is lost, whatever fails and whenever.

A rotated refresh token exists only in the provider's answer, so the place for it is made ready
before the question is sent: `prepare`, then ask, then `commit`. Nothing is truncated in place.
"""

import contextlib
import errno
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import AppError
from .format import LARGEST
from .read import read_regular, target_of, while_held

# As random bytes: a file system that compresses would not reserve room for zeros.
_PADDING = LARGEST
_MOUNTS = Path("/proc/self/mountinfo")


def make_folder(folder: Path) -> None:
    """Make the folder, private to the user (on Windows a private ACL, since Python 3.12.4)."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise AppError(
            f"The folder {folder} can't be made",
            detail=exc.strerror or "",
            hint="Run in a folder you may write to, or choose a file with --token_file.",
        ) from exc


class Replacement:
    """The next content's place, beside the file: private, roomy, on disk."""

    def __init__(self, target: Path) -> None:
        """Make it; where that fails nothing was asked and nothing is lost."""
        self.target = target
        self.path = new_path(target)
        self._descriptor = -1
        try:
            _refuse_mount_point(target)
            self._last_line = _follows(target)
            self._create()
        except OSError as exc:
            self.discard()
            raise AppError(
                f"There is no place to save the next token of {target.name} in {target.parent}, "
                "so none was asked for",
                detail=exc.strerror or "",
                hint="Free some space or mend the folder's permissions, then try again.",
            ) from exc

    def commit(self, content: bytes) -> None:
        """Write the content, make it durable, and put it in the file's place at once."""
        whole = content + self._last_line
        try:
            self._fill(whole)
            if not self.path.exists():  # somebody removed or moved its folder meanwhile
                self._close()
                make_folder(self.target.parent)
                self._create()
                self._fill(whole)
        except OSError as exc:
            raise AppError(
                f"The disk failed while the new tokens of {self.target.name} were written",
                detail=exc.strerror or "",
                hint="Check the disk, then run this again; you may have to sign in.",
            ) from exc
        finally:
            self._close()
        _put_in_place(self.path, self.target)

    def discard(self) -> None:
        """Take it away again, unless it was committed; the file stays as it was."""
        if self._descriptor >= 0:
            self._close()
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _create(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()  # whose it is, and who may read it, nobody knows
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(self.path, flags, 0o600)
        _keep_owner(self._descriptor, self.target)
        self._write(os.urandom(_PADDING))
        os.fsync(self._descriptor)

    def _fill(self, content: bytes) -> None:
        self._write(content)
        os.ftruncate(self._descriptor, len(content))
        os.fsync(self._descriptor)

    def _write(self, content: bytes) -> None:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        while content:
            content = content[os.write(self._descriptor, content) :]

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def prepare(path: Path) -> Iterator[Replacement]:
    """A `Replacement` that is taken away again unless it was committed."""
    replacement = Replacement(target_of(path))
    try:
        yield replacement
    finally:
        replacement.discard()


def new_path(target: Path) -> Path:
    """Where the next content waits to take the file's place."""
    return target.with_name(target.name + ".new")


def adopt(path: Path) -> bool:
    """Put a `.new` that an earlier run left in the file's place; whether there was one.

    Its last line tells which content it was to follow. It is adopted where the file still has that
    content; where another program wrote the file since, or where the line isn't there because the
    place was never used, it is taken away. To be called under the lock.
    """
    target = target_of(path)
    left = new_path(target)
    try:
        content = while_held(lambda: read_regular(left, follow=False))
        last_line = _follows(target)
    except FileNotFoundError:
        return False
    except OSError as exc:
        raise AppError(
            f"{left} can't be taken over, and newer tokens may wait in it",
            detail=exc.strerror or "",
            hint="Mend the permissions there, or delete it",
        ) from exc
    if not content.endswith(last_line):
        with contextlib.suppress(OSError):
            left.unlink()
        return False
    _put_in_place(left, target)
    return True


def without_last_line(content: bytes) -> bytes:
    """A content that was in place, ready for `commit`: that adds a line of its own."""
    return re.sub(rb"(?m)^# Follows is .*\n?", b"", content)


def _follows(target: Path) -> bytes:
    """The last line of what is to take the place of the target's content, as it is now."""
    try:
        before = while_held(lambda: read_regular(target))
    except FileNotFoundError:
        before = b""
    return b"# Follows is %s\n" % hashlib.sha256(before).hexdigest()[:16].encode()


def _put_in_place(new: Path, target: Path) -> None:
    try:
        while_held(lambda: os.replace(new, target))
    except OSError as exc:
        raise AppError(
            f"{target} can't be replaced; the new tokens wait in {new.name} beside it",
            detail=exc.strerror or "",
            hint="Mend the folder's permissions or close what holds the file, then run this "
            "again: it takes them from there",
        ) from exc
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the replacement itself durable; Windows has no such call for folders."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _keep_owner(descriptor: int, target: Path) -> None:
    """Root refreshes a user's file without taking it from them (cron, Docker)."""
    if sys.platform != "win32" and os.geteuid() == 0 and target.exists():
        owner = target.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _refuse_mount_point(target: Path) -> None:
    """Docker's bind mount of a single file can't be replaced (EBUSY): say so before asking."""
    if sys.platform != "linux":
        return
    try:
        mounts = _MOUNTS.read_bytes()
    except OSError:
        return  # a sandbox hides it
    # https://docs.kernel.org/filesystems/proc.html: octal escapes for these four in the fifth field
    path = os.fsencode(os.path.realpath(target))
    path = re.sub(rb"[ \t\n\\]", lambda found: b"\\%03o" % ord(found[0]), path)
    if any(line.split(b" ")[4] == path for line in mounts.split(b"\n") if line):
        raise OSError(errno.EBUSY, "It is a mount of a single file: mount the folder, not the file")
