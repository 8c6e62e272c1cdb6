"""The last days of a mailbox, hour by hour: what its history strip shows, also in words."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from PySide6.QtCore import QLocale

from core.history.entry import Entry, Happened
from core.history.freshness import Span
from core.i18n.translation import N_, _
from core.times import short_time
from core.verdicts.verdict import Kind

_DAYS = 3
_HOURS = 24
_SHORT = QLocale.FormatType.ShortFormat
_MOST_TOLD = 6  # entries of one hour


class Hour(Enum):
    """What an hour was like; the value is it in words."""

    AHEAD = ""
    UNKNOWN = N_("not known")
    FRESH = N_("fresh")
    SIGNED_IN = N_("signed in")
    TROUBLE = N_("a refresh or a login failed")
    GAP = N_("a gap without a valid token")
    SIGN_IN_REQUIRED = N_("sign-in required")


LEGEND: Mapping[Hour, str] = {
    Hour.FRESH: N_("fresh"),
    Hour.SIGNED_IN: N_("signed in"),
    Hour.TROUBLE: N_("failure"),
    Hour.GAP: N_("no valid token"),
    Hour.SIGN_IN_REQUIRED: N_("sign-in required"),
    Hour.UNKNOWN: N_("not known"),
}
_REFRESH_FAILED: Mapping[Kind | None, str] = {
    Kind.PASSING: N_("Refresh failed for a while"),
    Kind.DEAD_GRANT: N_("Sign-in required"),
    Kind.MISCONFIGURED: N_("Refresh refused because of the registration"),
}
_FAILED = N_("Refresh failed")
_TOLD = {
    Happened.REFRESHED: N_("Refreshed"),
    Happened.SIGNED_IN: N_("Signed in"),
    Happened.LOGGED_IN: N_("Login tested"),
    Happened.LOGIN_FAILED: N_("Login failed"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour, and what happened in it, a line each."""

    hour: Hour
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of 24 hours."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def words(self) -> str:
        """The whole day for a screen reader: hours that are alike are one part."""
        parts, at = [], 0
        for hour, cells in itertools.groupby(cell.hour for cell in self.cells):
            start, at = at, at + len(list(cells))
            if hour is not Hour.AHEAD:
                hours = {"start": f"{start}:00", "end": f"{at}:00"}
                parts.append(_("{start} to {end} {what}", **hours, what=_(hour.value)))
        return f"{self.name}: {', '.join(parts)}"


def days_of(entries: Sequence[Entry], spans: Sequence[Span], now: float) -> tuple[Day, ...]:
    """The last days of which anything is known, with today at the end."""
    today = datetime.fromtimestamp(now).date()
    dates = (today - timedelta(days=back) for back in reversed(range(_DAYS)))
    days = [Day(_name(date, today), _cells(date, entries, spans, now)) for date in dates]
    return (*itertools.dropwhile(_is_unknown, days[:-1]), days[-1])


def _is_unknown(day: Day) -> bool:
    return all(cell.hour is Hour.UNKNOWN for cell in day.cells)


def _name(day: date, today: date) -> str:
    return _("Today") if day == today else QLocale().dayName(day.isoweekday(), _SHORT)


def _cells(
    day: date, entries: Sequence[Entry], spans: Sequence[Span], now: float
) -> tuple[Cell, ...]:
    midnight = datetime(day.year, day.month, day.day)
    edges = [(midnight + timedelta(hours=hour)).timestamp() for hour in range(_HOURS + 1)]
    return tuple(
        _cell(entries, spans, Span(start, end), now) for start, end in itertools.pairwise(edges)
    )


def _cell(entries: Sequence[Entry], spans: Sequence[Span], time: Span, now: float) -> Cell:
    if time.start > now:
        return Cell(Hour.AHEAD, "")
    inside = [e for e in entries if e.at < time.end and _told_until(e) >= time.start]
    hour = _hour(inside, spans, Span(time.start, min(time.end, now)))
    events = (f"{short_time(e.at, now)} {_event(e)}" for e in inside if time.start <= e.at)
    title = f"{short_time(time.start, now)}: {_(hour.value)}"
    return Cell(hour, "\n".join([title, *list(events)[:_MOST_TOLD]]))


def _hour(inside: Iterable[Entry], spans: Sequence[Span], time: Span) -> Hour:
    """The most important thing of an hour; an error that was mended is trouble no more."""
    last = {entry.what: entry for entry in inside}
    refused, mended = last.get(Happened.REFRESH_FAILED), _latest(last)
    if Happened.SIGNED_IN in last and mended >= (refused.end if refused else 0.0):
        return Hour.SIGNED_IN
    if refused and refused.kind is Kind.DEAD_GRANT and mended < refused.end:
        return Hour.SIGN_IN_REQUIRED
    if refused or Happened.LOGIN_FAILED in last:
        return Hour.TROUBLE
    first = spans[0].start if spans else time.end
    if time.end <= first:
        return Hour.UNKNOWN
    start = max(time.start, first)
    is_fresh = any(span.start <= start and time.end <= span.end for span in spans)
    return Hour.FRESH if is_fresh else Hour.GAP


def _latest(last: Mapping[Happened, Entry]) -> float:
    """When a token was got the last time."""
    got = (last.get(what) for what in (Happened.REFRESHED, Happened.SIGNED_IN))
    return max((entry.at for entry in got if entry), default=0.0)


def _told_until(entry: Entry) -> float:
    """A failure lasts until its last repetition; new tokens are got in a moment."""
    return entry.end if entry.failed else entry.at


def _event(entry: Entry) -> str:
    if entry.what is Happened.REFRESH_FAILED:
        return _(_REFRESH_FAILED.get(entry.kind, _FAILED))
    return _(_TOLD[entry.what])
