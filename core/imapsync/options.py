"""What to hand to imapsync: options, whole commands and scripts, ready to paste or to run.

Paths are absolute, always: where there is no such file imapsync takes the string for a token.
Nothing here runs imapsync or looks at a disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from ..errors import UsageProblem
from ..model import IMAP_PORT, IMAPS_PORT
from .shell_quoting import Shell, is_posix, join, mount, seen_path

# imapsync's ChangeLog; https://github.com/imapsync/imapsync/issues/396
MINIMUM_TO_REREAD = "2.230"
MINIMUM_WITHOUT_PASSWORD = "2.251"  # noqa: S105  # a version
MINIMUM_TO_CALL = "2.267"
REREAD_NOTE = (
    f"imapsync {MINIMUM_TO_REREAD} or newer reads the token file again at every login; an older "
    "one can't go on once the first token has expired."
)
PASSWORD_NOTE = (
    f"Before {MINIMUM_WITHOUT_PASSWORD} imapsync asks for a password that it doesn't need: type "
    "anything."
)
CALL_NOTE = f"--oauthrefreshcmd needs imapsync {MINIMUM_TO_CALL} or newer."

_INSIDE = "/tokens"


@dataclass(frozen=True, slots=True)
class Side:
    """A mailbox as imapsync needs it."""

    address: str
    token_file: PurePath
    imap_host: str
    imap_port: int = IMAPS_PORT
    imap_starttls: bool = False  # on 143 it is taken for granted (RFC 8314)


def side_options(
    number: int,
    side: Side,
    shell: Shell,
    *,
    program: Sequence[str] = (),
    inside: str = _INSIDE,
    in_file: bool = False,
) -> str:
    """The options of side 1 or 2; with a `program`, imapsync calls it before each login.

    `inside` is where the folder of the token file is mounted in Docker, `in_file` whether the line
    goes into a batch file.
    """
    docker = shell is Shell.DOCKER
    file = f"{inside}/{side.token_file.name}" if docker else seen_path(side.token_file, shell)
    words = [word for group in side_words(number, side, file).values() for word in group]
    if program:
        words += [f"--oauthrefreshcmd{number}", refresh_command(program, side, shell)]
    return join(words, shell, in_file=in_file)


def side_words(number: int, side: Side, file: str = "") -> dict[str, tuple[str, ...]]:
    """The options of a side, by what they tell; `file` is where imapsync sees the token file."""
    starttls = side.imap_starttls or side.imap_port == IMAP_PORT
    words: dict[str, tuple[str, ...]] = {
        "host": (f"--host{number}", side.imap_host),
        "tls": (f"--{'tls' if starttls else 'ssl'}{number}",),
    }
    if side.imap_port not in (IMAPS_PORT, IMAP_PORT):
        words["port"] = (f"--port{number}", str(side.imap_port))
    return words | {
        "user": (f"--user{number}", side.address),
        "token": (f"--oauthaccesstoken{number}", file or str(side.token_file)),
    }


def refresh_command(program: Sequence[str], side: Side, shell: Shell) -> str:
    """The value of --oauthrefreshcmd: a command line for the shell that imapsync starts.

    `program` begins with an absolute path, since imapsync works in a folder of its own.
    """
    if shell is Shell.DOCKER:
        raise UsageProblem(
            "imapsync in Docker can't call a program of this computer",
            hint="Leave oauth2_imap open meanwhile: it keeps the token file fresh.",
        )
    kind = PurePosixPath if shell is Shell.SH else PureWindowsPath
    if not kind(program[0]).is_absolute():
        raise ValueError("the path of the program must be absolute")
    # In WSL the program is found under /mnt, but as a Windows program it wants C:\… itself.
    first = seen_path(kind(program[0]), shell)
    file = seen_path(side.token_file, Shell.CMD)
    # Even from a batch file: what imapsync hands to cmd is read as if it had been typed.
    return join([first, *program[1:], "--refresh_only", "--token_file", file], shell)


def starter(shell: Shell, *sides: Side, in_file: bool = False) -> str:
    """What stands before the options: imapsync, or docker with the folders of the token files."""
    if shell is not Shell.DOCKER:
        return "imapsync"
    words = ["docker", "run", "--rm"]
    for folder, inside in _mounts(*sides).items():
        words += ["-v", mount(folder, inside)]
    return join([*words, "gilleslamiral/imapsync", "imapsync"], shell, in_file=in_file)


def both_options(
    source: Side,
    destination: Side,
    shell: Shell,
    *,
    program: Sequence[str] = (),
    in_file: bool = False,
) -> tuple[str, str]:
    """The options of both sides, as they fit together in one command."""
    mounts = _mounts(source, destination)
    one, two = (
        side_options(
            number,
            side,
            shell,
            program=program,
            inside=mounts[side.token_file.parent],
            in_file=in_file,
        )
        for number, side in ((1, source), (2, destination))
    )
    return one, two


def command(source: Side, destination: Side, shell: Shell, *, program: Sequence[str] = ()) -> str:
    """The whole command, in one line."""
    start = starter(shell, source, destination)
    return " ".join([start, *both_options(source, destination, shell, program=program)])


def rehearsal(source: Side, destination: Side, shell: Shell, *, program: Sequence[str] = ()) -> str:
    """The same, but imapsync only logs in on both sides."""
    return f"{command(source, destination, shell, program=program)} --justlogin"


def script(source: Side, destination: Side, *, shell: Shell, program: Sequence[str] = ()) -> str:
    """A script that rehearses and, if that went well, runs.

    A batch file for cmd and Docker, else one for sh; to be written as UTF-8, line ends as they are.
    What the script is given when it is started is handed on to the run.
    """
    in_file = not is_posix(shell)
    parts = [
        starter(shell, source, destination, in_file=in_file),
        *both_options(source, destination, shell, program=program, in_file=in_file),
    ]
    keeper = (
        "imapsync asks oauth2_imap for a fresh token before each login."
        if program
        else "Let oauth2_imap keep both token files fresh while this runs."
    )
    notes = (keeper, REREAD_NOTE, *([CALL_NOTE] if program else []), _HANDED_ON)
    if in_file:
        text = _BATCH.format(
            notes="\n".join(f"rem {note}" for note in notes), command=" ^\n    ".join(parts)
        )
        return text.replace("\n", "\r\n")
    return _SH.format(
        notes="\n".join(f"# {note}" for note in notes), command=" \\\n    ".join(parts)
    )


def script_suffix(shell: Shell) -> str:
    """The end of the script's name."""
    return ".sh" if is_posix(shell) else ".bat"


def _mounts(*sides: Side) -> dict[PurePath, str]:
    """Where each folder is seen in Docker: /tokens, and /tokens2 for a second one."""
    folders = dict.fromkeys(side.token_file.parent for side in sides)
    return {folder: _INSIDE + ("2" if number else "") for number, folder in enumerate(folders)}


_HANDED_ON = "Options given to this script (--exclude Spam, say) are handed on to the run."

_SH = """\
#!/bin/sh
# Made by oauth2_imap.
{notes}
set -eu

echo "Rehearsal: imapsync only logs in on both sides."
{command} \\
    --justlogin || {{
    code=$?
    echo "The rehearsal failed: nothing was copied. imapsync says above which side it was." >&2
    exit "$code"
}}

{command} \\
    "$@"
"""

# Nothing but ASCII above chcp: cmd reads line by line, in the code page of the moment.
_BATCH = """\
@echo off
rem Made by oauth2_imap.
{notes}
chcp 65001 >nul
setlocal EnableExtensions DisableDelayedExpansion
cd /d "%~dp0"

echo Rehearsal: imapsync only logs in on both sides.
{command} ^
    --justlogin
set code=%errorlevel%
if not %code%==0 (
    echo The rehearsal failed: nothing was copied. imapsync says above which side it was.
    pause
    exit /b %code%
)

{command} ^
    %*
set code=%errorlevel%
pause
exit /b %code%
"""
