"""Quote values for the shells into which the user pastes a line, and translate paths for them.

Values are addresses, hosts, paths and whole commands, each on one line.
"""

import re
import shlex
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path, PurePath, PureWindowsPath

from ..errors import AppError, as_error
from ..verdicts import local_commands


class Shell(StrEnum):
    """The shell into which the line is pasted."""

    SH = "sh"
    CMD = "cmd"
    WSL = "wsl"  # sh, with the drives of Windows under /mnt
    DOCKER = "docker"  # cmd starts docker; imapsync runs inside, where folders are mounted


_PLAIN = re.compile(r"[A-Za-z0-9@._:/\\+-]+")
# Characters that have a meaning for cmd outside quotes. https://ss64.com/nt/syntax-esc.html
_CMD_SIGNS = re.compile(r'[()%!^"<>&|]')
_BACKSLASHES_BEFORE_QUOTE = re.compile(r'(\\*)"')
_BACKSLASHES_AT_END = re.compile(r"(\\+)\Z")
_DRIVE = re.compile(r"[A-Za-z]:")
_WSL_SHARE = re.compile(r"\\\\wsl(?:\.localhost|\$)\\[^\\]+", re.IGNORECASE)


def own_shells(platform: str) -> tuple[Shell, ...]:
    """The shells to offer on a system (named as in `sys.platform`), the usual one first."""
    return (Shell.CMD, Shell.WSL, Shell.DOCKER) if platform == "win32" else (Shell.SH,)


def is_posix(shell: Shell) -> bool:
    """Whether sh reads the line; otherwise cmd does."""
    return shell in (Shell.SH, Shell.WSL)


def quote(value: str, shell: Shell, *, in_file: bool = False) -> str:
    """Quote any value as one argument. `in_file`: for a batch file, which cmd reads differently."""
    if is_posix(shell):
        return shlex.quote(value)
    if _PLAIN.fullmatch(value):
        return value
    if in_file:
        return (_escaped(value) if '"' in value else _in_quotes(value)).replace("%", "%%")
    if '"' in value:
        return _escaped(value)
    # cmd replaces %NAME% even inside quotes. Here the name gets a quote and a caret, so that cmd
    # knows no such variable and leaves the text unchanged.
    return "^%".join(_in_quotes(part) if part else "" for part in value.split("%")) or '""'


def join(arguments: Sequence[str], shell: Shell, *, in_file: bool = False) -> str:
    """Quote all arguments and join them into one command line."""
    return " ".join(quote(argument, shell, in_file=in_file) for argument in arguments)


def seen_path(path: PurePath, shell: Shell) -> str:
    """The absolute path of a file, as the programs of this shell name it."""
    whole = str(path.absolute() if isinstance(path, Path) else path)
    return _in_wsl(whole) if shell is Shell.WSL else whole


def mount(folder: PurePath, inside: str) -> str:
    """The value of docker's -v. It mounts the folder, since a mounted file can't be replaced."""
    whole = seen_path(folder, Shell.DOCKER)
    if not _DRIVE.fullmatch(PureWindowsPath(whole).drive):
        raise _not_seen("Docker", whole)
    return f"{whole}:{inside}"


def _in_quotes(value: str) -> str:
    return '"' + _BACKSLASHES_AT_END.sub(r"\1\1", value) + '"'


def _escaped(value: str) -> str:
    """Quote a value with quotes for the program, then escape each special character for cmd.

    https://learn.microsoft.com/archive/blogs/twistylittlepassagesallalike/everyone-quotes-command-line-arguments-the-wrong-way
    """
    quoted = _in_quotes(_BACKSLASHES_BEFORE_QUOTE.sub(r'\1\1\\"', value))
    if not _CMD_SIGNS.search(value.replace('"', "")):
        return quoted  # nothing in it has a meaning for cmd
    return _CMD_SIGNS.sub(r"^\g<0>", quoted)


def _in_wsl(path: str) -> str:
    share = _WSL_SHARE.match(path)
    if share:
        return path[share.end() :].replace("\\", "/")
    drive = PureWindowsPath(path).drive
    if not _DRIVE.fullmatch(drive):
        raise _not_seen("WSL", path)
    return f"/mnt/{drive[0].lower()}" + path[len(drive) :].replace("\\", "/")


def _not_seen(shell: str, path: str) -> AppError:
    return as_error(local_commands.FOLDER_NOT_SEEN, shell=shell, path=path)
