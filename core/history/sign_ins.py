"""How long earlier sign-ins of a mailbox lasted, by its history."""

from collections.abc import Iterable

from ..verdicts.verdict import Kind
from .entry import Entry, Happened

_PRECISE = 0.1  # of the life of a sign-in; its end is noticed at the next refresh only
_AT_LEAST = 3600.0  # seconds; refreshes may be so rare


def lives(entries: Iterable[Entry]) -> list[float]:
    """How many seconds each sign-in lasted that the provider has ended, in their order.

    Left out is one whose end is not known well, for example since the computer was off.
    """
    found: list[float | None] = []
    began = worked = ended = None
    for entry in entries:
        if entry.what is Happened.SIGNED_IN:
            found.append(_life(began, worked, ended))
            began, worked, ended = entry.at, entry.end, None
        elif entry.what is Happened.REFRESHED:
            worked, ended = entry.end, None  # an earlier refusal was wrong
        elif entry.what is Happened.REFRESH_FAILED and entry.kind is Kind.DEAD_GRANT:
            ended = ended or entry.at
    found.append(_life(began, worked, ended))
    return [life for life in found if life is not None]


def _life(began: float | None, worked: float | None, ended: float | None) -> float | None:
    if began is None or worked is None or ended is None:
        return None
    life = ended - began
    return life if ended - worked <= max(_AT_LEAST, _PRECISE * life) else None
