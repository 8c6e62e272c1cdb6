"""Find what imapsync would use as the access token, by the same steps as its Perl code."""

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ..tokenfile.read import read_content


class TakenAs(StrEnum):
    """How imapsync uses the value of --oauthaccesstoken."""

    FILE = "a file"
    STRING = "the token itself"


@dataclass(frozen=True, slots=True)
class Reading:
    """`token` is what imapsync sends to the server; `content` is the whole file, if it is one."""

    taken_as: TakenAs
    token: bytes = field(repr=False)
    content: bytes = field(default=b"", repr=False)


def as_imapsync(given: str) -> Reading:
    """Read a regular file that is readable. Any other string is itself the token."""
    try:
        content = read_content(Path(given))
    except (OSError, ValueError):  # ValueError: a NUL, which no path can hold
        return Reading(TakenAs.STRING, os.fsencode(given))
    return Reading(TakenAs.FILE, first_line(content), content)


def first_line(content: bytes) -> bytes:
    """The bytes up to the first LF, unchanged (as Perl's readline and chomp do).

    On Windows, Perl also removes a CR before the LF. Our files contain no CR.
    """
    return content.partition(b"\n")[0]
