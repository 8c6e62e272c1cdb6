"""Where a mailbox stands in the list: below which heading, and how it is sorted there."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from core.i18n.translation import N_
from gui.model.mailbox_row import Group, Row

HEADINGS: Mapping[Group, str] = {
    Group.NEEDS_YOU: N_("Needs you"),
    Group.TRYING_AGAIN: N_("Trying again"),
    Group.FRESH: N_("Fresh"),
    Group.OFF: N_("Off"),
}
_NEVER = float("inf")


class Order(StrEnum):
    """How the mailboxes below a heading are sorted."""

    ADDRESS = N_("Address")
    PROVIDER = N_("Provider")
    TIME_LEFT = N_("Time left")


_KEYS: Mapping[Order, Callable[[Row], tuple[Any, ...]]] = {
    Order.ADDRESS: lambda row: (),
    Order.PROVIDER: lambda row: (row.provider.casefold(),),
    Order.TIME_LEFT: lambda row: (row.info.expires_at or _NEVER,),
}


class Line(NamedTuple):
    """A place in the list. A heading has an empty key, so it comes before its mailboxes."""

    group: Group
    key: tuple[Any, ...] = ()
    path: Path | None = None


def line_of(row: Row, order: Order, now: float) -> Line:
    """Return the place of a mailbox. No two have the same: the key ends with the file's path."""
    key = (*_KEYS[order](row), row.title.casefold(), str(row.path))
    return Line(row.group(now), key, row.path)


def has_expired(row: Row, before: float, now: float) -> bool:
    """Whether its token expired between these times, or the clock was set back."""
    expires = row.info.expires_at
    return now < before or (expires is not None and before < expires <= now)
