"""The file of the settings: private, and put aside where it can't be read."""

import os
from pathlib import Path

from core.i18n.translation import _

_LARGEST = 1 << 24  # bytes: thousands of paths of kept files, and little else
_LINE_ENDS = str.maketrans("", "", "\r\n\t")


def prepare(path: Path) -> str:
    """Make sure that there is a private file that can be read; return what went wrong."""
    unreadable = ""
    if os.path.lexists(path) and not _is_readable(path):
        unreadable = rename_broken(path)
    not_writable = create(path)
    return unreadable or not_writable


def _is_readable(path: Path) -> bool:
    """Return whether this can be our ini file; Qt checks the rest."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return can_be_saved(text.translate(_LINE_ENDS))


def can_be_saved(text: str) -> bool:
    """Return whether the file may hold this text: from @Variant, Qt would create any object."""
    return "@Variant" not in text and text.isprintable()


def rename_broken(path: Path) -> str:
    """Put a file that can't be read aside; return what the user is told."""
    broken = path.with_name(path.name + ".broken")
    try:
        path.replace(broken)
    except OSError as exc:
        return _(
            "The settings in {path} can't be read, and the file can't be renamed: {why}. The "
            "default settings are used.",
            path=path,
            why=exc.strerror,
        )
    return _(
        "The settings can't be read. The file was renamed to {broken}, and the default settings "
        "are used.",
        broken=broken,
    )


def create(path: Path) -> str:
    """Create a file that only the user can read: Qt's own could be read by others."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as exc:
        return _("Settings can't be saved in {path}: {why}.", path=path, why=exc.strerror)
    return ""
