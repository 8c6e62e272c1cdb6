"""Quoting for the shells that a person may paste a line into, and paths as they are seen there.

Values are addresses, hosts, paths and whole commands: one line each.
"""

import re
import shlex
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path, PurePath, PureWindowsPath

from ..errors import UsageProblem


class Shell(StrEnum):
    """Where the line is pasted, and what stands there."""

    SH = "sh"
    CMD = "cmd"
    WSL = "wsl"  # sh, with the drives of Windows under /mnt
    DOCKER = "docker"  # cmd starts docker; imapsync runs inside, where folders are mounted


_PLAIN = re.compile(r"[A-Za-z0-9@._:/\\+-]+")
# What cmd acts on outside quotes. https://ss64.com/nt/syntax-esc.html
_CMD_SIGNS = re.compile(r'[()%!^"<>&|]')
_BACKSLASHES_BEFORE_QUOTE = re.compile(r'(\\*)"')
_BACKSLASHES_AT_END = re.compile(r"(\\+)\Z")
_DRIVE = re.compile(r"[A-Za-z]:")
_WSL_SHARE = re.compile(r"\\\\wsl(?:\.localhost|\$)\\[^\\]+", re.IGNORECASE)


def own_shells(platform: str) -> tuple[Shell, ...]:
    """The shells to offer on a system (as in `sys.platform`), its own first."""
    return (Shell.CMD, Shell.WSL, Shell.DOCKER) if platform == "win32" else (Shell.SH,)


def is_posix(shell: Shell) -> bool:
    """Whether sh reads the line; else it is cmd."""
    return shell in (Shell.SH, Shell.WSL)


def quote(value: str, shell: Shell, *, in_file: bool = False) -> str:
    """One argument for a program, whatever is in it; cmd reads a batch file by other rules."""
    if is_posix(shell):
        return shlex.quote(value)
    if _PLAIN.fullmatch(value):
        return value
    if in_file:
        return (_careted(value) if '"' in value else _pair(value)).replace("%", "%%")
    if '"' in value:
        return _careted(value)
    # Quotes don't keep cmd from a percent sign. Between two of these it finds no variable, since a
    # quote and a caret have come into the name; an unknown variable is left as it stands.
    return "^%".join(_pair(part) if part else "" for part in value.split("%")) or '""'


def join(arguments: Sequence[str], shell: Shell, *, in_file: bool = False) -> str:
    """A whole command line."""
    return " ".join(quote(argument, shell, in_file=in_file) for argument in arguments)


def seen_path(path: PurePath, shell: Shell) -> str:
    """The absolute path, as it is called where the line is pasted."""
    whole = str(path.absolute() if isinstance(path, Path) else path)
    return _in_wsl(whole) if shell is Shell.WSL else whole


def mount(folder: PurePath, inside: str) -> str:
    """The value of docker's -v: the folder, since a file bound by itself can't be replaced."""
    whole = seen_path(folder, Shell.DOCKER)
    if not _DRIVE.fullmatch(PureWindowsPath(whole).drive):
        raise _unreachable("Docker")
    return f"{whole}:{inside}"


def _pair(value: str) -> str:
    return '"' + _BACKSLASHES_AT_END.sub(r"\1\1", value) + '"'


def _careted(value: str) -> str:
    """Quoted for the program, then every sign taken from cmd, which knows no quote in quotes.

    https://learn.microsoft.com/archive/blogs/twistylittlepassagesallalike/everyone-quotes-command-line-arguments-the-wrong-way
    """
    quoted = _pair(_BACKSLASHES_BEFORE_QUOTE.sub(r'\1\1\\"', value))
    if not _CMD_SIGNS.search(value.replace('"', "")):
        return quoted  # nothing in it that would need the quotes
    return _CMD_SIGNS.sub(r"^\g<0>", quoted)


def _in_wsl(path: str) -> str:
    share = _WSL_SHARE.match(path)
    if share:
        return path[share.end() :].replace("\\", "/")
    drive = PureWindowsPath(path).drive
    if not _DRIVE.fullmatch(drive):
        raise _unreachable("WSL")
    return f"/mnt/{drive[0].lower()}" + path[len(drive) :].replace("\\", "/")


def _unreachable(who: str) -> UsageProblem:
    return UsageProblem(
        f"{who} doesn't see the folder of this token file",
        hint="Keep the token files on a drive of this computer (C:, D: …).",
    )
