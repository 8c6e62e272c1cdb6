"""Whether a login has worked since the last sign-in or import."""

from collections.abc import Iterable

from .entry import Entry, Happened


def is_untested(entries: Iterable[Entry]) -> bool:
    """Whether the last sign-in or import is known, and no login has worked since."""
    untested = False
    for entry in entries:
        if entry.what in (Happened.SIGNED_IN, Happened.IMPORTED):
            untested = True
        elif entry.what is Happened.LOGGED_IN:
            untested = False
    return untested
