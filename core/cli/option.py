"""What an option is, and the groups of options; the table of options is in options.py."""

from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """The headings of `--help`."""

    PROVIDER = "Provider"
    SIGN_IN = "Sign-in"
    FILE = "Token file"
    ACTION = "Actions"
    COMMAND = "Options for single commands"
    OTHER = "Other options"


class Option(NamedTuple):
    """One option. `metavar` is None for a switch; `original` marks an option of the Perl script."""

    name: str
    metavar: str | None
    group: Group
    help: str
    original: bool = False
    kind: type = str
