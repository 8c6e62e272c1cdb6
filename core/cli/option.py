"""What an option is, and the groups of options; the table of options is in options.py."""

from enum import StrEnum
from typing import NamedTuple

from ..i18n.translation import N_


class Group(StrEnum):
    """The headings of `--help`."""

    PROVIDER = N_("Provider")
    SIGN_IN = N_("Sign-in")
    FILE = N_("Token file")
    ACTION = N_("Actions")
    COMMAND = N_("Options for single commands")
    OTHER = N_("Other options")


class Option(NamedTuple):
    """One option. `metavar` is None for a switch; `original` marks an option of the Perl script.

    release/catalogs.py collects `help` for translation.
    """

    name: str
    metavar: str | None
    group: Group
    help: str
    original: bool = False
    kind: type = str
