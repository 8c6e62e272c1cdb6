"""Find the options in a command line. The rules are those of the Perl script (Getopt::Long).

Dashes in names count as underscores, upper and lower case are the same, and one dash is as good as
two. An option may be abbreviated. An abbreviation that is unique among the options of the Perl
script keeps its meaning, whatever options are added.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import UsageProblem, as_error
from ..verdicts import local_commands
from .option import Option
from .options import NEGATABLE, OPTIONS

TAKES_A_COMMAND = "run"
_LINE_END = "\r\n"  # a script or a list that was saved with CR LF leaves one at its last word
_NO_VALUE = "--"  # nobody means it as a value
_TESTS_OF_THE_SCRIPT = ("tests", "testsone")


class Given(NamedTuple):
    """An option as the user gave it. A switch has no text, and may be negated."""

    option: Option
    text: str = ""
    negated: bool = False


def read_options(arguments: Sequence[str]) -> tuple[list[str], list[Given]]:
    """Return the words, and the options in their order."""
    words: list[str] = []
    options: list[Given] = []
    rest = iter(arguments)
    for given in rest:
        argument = given.rstrip(_LINE_END)
        if given and not argument:
            continue
        if argument == "--":
            # `run` must know where its own words end; the rest belongs to another program.
            words += ["--", *rest] if words[:1] == [TAKES_A_COMMAND] else rest
            break
        if len(argument) < 2 or not argument.startswith("-"):
            words.append(argument)
            continue
        written, equals, value = argument.partition("=")
        try:
            option, negated = _find(written)
        except UsageProblem:
            if words[:1] == [TAKES_A_COMMAND] and "--" not in arguments:
                raise as_error(local_commands.RUN_WITHOUT_DASHES) from None
            raise
        if option.metavar is None:
            if equals:
                raise as_error(local_commands.OPTION_TAKES_NO_VALUE, option=written)
            options.append(Given(option, negated=negated))
            continue
        if not equals:
            value = next(rest, _NO_VALUE).rstrip(_LINE_END)
        if value == _NO_VALUE:
            raise as_error(
                local_commands.OPTION_NEEDS_VALUE,
                option=f"--{option.name}",
                value=option.metavar,
            )
        options.append(Given(option, value))
    return words, options


def _find(written: str) -> tuple[Option, bool]:
    """The option that was written, and whether it is negated."""
    name = written.lstrip("-").lower().replace("-", "_")
    by_name = {option.name: (option, False) for option in OPTIONS}
    for option in OPTIONS:
        if option.name in NEGATABLE:
            by_name[f"no{option.name}"] = by_name[f"no_{option.name}"] = (option, True)
    if name in by_name:
        return by_name[name]
    originals = {key: found for key, found in by_name.items() if found[0].original}
    for names in (originals, by_name):
        matching = {found for key, found in names.items() if key.startswith(name)}
        if len(matching) == 1:
            return matching.pop()
    candidates = sorted({key for key in by_name if key.startswith(name)})
    if not candidates:
        if any(test.startswith(name) for test in _TESTS_OF_THE_SCRIPT):
            raise as_error(local_commands.OPTION_RAN_TESTS, option=f"--{name}")
        if not name.isidentifier():
            raise as_error(local_commands.UNREADABLE_OPTION)
        raise as_error(local_commands.UNKNOWN_OPTION, option=f"--{name}")
    raise as_error(
        local_commands.AMBIGUOUS_OPTION,
        option=f"--{name}",
        candidates=", ".join(f"--{candidate}" for candidate in candidates),
    )
