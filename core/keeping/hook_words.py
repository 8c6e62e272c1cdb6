"""Reads a command of the user, which `Hooks` starts."""

import os
import shlex
import shutil

from ..errors import as_error
from ..verdicts import local_commands


def words_of(option: str, text: str) -> list[str]:
    """Split a command at its blanks, except between quotes. Nothing else has a meaning.

    On Windows a backslash is a part of a path. Elsewhere it quotes one character, as in sh.
    Raises `UsageProblem`, which names the `option`, if the command can't be started.
    """
    posix = os.name == "posix"
    try:
        words = shlex.split(text, posix=posix)
    except ValueError:
        raise as_error(local_commands.HOOK_UNREADABLE, option=option) from None
    if not posix:
        words = [word.strip('"') for word in words]
    if not words:
        return []
    program = shutil.which(words[0])
    if program is None:
        raise as_error(local_commands.HOOK_NOT_FOUND, option=option, program=words[0])
    return [program, *words[1:]]
