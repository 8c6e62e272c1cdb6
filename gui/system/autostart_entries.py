"""Where each system keeps what it starts at log-in, and how a command line is written there.

The Run key of the Windows registry, a .desktop file in the autostart folder of Linux desktops, a
property list for launchd on macOS.
"""

import configparser
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
    """One system's place."""

    def starts(self, command: Sequence[str]) -> bool:
        """Whether this command is started."""

    def write(self, command: Sequence[str]) -> None:
        """Have a command started; an OSError or ValueError where that can't be."""

    def remove(self) -> None:
        """Have nothing started; fine where nothing was."""


class RunKey:
    """A value of the registry's Run key of this user, or of the key named."""

    def __init__(self, key: str = _RUN_KEY) -> None:
        """`key` lies under HKEY_CURRENT_USER."""
        self._key = key

    def starts(self, command: Sequence[str]) -> bool:
        """As `Entry`."""
        if sys.platform == "win32":
            import winreg

            with (
                suppress(OSError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, self._key) as key,
            ):
                return bool(winreg.QueryValueEx(key, _NAME)[0] == run_line(command))
        return False

    def write(self, command: Sequence[str]) -> None:
        """As `Entry`."""
        line = run_line(command)
        if sys.platform == "win32":
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, self._key) as key:
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, line)

    def remove(self) -> None:
        """As `Entry`."""
        if sys.platform == "win32":
            import winreg

            access = winreg.KEY_SET_VALUE
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, self._key, 0, access) as key,
            ):
                winreg.DeleteValue(key, _NAME)


class DesktopFile:
    """https://specifications.freedesktop.org/autostart-spec/latest/"""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when something is to be started."""
        self._path = folder / f"{_NAME}.desktop"

    def starts(self, command: Sequence[str]) -> bool:
        """As `Entry`; desktops switch an entry off by a line of their own."""
        parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
        try:
            parser.read_string(self._path.read_text("utf-8"))
            section = parser[_SECTION]
        except (OSError, UnicodeDecodeError, configparser.Error, KeyError):
            return False
        off = section.get("Hidden") == "true" or section.get(_GNOME) == "false"
        return section.get("Exec") == exec_line(command) and not off

    def write(self, command: Sequence[str]) -> None:
        """As `Entry`."""
        line = exec_line(command)
        text = f"[{_SECTION}]\nType=Application\nName={_NAME}\nExec={line}\nTerminal=false\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(text, "utf-8")

    def remove(self) -> None:
        """As `Entry`."""
        self._path.unlink(missing_ok=True)


class LaunchAgent:
    """launchd.plist(5); read at the next log-in."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when something is to be started."""
        self._path = folder / f"{_LABEL}.plist"

    def starts(self, command: Sequence[str]) -> bool:
        """As `Entry`."""
        with suppress(OSError):
            return self._path.read_bytes() == _agent(command)
        return False

    def write(self, command: Sequence[str]) -> None:
        """As `Entry`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(_agent(command))

    def remove(self) -> None:
        """As `Entry`."""
        self._path.unlink(missing_ok=True)


def run_line(command: Sequence[str]) -> str:
    """A command line as Windows takes it apart again; a ValueError where it would cut it off."""
    program, *arguments = command
    import subprocess

    line = " ".join([f'"{program}"', subprocess.list2cmdline(arguments)]).rstrip()
    if len(line) > _LONGEST_RUN:
        raise ValueError(f"Windows starts nothing whose path is so long: {program}")
    return line


def exec_line(command: Sequence[str]) -> str:
    """https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html"""
    if not all(argument.isprintable() for argument in command) or "=" in command[0]:
        raise ValueError(f"A .desktop file can't name this program: {command[0]!r}")
    return " ".join(_quoted(argument) for argument in command)


def _quoted(argument: str) -> str:
    escaped = re.sub(r'(["`$\\])', r"\\\1", argument).replace("%", "%%")
    # What holds for all strings of such a file holds for the quoted one too.
    return '"' + escaped.replace("\\", "\\\\") + '"'


def _agent(command: Sequence[str]) -> bytes:
    content = {"Label": _LABEL, "ProgramArguments": list(command), "RunAtLoad": True}
    import plistlib

    return plistlib.dumps(content)
