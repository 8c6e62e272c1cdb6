"""One script that runs imapsync for many pairs of mailboxes, one after the other.

A pair that fails doesn't stop the others. This module does not run imapsync and does not read
files; a password is in a file that imapsync reads.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from .command import PASSWORD_NOTE, REREAD_NOTE, Side, side_words
from .shell_quoting import Shell, join

_MADE = "Made by oauth2_imap."
_KEEPER = "Keep the mailboxes fresh with oauth2_imap batch LIST --loop while this script runs."
_NOTES = (_MADE, _KEEPER, REREAD_NOTE, PASSWORD_NOTE)
# PowerShell takes typographic quotes for quotes too:
# https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
_POWERSHELL_QUOTES = re.compile("(['\u2018\u2019\u201a\u201b])")


@dataclass(frozen=True, slots=True)
class PasswordSide:
    """A mailbox to which imapsync logs in with the password in a file."""

    host: str
    user: str
    password_file: PurePath


@dataclass(frozen=True, slots=True)
class PairCommand:
    """What imapsync does with one pair; `title` is a comment above it."""

    title: str
    source: Side | PasswordSide
    destination: Side | PasswordSide
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Form:
    """How a script is written in one language; `one` runs one pair."""

    begin: str
    comment: str
    one: str
    end: str
    join: Callable[[Sequence[str]], str]
    encoding: str = "utf-8"
    line_end: str = "\n"


def script_of(commands: Sequence[PairCommand], left_out: Iterable[str], suffix: str) -> bytes:
    """The script in the language of a file name's suffix, which is in `SUFFIXES`.

    `left_out` are comments about the pairs that are not in it.
    """
    form = _FORMS[suffix]
    lines = [form.begin, *(form.comment.format(text=note) for note in _NOTES)]
    for command in commands:
        lines.append(form.comment.format(text=command.title))
        lines.append(form.one.format(command=form.join(_words(command))))
    lines += [form.comment.format(text=text) for text in left_out]
    lines.append(form.end.format(count=len(commands)))
    return "\n".join(lines).replace("\n", form.line_end).encode(form.encoding, "surrogateescape")


def _words(command: PairCommand) -> list[str]:
    sides = (_side_words(1, command.source), _side_words(2, command.destination))
    return ["imapsync", *sides[0], *sides[1], *command.options]


def _side_words(number: int, side: Side | PasswordSide) -> list[str]:
    if isinstance(side, Side):
        return [word for group in side_words(number, side).values() for word in group]
    return [
        *(f"--host{number}", side.host),
        *(f"--user{number}", side.user),
        *(f"--passfile{number}", str(side.password_file)),
    ]


def _in_sh(words: Sequence[str]) -> str:
    return join(words, Shell.SH)


def _in_batch_file(words: Sequence[str]) -> str:
    return join(words, Shell.CMD, in_file=True)


def _in_powershell(words: Sequence[str]) -> str:
    return " ".join("'" + _POWERSHELL_QUOTES.sub(r"\1\1", word) + "'" for word in words)


_SH = _Form(
    begin="#!/bin/sh\nfailed=0",
    comment="# {text}",
    one='{command} "$@" || failed=$((failed + 1))',
    end='echo "$failed of {count} pairs failed." >&2\n[ "$failed" -eq 0 ]\n',
    join=_in_sh,
)
# Only ASCII before chcp: cmd reads line by line, each in the code page of that moment.
_BATCH = _Form(
    begin=(
        "@echo off\nchcp 65001 >nul\nsetlocal EnableExtensions DisableDelayedExpansion\n"
        'cd /d "%~dp0"\nset failed=0'
    ),
    comment="rem {text}",
    one="{command} %*\nif not %errorlevel%==0 set /a failed+=1",
    end="echo %failed% of {count} pairs failed.\nif not %failed%==0 exit /b 1\nexit /b 0\n",
    join=_in_batch_file,
    line_end="\r\n",
)
_POWERSHELL = _Form(
    begin="$failed = 0",
    comment="# {text}",
    one="& {command} @args\nif ($LASTEXITCODE -ne 0) {{ $failed++ }}",
    end='Write-Host "$failed of {count} pairs failed."\nexit [int]($failed -ne 0)\n',
    join=_in_powershell,
    encoding="utf-8-sig",  # Windows PowerShell 5 takes other files for ANSI
    line_end="\r\n",
)
_FORMS: Mapping[str, _Form] = {
    ".sh": _SH,
    ".bat": _BATCH,
    ".cmd": _BATCH,
    ".ps1": _POWERSHELL,
}
SUFFIXES = tuple(_FORMS)


def has_known_suffix(script: Path) -> bool:
    """Whether the language of a script is known by its name."""
    return script.suffix.lower() in _FORMS
