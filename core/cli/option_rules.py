"""Refuses options that a command does not take, and options that can't be used together.

An option without an effect would make the user believe that it had one.
"""

from collections.abc import Collection

from ..errors import AppError, as_error
from ..verdicts import local_commands
from .commands import ADDRESSES, COMMANDS, DEMO, Taken
from .option import Group
from .options import OPTIONS

_OF_ONE_COMMAND = frozenset(option.name for option in OPTIONS if option.group is Group.COMMAND)
_OF_THE_LOOP = ("every", "no_keep_awake")
_EXCLUDE = (
    ("finish", "list"),
    ("finish", "cancel"),
    ("list", "cancel"),
    ("export", "import"),
    ("check", "every"),
    ("device_code", "remotebrowser"),
    ("device_code", "browser"),
    ("device_code", "private"),
    ("startover", "refresh_only"),
    ("startover", "print_token"),
)


def refuse_unused_options(command: str, given: Collection[str]) -> None:
    """Raise `UsageProblem` for an option that would silently do nothing.

    `command` is a name in COMMANDS, "--demo", or "" for addresses alone. `given` are the names of
    the options that the user wrote.
    """
    taken = _taken_by(command)
    for name in given:
        if name not in taken:
            raise _not_taken(name, command)
    for name, other in _EXCLUDE:
        if name in given and other in given:
            raise as_error(local_commands.OPTIONS_EXCLUDE, option=f"--{name}", other=f"--{other}")
    if command == "status" and {"check", "json"} <= set(given):
        raise as_error(local_commands.OPTIONS_EXCLUDE, option="--check", other="--json")
    if command == "admin" and "json" in given and "check" not in given:
        raise as_error(local_commands.OPTION_NEEDS_CHECK, option="--json")
    for name in _OF_THE_LOOP:
        if command in ("", "batch") and name in given and "loop" not in given:
            raise as_error(local_commands.OPTION_NEEDS_LOOP, option=f"--{name}")
    if "min_left" in given and not {"refresh_only", "print_token"}.intersection(given):
        raise as_error(local_commands.MIN_LEFT_ALONE)


def _taken_by(command: str) -> Taken:
    if command in COMMANDS:
        return COMMANDS[command].taken
    return DEMO if command else ADDRESSES


def _not_taken(name: str, command: str) -> AppError:
    option = f"--{name}"
    if name in _OF_ONE_COMMAND:
        owner = next(other for other, c in COMMANDS.items() if name in c.taken)
        return as_error(local_commands.OPTION_OF_A_COMMAND, option=option, command=owner)
    if command == "run":
        return as_error(local_commands.OPTION_NOT_WITH_RUN, option=option)
    return as_error(local_commands.OPTION_NOT_TAKEN, option=option, command=command)
