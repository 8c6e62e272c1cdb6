"""The entries by which a system starts a program at login, and how each writes a command line.

Windows has the Run key of the registry, Linux desktops have .desktop files in the autostart folder,
and macOS has property lists for launchd.
"""

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_NAME = "oauth2_imap"
_LABEL = "io.github.oauth2-imap.oauth2_imap"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
# https://learn.microsoft.com/en-us/windows/win32/setupapi/run-and-runonce-registry-keys
_LONGEST_RUN = 260
_SECTION = "Desktop Entry"
_GNOME = "X-GNOME-Autostart-enabled"


class Entry(Protocol):
    """One system's entry for this program."""

    def starts(self, command: Sequence[str]) -> bool:
        """Return whether the entry starts this command."""

    def write(self, command: Sequence[str]) -> None:
        """Start this command from now on; raises OSError, or ValueError for an unusable path."""

    def remove(self) -> None:
        """Start nothing from now on; does nothing where there is no entry."""


class RunKey:
    """A value under the user's Run key in the Windows registry."""

    def __init__(self, key: str = _RUN_KEY) -> None:
        """`key` is under HKEY_CURRENT_USER."""
        self._key = key

    def starts(self, command: Sequence[str]) -> bool:
        """See `Entry`."""
        if sys.platform == "win32":
            import winreg

            with (
                suppress(OSError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, self._key) as key,
            ):
                return bool(winreg.QueryValueEx(key, _NAME)[0] == run_line(command))
        return False

    def write(self, command: Sequence[str]) -> None:
        """See `Entry`."""
        line = run_line(command)
        if sys.platform == "win32":
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, self._key) as key:
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, line)

    def remove(self) -> None:
        """See `Entry`."""
        if sys.platform == "win32":
            import winreg

            access = winreg.KEY_SET_VALUE
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, self._key, 0, access) as key,
            ):
                winreg.DeleteValue(key, _NAME)


class DesktopFile:
    """A .desktop file (https://specifications.freedesktop.org/autostart-spec/latest/)."""

    def __init__(self, folder: Path) -> None:
        """`folder` is created by `write`."""
        self._path = folder / f"{_NAME}.desktop"

    def starts(self, command: Sequence[str]) -> bool:
        """See `Entry`; desktops can switch an entry off with a line of their own."""
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        import configparser

        parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
        try:
            parser.read_string(text)
            section = parser[_SECTION]
        except (configparser.Error, KeyError):
            return False
        off = section.get("Hidden") == "true" or section.get(_GNOME) == "false"
        return section.get("Exec") == exec_line(command) and not off

    def write(self, command: Sequence[str]) -> None:
        """See `Entry`."""
        line = exec_line(command)
        text = f"[{_SECTION}]\nType=Application\nName={_NAME}\nExec={line}\nTerminal=false\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(text, "utf-8")

    def remove(self) -> None:
        """See `Entry`."""
        self._path.unlink(missing_ok=True)


class LaunchAgent:
    """A property list as in launchd.plist(5); macOS reads it at the next login."""

    def __init__(self, folder: Path) -> None:
        """`folder` is created by `write`."""
        self._path = folder / f"{_LABEL}.plist"

    def starts(self, command: Sequence[str]) -> bool:
        """See `Entry`."""
        with suppress(OSError):
            return self._path.read_bytes() == _agent(command)
        return False

    def write(self, command: Sequence[str]) -> None:
        """See `Entry`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(_agent(command))

    def remove(self) -> None:
        """See `Entry`."""
        self._path.unlink(missing_ok=True)


def run_line(command: Sequence[str]) -> str:
    """Return a command line for the Run key; raises ValueError where it is too long for it."""
    program, *arguments = command
    import subprocess

    line = " ".join([f'"{program}"', subprocess.list2cmdline(arguments)]).rstrip()
    if len(line) > _LONGEST_RUN:
        raise ValueError(
            f"Windows can't start the program at login, because its path is too long: {program}"
        )
    return line


def exec_line(command: Sequence[str]) -> str:
    """Return a command line for Exec=; raises ValueError where the path can't be written there.

    https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
    """
    if not all(argument.isprintable() for argument in command) or "=" in command[0]:
        raise ValueError(f"The path can't be written into a .desktop file: {command[0]!r}")
    return " ".join(_quoted(argument) for argument in command)


def _quoted(argument: str) -> str:
    escaped = re.sub(r'(["`$\\])', r"\\\1", argument).replace("%", "%%")
    # Backslashes are doubled in every string of such a file, so also in the quoted one.
    return '"' + escaped.replace("\\", "\\\\") + '"'


def _agent(command: Sequence[str]) -> bytes:
    content = {"Label": _LABEL, "ProgramArguments": list(command), "RunAtLoad": True}
    import plistlib

    return plistlib.dumps(content)
