"""When a mailbox had a valid token or needed a sign-in, by its history and its token file."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..tokenfile.expiry import Dated
from ..verdicts.verdict import Kind
from .entry import Entry, Happened

_NEW_TOKEN = (Happened.REFRESHED, Happened.SIGNED_IN)


class Span(NamedTuple):
    """A time in which something lasted without a gap, for example a valid token."""

    start: float
    end: float


def valid_spans(entries: Iterable[Entry], file: Dated, now: float) -> list[Span]:
    """All such times, in their order; `end` may be in the future.

    The token file counts too, since other programs refresh it without an entry.
    """
    spans = [Span(e.at, e.until) for e in entries if not e.failed and e.until is not None]
    if file.issued_at is not None and file.expires_at is not None:
        spans.append(Span(file.issued_at, file.expires_at))
    united: list[Span] = []
    for span in sorted(span for span in spans if span.start <= now):
        if united and span.start <= united[-1].end:
            united[-1] = Span(united[-1].start, max(united[-1].end, span.end))
        else:
            united.append(span)
    return united


def sign_ins_required(entries: Sequence[Entry], file: Dated) -> list[Span]:
    """All times in which a sign-in was required, until the next token; the last may go on."""
    got = [entry.at for entry in entries if entry.what in _NEW_TOKEN]
    if file.issued_at is not None:  # by another program, perhaps
        got.append(file.issued_at)
    got.sort()
    return [
        Span(entry.at, next((at for at in got if at >= entry.end), math.inf))
        for entry in entries
        if entry.what is Happened.REFRESH_FAILED and entry.kind is Kind.DEAD_GRANT
    ]


def fresh_since(spans: Sequence[Span], required: Sequence[Span], now: float) -> float | None:
    """Since when there has been a valid token without a gap; None if there is none now.

    The time before a required sign-in doesn't count: the user saw that something was broken, even
    though the token was still valid.
    """
    if not spans or now >= spans[-1].end:
        return None
    mended = [span.end for span in required if span.end <= now]
    return max([spans[-1].start, *mended])
