"""The calls of oauth2_imap in a script: a .bat file, a PowerShell or a shell script.

The script is read and not run. Its variables have the values that the script itself gives them, and
a variable of a loop has all values of its list.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from ..errors import AppError, as_error
from ..tokenfile.format import TokenFile
from ..verdicts import local_import
from .found import Found, ReadCall
from .shells import Shell, shell_of

# This program and the Perl scripts, with whatever folder and ending.
_PROGRAM = re.compile(r"(?:.*[/\\])?oauth2_(?:imap(?:_cli)?|office365\w*)(?:\.\w+)?", re.IGNORECASE)
# What may stand before the program: words that run the command behind them, and their options.
_BEFORE = re.compile(
    r"@?(?:call|start|cmd|perl|exec|nohup|sudo|time|env|do|then|else|if|while|until|!|\{)|[-/]\w+|",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(r"\w+=.*")
_MOST = 2000  # calls, and values of a variable: nested loops would make billions

Values = dict[str, Sequence[str]]  # of variables, by name


def fits(text: str) -> bool:
    """Whether a text names the program where a script would."""
    return any(_PROGRAM.fullmatch(word) for word in re.split(r"[\s\"'@=]+", text))


def read(text: str, read_call: ReadCall) -> tuple[Found, ...]:
    """The mailboxes of all calls, each once. Raises `AppError` if no call has an address."""
    shell = shell_of(text)
    calls = dict.fromkeys(islice(_calls(text, shell), _MOST))
    found = tuple(_found(call, shell, read_call) for call in calls if _has_address(call, shell))
    if not found:
        raise as_error(local_import.NO_CALL)
    return found


def _calls(text: str, shell: Shell) -> Iterator[tuple[str, ...]]:
    """The words behind the program's name, for each call and all values of its variables."""
    values: Values = {}
    whole = shell.continued.sub(" ", shell.own_folder.sub("./", text))
    for line in shell.comment.sub("", whole).splitlines():
        values |= _set_in(line, shell, values)
        for statement in _statements(line, shell):
            for words in _with_values(statement, shell, values):
                yield from _arguments(words)


def _set_in(line: str, shell: Shell, values: Values) -> Values:
    """The variables that a line sets: one value by an assignment, many by a loop."""
    new: Values = {}
    for found in shell.setting.finditer(line):
        words = [word for word in shell.words(found["values"]) if word]
        new[_name(found["name"], shell)] = [" ".join(words)]
    for found in shell.loop.finditer(line):
        words = [word for word in shell.words(found["values"].replace(",", " ")) if word]
        spread = (text for each in words for text in _with_values([each], shell, values))
        listed = (word for (text,) in spread for word in text.replace(",", " ").split())
        new[_name(found["name"], shell)] = list(islice(listed, _MOST))
    return new


def _statements(line: str, shell: Shell) -> Iterator[list[str]]:
    """The commands of a line, as words."""
    statement: list[str] = []
    for word in (*shell.words(line), None):
        if word is None:
            yield statement
            statement = []
        else:
            statement.append(word)


def _with_values(words: Sequence[str], shell: Shell, values: Values) -> Iterator[list[str]]:
    """The words with each combination of the values of their variables."""
    used = {_name(v, shell) for word in words for v in shell.variable.findall(word)}
    names = [name for name in sorted(used) if name in values]
    for chosen in product(*(values[name] for name in names)):
        known = dict(zip(names, chosen, strict=True))
        yield [
            shell.variable.sub(lambda v: known.get(_name(v[0], shell), v[0]), word)  # noqa: B023
            for word in words
        ]


def _name(variable: str, shell: Shell) -> str:
    name = re.sub(r"\W", "", variable)
    return name.casefold() if shell.ignores_case else name


def _arguments(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The arguments of the program if these words are a call of it."""
    for place, word in enumerate(words):
        if _PROGRAM.fullmatch(word.removeprefix("@")):
            yield tuple(words[place + 1 :])
            return
        if not (_BEFORE.fullmatch(word) or _ASSIGNMENT.fullmatch(word)):
            return


def _has_address(call: Sequence[str], shell: Shell) -> bool:
    """Whether a call has an address, or a variable in which there may be one."""
    return any("@" in word or shell.variable.search(word) for word in call)


def _found(call: Sequence[str], shell: Shell, read_call: ReadCall) -> Found:
    """The mailbox of one call."""
    words = _without_variables(call, shell)
    address = next((word for word in reversed(words) if "@" in word), "")
    try:
        if not address:
            names = " ".join(v for word in call for v in shell.variable.findall(word))
            raise as_error(local_import.ADDRESS_IN_VARIABLE, variables=names)
        return read_call(words)
    except AppError as exc:
        return Found(TokenFile("", "", account=address), problem=exc)


def _without_variables(call: Sequence[str], shell: Shell) -> list[str]:
    """The words without those that have a variable of unknown value, and without their options."""
    known: list[str] = []
    for word in call:
        if not shell.variable.search(word):
            known.append(word)
        elif known and known[-1].startswith("--"):
            known.pop()
    return known
