"""Who may read and replace a token file. A refresh keeps that; Windows has access lists instead.

A container's user may have been let in on purpose: imapsync's official image runs as nobody.
"""

import os
import re
import stat
import sys
from collections.abc import Collection
from pathlib import Path

from ..errors import as_error
from ..i18n.translation import N_, _
from ..verdicts import local_files

_ACCESS_LIST = "system.posix_acl_access"  # acl(5)
_MOUNTS = Path("/proc/self/mountinfo")
_OPEN_FOLDER = N_(
    "Other users can write in {folder}. They could put another token file there, or take yours "
    "away. Let only yourself write in the folder."
)
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_KEPT = 0o775  # the permissions that a refresh keeps: not that others may write


def give_access_of(file: Path, descriptor: int) -> None:
    """Give an open file the owner, group and permissions of another file, if that exists.

    Raises `AppError` if somebody who can read that file could not read the new one, and `OSError`.
    """
    if sys.platform == "win32":
        return
    try:
        old = os.stat(file)
    except FileNotFoundError:
        return
    new, mode = os.fstat(descriptor), stat.S_IMODE(old.st_mode)
    for name, differs, reads in (
        ("owner", old.st_uid != new.st_uid, mode & stat.S_IRUSR),
        ("group", old.st_gid != new.st_gid, mode & stat.S_IRGRP),
    ):
        if not differs:
            continue
        try:
            os.fchown(descriptor, *((old.st_uid, -1) if name == "owner" else (-1, old.st_gid)))
        except PermissionError as exc:
            if reads:
                raise as_error(local_files.READERS_WOULD_LOSE_ACCESS, path=file) from exc
    os.fchmod(descriptor, mode & _KEPT | stat.S_IRUSR | stat.S_IWUSR)
    if sys.platform == "linux":
        _copy_access_list(file, descriptor)


def _copy_access_list(file: Path, descriptor: int) -> None:
    try:
        entries = os.getxattr(file, _ACCESS_LIST)
    except OSError:  # it has none, or the file system has no access lists
        return
    os.setxattr(descriptor, _ACCESS_LIST, entries)


def let_lock(file: Path, descriptor: int) -> None:
    """Give an open lock file to the owner of a token file, and to its group if that can write it.

    Raises `OSError` if this user can't do that.
    """
    if sys.platform == "win32":
        return
    old = os.stat(file)
    if os.geteuid() == 0:
        os.fchown(descriptor, old.st_uid, old.st_gid)
    if old.st_mode & stat.S_IWGRP:
        os.fchown(descriptor, -1, old.st_gid)
        os.fchmod(descriptor, 0o660)


def refuse_open_folder(file: Path) -> None:
    """Raise `AppError` if root would refresh a user's file where others could have placed it.

    They could exchange it while root writes, and so get the tokens.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    try:
        owner, folder = os.stat(file).st_uid, os.stat(file.parent)
    except OSError:
        return
    others_write = folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if owner != 0 and (others_write or folder.st_uid not in (0, owner)):
        raise as_error(local_files.FOLDER_OPEN_TO_OTHERS, path=file, folder=file.parent)


def has_other_names(file: Path) -> bool:
    """Whether a file has hard links: a refresh replaces it under one of its names only."""
    try:
        return os.stat(file).st_nlink > 1
    except (OSError, ValueError):  # ValueError: no file can have this name
        return False


def warning_of_folder(folder: Path) -> str:
    """A warning if others can write in the folder of a token file; else empty."""
    return _(_OPEN_FOLDER, folder=folder) if is_open_folder(folder) else ""


def is_open_folder(folder: Path) -> bool:
    """Whether other users can write in a folder; on Windows access lists decide instead.

    The user's own group isn't counted, since it usually has no other member.
    """
    if sys.platform == "win32":
        return False
    try:
        status = os.stat(folder)
    except (OSError, ValueError):
        return False
    by_group = status.st_mode & stat.S_IWGRP and status.st_gid != os.getegid()
    return bool(status.st_mode & stat.S_IWOTH or by_group)


def is_mounted(file: Path, mounts: Collection[bytes] | None = None) -> bool:
    """Whether a single file is mounted, as Docker does it: it can't be replaced (EBUSY).

    `mounts` are the mount points, if they are known already.
    """
    if not os.path.lexists(file):
        return False
    mounts = mount_points() if mounts is None else mounts
    name = b"/" + os.fsencode(file.name)  # a link's target has the name of its own file
    if not any(mount.endswith(name) for mount in mounts) and not os.path.islink(file):
        return False
    return os.fsencode(os.path.realpath(file)) in mounts


def refuse_mount_point(file: Path) -> None:
    """Raise `AppError` for a single file that is mounted."""
    if is_mounted(file):
        raise as_error(local_files.TOKEN_FILE_IS_MOUNTED, path=file)


def mount_points() -> frozenset[bytes]:
    """Where something is mounted; nothing on other systems than Linux."""
    if sys.platform != "linux":
        return frozenset()
    try:
        mounts = _MOUNTS.read_bytes()
    except OSError:
        return frozenset()  # a sandbox hides the list
    # The fifth field of a line is the mount point, with octal escapes for blanks and backslashes:
    # https://docs.kernel.org/filesystems/proc.html
    return frozenset(
        _OCTAL.sub(lambda found: bytes([int(found[1], 8)]), line.split(b" ", 5)[4])
        for line in mounts.splitlines()
    )


def is_placed_by_user(file: Path, target: Path) -> bool:
    """Whether a file belongs to this user, or to the owner of the token file `target`."""
    if sys.platform == "win32":
        return True
    owners = [os.geteuid()]
    if os.path.exists(target):
        owners.append(os.stat(target).st_uid)
    return os.lstat(file).st_uid in owners
