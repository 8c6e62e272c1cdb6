"""How scripts of each shell are written: lines, comments, variables and words, as data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FLAGS = re.IGNORECASE | re.MULTILINE


@dataclass(frozen=True, slots=True)
class Shell:
    """One shell. `continued` is the end of a line that goes on in the next one.

    `word` finds the words and the operators, and `quoted` the parts of a word that lose their
    quotes. `variable` finds a variable in a word; the names of `setting` and `loop` are `name`, and
    what they set is `values`. `own_folder` is how a script names the folder that it is in.
    """

    continued: re.Pattern[str]
    comment: re.Pattern[str]
    word: re.Pattern[str]
    quoted: re.Pattern[str]
    variable: re.Pattern[str]
    setting: re.Pattern[str]
    loop: re.Pattern[str]
    own_folder: re.Pattern[str]
    ignores_case: bool = False  # in the names of variables

    def words(self, line: str) -> Iterator[str | None]:
        """The words of a line without their quotes; None for an operator, such as `&&` or `>`."""
        for found in self.word.finditer(line):
            is_operator = found.lastgroup == "operator"
            yield None if is_operator else self.quoted.sub(_unquoted, found[0])


def _unquoted(found: re.Match[str]) -> str:
    return next((part for part in found.groups() if part is not None), "")


BATCH = Shell(
    continued=re.compile(r"\^[ \t]*\r?\n"),
    comment=re.compile(r"^[ \t@]*(?:rem\b|::).*", _FLAGS),
    word=re.compile(r'(?P<operator>\d?[<>]+(?:&\d)?|[&|()]+)|(?:"[^"\n]*"|\^.|[^\s"&|()<>^])+'),
    quoted=re.compile(r'"([^"]*)"|\^(.)'),
    variable=re.compile(r"%%~?[a-z]\b|%\w+%|%[\d*]", re.IGNORECASE),
    setting=re.compile(r'^[ \t@]*set[ \t]+"?(?P<name>\w+)=(?P<values>[^"\r\n]*)"?', _FLAGS),
    loop=re.compile(r"\bfor[ \t]+%%(?P<name>[a-z])[ \t]+in[ \t]*\((?P<values>[^)]*)\)", _FLAGS),
    own_folder=re.compile(r"%~dp0\\?", re.IGNORECASE),
    ignores_case=True,
)
POSIX = Shell(
    continued=re.compile(r"\\\r?\n"),
    comment=re.compile(r"(?:^|(?<=\s))#.*", _FLAGS),
    word=re.compile(
        r"(?P<operator>\d?[<>]+(?:&\d)?|[&|;()]+)"
        r"""|(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\\.|[^\s"'\\&|;()<>])+"""
    ),
    quoted=re.compile(r""""((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)"""),
    variable=re.compile(r"\$(?:\{?\w+\}?|[@*])"),
    setting=re.compile(r"^[ \t]*(?:export[ \t]+)?(?P<name>\w+)=(?P<values>[^\n;]*)", _FLAGS),
    loop=re.compile(r"\bfor[ \t]+(?P<name>\w+)[ \t]+in[ \t]+(?P<values>[^\n;]*)", _FLAGS),
    own_folder=re.compile(r'"?\$\(dirname "?\$0"?\)"?/?'),
)
POWERSHELL = Shell(
    continued=re.compile(r"`[ \t]*\r?\n"),
    comment=re.compile(r"(?:^|(?<=\s))#.*", _FLAGS),
    word=re.compile(
        r"(?P<operator>[\d*]?[<>]+(?:&\d)?|[&|;(){}]+)"
        r"""|(?:"(?:`.|[^"`\n])*"|'[^'\n]*'|`.|[^\s"'`&|;(){}<>])+"""
    ),
    quoted=re.compile(r""""((?:`.|[^"`])*)"|'([^']*)'|`(.)"""),
    variable=re.compile(r"\$(?:\{?\w+\}?)"),
    setting=re.compile(r"^[ \t]*\$(?P<name>\w+)[ \t]*=[ \t]*@?\(?(?P<values>[^\n)]*)", _FLAGS),
    loop=re.compile(r"\bforeach[ \t]*\([ \t]*\$(?P<name>\w+) in @?\(?(?P<values>[^)\n]*)", _FLAGS),
    own_folder=re.compile(r"\$PSScriptRoot[/\\]?", re.IGNORECASE),
    ignores_case=True,
)
_BATCH_MARKS = re.compile(
    r"^[ \t]*@|^[ \t]*(?:rem|call|setlocal|goto|pushd)\b|%~dp0|%%|\^[ \t]*$|\\oauth2_", _FLAGS
)
_POWERSHELL_MARKS = re.compile(
    r"^[ \t]*\$\w+[ \t]*=|^[ \t]*foreach[ \t]*\(|^[ \t]*while[ \t]*\(|^[ \t]*&[ \t]|`[ \t]*$"
    r"|\$PSScriptRoot",
    _FLAGS,
)


def shell_of(script: str) -> Shell:
    """The shell that a script is written for, by its content."""
    if script.startswith("#!"):
        return POSIX
    if _POWERSHELL_MARKS.search(script):
        return POWERSHELL
    return BATCH if _BATCH_MARKS.search(script) else POSIX
