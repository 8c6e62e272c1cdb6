"""Finds the commands on the pages: README.md, docs/ and the others of the project.

A command stands alone on a line that is indented by four blanks, in a fenced block that is marked
`sh`, or between backquotes if it calls oauth2_imap. Blocks of anything else are fenced and say of
what: text, toml, python, bat.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_FENCE = re.compile(r" *```(\w*)")
_INDENT = "    "
_QUOTED = re.compile(r"`((?:oauth2_imap|oauth2_imap_cli) [^`]+)`")


class DocumentedCommand(NamedTuple):
    """A command and where it stands."""

    page: str
    line: int
    text: str


def commands_of(page: Path) -> Iterator[DocumentedCommand]:
    """All commands of one page."""
    name = page.relative_to(ROOT).as_posix()
    language = None  # of the block around a line
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if fence:
            language = fence[1] if language is None else None
        elif language == "sh" or (language is None and line.startswith(_INDENT)):
            yield DocumentedCommand(name, number, line.strip())
        elif language is None:
            for quoted in _QUOTED.findall(line.replace("\\|", "|")):
                yield DocumentedCommand(name, number, quoted)


def languages_of(page: Path) -> set[str]:
    """What the fenced blocks of a page are marked as; "" for a block without a mark."""
    fences = [
        found[1] for line in page.read_text("utf-8").splitlines() if (found := _FENCE.match(line))
    ]
    return set(fences[::2])


def all_commands() -> list[DocumentedCommand]:
    """The commands of all pages."""
    return [command for page in PAGES for command in commands_of(page)]
