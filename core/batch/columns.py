"""The columns of a list, as data; add a column here, and its use in reading.py."""

from collections.abc import Sequence

MAILBOX = ("address", "provider", "application", "grant", "login_hint", "token_file", "side")
_OF_A_SIDE = (
    *("host", "user", "password"),
    *("provider", "application", "grant", "login_hint", "token_file"),
)
PAIR = (*(f"{name}{number}" for number in (1, 2) for name in _OF_A_SIDE), "options")
KNOWN = frozenset({*MAILBOX, *PAIR})
OTHER_NAMES = {"email": "address", "e_mail": "address", "mailbox": "address"}
# Without the first line with names, a list has addresses, or is a file for imapsync's own loops:
# https://github.com/imapsync/imapsync/tree/master/examples
ADDRESSES = ("address",)
IMAPSYNC = ("host1", "user1", "password1", "host2", "user2", "password2", "options")
OPTIONAL = frozenset({"options"})  # may be missing at the end of a line for imapsync
DELIMITERS = ",;\t"
COMMENT = "#"


def columns_of(cells: Sequence[str]) -> list[str]:
    """The names of the columns by the first line; those that are unknown are empty."""
    names = [cell.strip().casefold().replace(" ", "_").replace("-", "_") for cell in cells]
    names = [OTHER_NAMES.get(name, name) for name in names]
    return [name if name in KNOWN else "" for name in names]


def is_header(columns: Sequence[str]) -> bool:
    """Whether the first line names enough columns."""
    return "address" in columns or {"user1", "user2"} <= set(columns)
