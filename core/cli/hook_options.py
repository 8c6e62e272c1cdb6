"""Reads the commands of `--hook` and `--on_trouble`."""

import os
import shlex
import shutil
from collections.abc import Callable

from ..errors import as_error
from ..keeping.hooks import Hooks
from ..verdicts import local_commands
from .options import Options


def hooks_of(options: Options, tell: Callable[[str], None]) -> Hooks:
    """The commands that the options give, checked. Raises `UsageProblem`."""
    words = {name: _words(name, getattr(options, name)) for name in ("hook", "on_trouble")}
    return Hooks(words["hook"], words["on_trouble"], tell)


def _words(name: str, text: str) -> list[str]:
    """Split a command at its blanks, except between quotes. Nothing else has a meaning.

    On Windows a backslash is a part of a path. Elsewhere it quotes one character, as in sh.
    """
    posix = os.name == "posix"
    try:
        words = shlex.split(text, posix=posix)
    except ValueError:
        raise as_error(local_commands.HOOK_UNREADABLE, option=f"--{name}") from None
    if not posix:
        words = [word.strip('"') for word in words]
    if not words:
        return []
    program = shutil.which(words[0])
    if program is None:
        raise as_error(local_commands.HOOK_NOT_FOUND, option=f"--{name}", program=words[0])
    return [program, *words[1:]]
