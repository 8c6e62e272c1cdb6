"""When a mailbox had a valid token, by its history and its token file."""

from collections.abc import Iterable
from typing import NamedTuple

from ..tokenfile.expiry import Dated
from .entry import Entry


class Span(NamedTuple):
    """A time without a gap in which there was a valid token."""

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


def fresh_since(spans: list[Span], now: float) -> float | None:
    """Since when there has been a valid token without a gap; None if there is none now."""
    return spans[-1].start if spans and now < spans[-1].end else None
