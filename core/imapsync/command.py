"""Options, whole commands and scripts for imapsync, ready to paste or to run.

Paths are always absolute: if imapsync finds no such file, it uses the path itself as the token.
This module does not run imapsync and does not read files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from ..errors import as_error
from ..i18n.translation import N_
from ..model import IMAP_PORT, IMAPS_PORT
from ..verdicts import local_commands
from .shell_quoting import Shell, is_posix, join, mount, quote, seen_path

# imapsync's ChangeLog; https://github.com/imapsync/imapsync/issues/396
MINIMUM_TO_REREAD = "2.230"
MINIMUM_WITHOUT_PASSWORD = "2.251"  # noqa: S105  # a version
MINIMUM_TO_CALL = "2.267"
REREAD_NOTE = (
    f"imapsync {MINIMUM_TO_REREAD} and newer versions read the token file again at every login. An "
    "older version can't log in again after its first token has expired."
)
PASSWORD_NOTE = N_(  # with MINIMUM_WITHOUT_PASSWORD
    "imapsync before version 2.251 asks for a password, but does not use it: type any text."
)
CALL_NOTE = f"--oauthrefreshcmd needs imapsync {MINIMUM_TO_CALL} or newer."

_BATCH_FILES = (".bat", ".cmd")
_INSIDE = "/tokens"
# The shells that start an imapsync of this system; WSL and Docker have one of their own.
OWN_IMAPSYNC = {Shell.SH: PurePosixPath, Shell.CMD: PureWindowsPath}


@dataclass(frozen=True, slots=True)
class Side:
    """What imapsync must know about one mailbox."""

    address: str
    token_file: PurePath
    imap_host: str
    imap_port: int = IMAPS_PORT
    imap_starttls: bool = False  # always used on port 143 (RFC 8314)


def side_options(
    number: int,
    side: Side,
    shell: Shell,
    *,
    program: Sequence[str] = (),
    inside: str = _INSIDE,
    in_file: bool = False,
) -> str:
    """The options of side 1 or 2, quoted. If `program` is given, imapsync calls it at each login.

    `inside` is the folder in Docker where the token file's folder is mounted. `in_file` is set for
    a line in a batch file.
    """
    docker = shell is Shell.DOCKER
    file = f"{inside}/{side.token_file.name}" if docker else seen_path(side.token_file, shell)
    words = [word for group in side_words(number, side, file).values() for word in group]
    if program:
        words += [f"--oauthrefreshcmd{number}", refresh_command(program, side, shell)]
    return join(words, shell, in_file=in_file)


def side_words(number: int, side: Side, file: str = "") -> dict[str, tuple[str, ...]]:
    """The options of a side, grouped by purpose; `file` is the token file as imapsync sees it."""
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


def refresh_command(
    program: Sequence[str], side: Side, shell: Shell, *, options: Sequence[str] = ()
) -> str:
    """The value of --oauthrefreshcmd: a command line for the shell that imapsync starts.

    `options` are further options of oauth2_imap. `program` must begin with an absolute path,
    because imapsync runs in another folder. Raises `UsageProblem` for Docker.
    """
    if shell is Shell.DOCKER:
        raise as_error(local_commands.NOT_FROM_DOCKER)
    kind = PurePosixPath if shell is Shell.SH else PureWindowsPath
    if not kind(program[0]).is_absolute():
        raise ValueError("the path of the program must be absolute")
    # In WSL, the program is found under /mnt, but it is a Windows program and needs a path of C:\.
    first = seen_path(kind(program[0]), shell)
    file = seen_path(side.token_file, Shell.CMD)
    # Never quoted for a batch file: cmd reads what imapsync passes to it like a typed line.
    words = [first, *program[1:], "--refresh_only", *options, "--token_file", file]
    return join(words, shell)


def starter(shell: Shell, *sides: Side, imapsync: str = "", in_file: bool = False) -> str:
    """The start of the command: imapsync, or docker with the folders of the token files mounted.

    `imapsync` is the path of the one to start, empty for the one that the shell finds.
    """
    if imapsync and shell in OWN_IMAPSYNC:
        return quote(str(OWN_IMAPSYNC[shell](imapsync)), shell, in_file=in_file)
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
    """The options of both sides, for one common command."""
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


def command(
    source: Side,
    destination: Side,
    shell: Shell,
    *,
    program: Sequence[str] = (),
    imapsync: str = "",
) -> str:
    """The whole command on one line; `imapsync` is as in `starter`."""
    start = starter(shell, source, destination, imapsync=imapsync)
    return " ".join([start, *both_options(source, destination, shell, program=program)])


def login_test(whole: str) -> str:
    """The whole command as a login test: imapsync only logs in to both mailboxes."""
    return f"{whole} --justlogin"


def script(
    source: Side,
    destination: Side,
    *,
    shell: Shell,
    program: Sequence[str] = (),
    imapsync: str = "",
) -> str:
    """A script that runs the login test and, if it succeeds, the whole command.

    It is a batch file for cmd and Docker, otherwise a shell script. Write it as UTF-8 without
    changing its line ends. The script passes its own arguments to the whole command. Raises
    `UsageProblem` if it would have to start another batch file.
    """
    in_file = not is_posix(shell)
    if shell is Shell.CMD and PureWindowsPath(imapsync).suffix.lower() in _BATCH_FILES:
        # `call` would come back from it, but reads all values a second time.
        raise as_error(local_commands.NO_SCRIPT_FOR_BATCH_FILE, path=imapsync)
    parts = [
        starter(shell, source, destination, imapsync=imapsync, in_file=in_file),
        *both_options(source, destination, shell, program=program, in_file=in_file),
    ]
    keeper = (
        "imapsync asks oauth2_imap for a fresh token before each login."
        if program
        else "Keep oauth2_imap running with both mailboxes while this script runs."
    )
    calls = [CALL_NOTE] if program else []
    notes = (keeper, REREAD_NOTE, PASSWORD_NOTE, *calls, _ARGUMENTS_NOTE)
    if in_file:
        text = _BATCH.format(
            notes="\n".join(f"rem {note}" for note in notes), command=" ^\n    ".join(parts)
        )
        return text.replace("\n", "\r\n")
    return _SH.format(
        notes="\n".join(f"# {note}" for note in notes), command=" \\\n    ".join(parts)
    )


def script_suffix(shell: Shell) -> str:
    """The file name extension of the script."""
    return ".sh" if is_posix(shell) else ".bat"


def _mounts(*sides: Side) -> dict[PurePath, str]:
    """The folder in Docker for each folder of a token file: /tokens, and /tokens2 for a second."""
    folders = dict.fromkeys(side.token_file.parent for side in sides)
    return {folder: _INSIDE + ("2" if number else "") for number, folder in enumerate(folders)}


_ARGUMENTS_NOTE = "This script passes its own options (for example --exclude Spam) to imapsync."

_SH = """\
#!/bin/sh
# Made by oauth2_imap.
{notes}
set -eu

echo "Login test: imapsync only logs in to both mailboxes."
{command} \\
    --justlogin || {{
    code=$?
    echo "The login test failed. Nothing was copied. See the messages of imapsync above." >&2
    exit "$code"
}}

{command} \\
    "$@"
"""

# Only ASCII before chcp: cmd reads line by line, each in the code page of that moment.
_BATCH = """\
@echo off
rem Made by oauth2_imap.
{notes}
chcp 65001 >nul
setlocal EnableExtensions DisableDelayedExpansion
cd /d "%~dp0"

echo Login test: imapsync only logs in to both mailboxes.
{command} ^
    --justlogin
set code=%errorlevel%
if not %code%==0 (
    echo The login test failed. Nothing was copied. See the messages of imapsync above.
    pause
    exit /b %code%
)

{command} ^
    %*
set code=%errorlevel%
pause
exit /b %code%
"""
