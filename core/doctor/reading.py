"""What imapsync takes for the access token: the steps it does in Perl, done here."""

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ..tokenfile.read import read_content


class TakenAs(StrEnum):
    """What the value of --oauthaccesstoken is to imapsync."""

    FILE = "a file"
    STRING = "the token itself"


@dataclass(frozen=True, slots=True)
class Reading:
    """`token` is what goes to the server; `content` is all of the file, empty where it is none."""

    taken_as: TakenAs
    token: bytes = field(repr=False)
    content: bytes = field(default=b"", repr=False)


def as_imapsync(given: str) -> Reading:
    """A regular file that can be read is read; any other string is the token."""
    try:
        content = read_content(Path(given))
    except (OSError, ValueError):  # ValueError: a NUL, which no path can hold
        return Reading(TakenAs.STRING, os.fsencode(given))
    return Reading(TakenAs.FILE, first_line(content), content)


def first_line(content: bytes) -> bytes:
    """Up to the first LF, and nothing else is taken away (Perl's readline and chomp).

    On Windows Perl takes a CR before it too; files are written so that it need not.
    """
    return content.partition(b"\n")[0]
