"""Where imapsync usually lies: on the path, beside this program, and in the usual folders."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# A folder, and what to look for in it; {NAME} is a variable of the environment. Windows gets
# imapsync.exe in a zip file, which makes a folder of its own.
_PLACES = {
    "win32": (
        ("C:/", "imapsync*/imapsync.exe"),
        ("{ProgramFiles}", "imapsync*/imapsync.exe"),
        ("{ProgramFiles(x86)}", "imapsync*/imapsync.exe"),
        ("{LOCALAPPDATA}/Programs", "imapsync*/imapsync.exe"),
        ("{USERPROFILE}", "imapsync*/imapsync.exe"),
        ("{USERPROFILE}/Downloads", "imapsync*/imapsync.exe"),
        ("{USERPROFILE}/Downloads", "imapsync*/imapsync*/imapsync.exe"),
        ("{USERPROFILE}/Desktop", "imapsync*/imapsync.exe"),
        ("{USERPROFILE}/Documents", "imapsync*/imapsync.exe"),
    ),
    "darwin": (
        ("/opt/homebrew/bin", "imapsync"),
        ("/usr/local/bin", "imapsync"),
        ("/opt/local/bin", "imapsync"),
        ("{HOME}", "imapsync*/imapsync"),
        ("{HOME}/Downloads", "imapsync_bin_Darwin*"),
    ),
}
_PLACES_OTHERWISE = (
    ("/usr/local/bin", "imapsync"),
    ("/usr/bin", "imapsync"),
    ("/snap/bin", "imapsync"),
    ("/opt", "imapsync*/imapsync"),
    ("{HOME}/bin", "imapsync"),
    ("{HOME}/.local/bin", "imapsync"),
    ("{HOME}", "imapsync*/imapsync"),
    ("{HOME}/Downloads", "imapsync*/imapsync"),
)
_WINDOWS_PROGRAMS = (".exe", ".bat", ".cmd", ".com")
_BESIDE = {"win32": ("imapsync.exe", "imapsync*/imapsync.exe")}
_BESIDE_OTHERWISE = ("imapsync", "imapsync*/imapsync")


def find_imapsync(
    environ: Mapping[str, str] = os.environ,
    *,
    platform: str = sys.platform,
    beside: Path | None = None,
) -> Path | None:
    """The first imapsync that can be started; None if there is none.

    `beside` is the folder of this program. It looks at folders, so call it in a thread.
    """
    if found := shutil.which("imapsync", path=environ.get("PATH")):
        return Path(found).absolute()
    for folder, pattern in _places(environ, platform, beside or Path(sys.executable).parent):
        for file in sorted(folder.glob(pattern), reverse=True):  # the newest version first
            if file.is_file() and can_start(file, platform):
                return file
    return None


def chosen_or_found(chosen: str) -> Path | None:
    """The imapsync that the user has named, or one where it usually lies."""
    if chosen and Path(chosen).is_file():
        return Path(chosen)
    return find_imapsync()


def can_start(file: Path, platform: str = sys.platform) -> bool:
    """Whether a file is a program, as far as the system tells without starting it."""
    if platform == "win32":
        return file.suffix.casefold() in _WINDOWS_PROGRAMS
    return os.access(file, os.X_OK)


def _places(environ: Mapping[str, str], platform: str, beside: Path) -> Iterator[tuple[Path, str]]:
    """The folders and what to look for, without those whose variable is not set."""
    for pattern in _BESIDE.get(platform, _BESIDE_OTHERWISE):
        yield beside, pattern
    for folder, pattern in _PLACES.get(platform, _PLACES_OTHERWISE):
        with contextlib.suppress(KeyError):
            yield Path(folder.format_map(environ)), pattern
