"""The last days of a mailbox, hour by hour: what its history strip shows, also in words."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QLocale

from core.history.entry import Entry, Happened
from core.history.freshness import Span
from core.i18n.translation import N_, _
from core.times import short_time
from core.verdicts.verdict import Kind

_DAYS = 3
_HOURS = 24
_SHORT = QLocale.FormatType.ShortFormat
_MOST_TOLD = 6  # lines of one hour
_MOST_TIMES = 3  # in one line


class Hour(Enum):
    """What an hour was like; the value is it in words."""

    AHEAD = ""
    BEFORE = N_("nothing recorded yet")
    UNKNOWN = N_("not known")
    FRESH = N_("fresh")
    SIGNED_IN = N_("signed in")
    TROUBLE = N_("a refresh or a login failed")
    GAP = N_("a gap without a valid token")
    SIGN_IN_REQUIRED = N_("a sign-in was required")


LEGEND: Mapping[Hour, str] = {
    Hour.FRESH: N_("fresh"),
    Hour.SIGNED_IN: N_("signed in"),
    Hour.TROUBLE: N_("failure"),
    Hour.GAP: N_("no valid token"),
    Hour.SIGN_IN_REQUIRED: N_("sign-in was required"),
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
    Happened.IMPORTED: N_("Imported"),
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


class _Known(NamedTuple):
    """What the hours are made of: what happened, and in which times there was a valid token.

    `required` are the times in which a sign-in was required; `first` is when the first record was
    made.
    """

    entries: Sequence[Entry]
    valid: Sequence[Span]
    required: Sequence[Span]
    first: float
    now: float


def days_of(
    entries: Sequence[Entry], valid: Sequence[Span], required: Sequence[Span], now: float
) -> tuple[Day, ...]:
    """The last days of which anything is known, with today at the end."""
    starts = [*(entry.at for entry in entries[:1]), *(span.start for span in valid[:1])]
    known = _Known(entries, valid, required, min(starts, default=math.inf), now)
    today = datetime.fromtimestamp(now).date()
    dates = (today - timedelta(days=back) for back in reversed(range(_DAYS)))
    days = [Day(_name(date, today), _cells(date, known)) for date in dates]
    return (*itertools.dropwhile(_is_before, days[:-1]), days[-1])


def _is_before(day: Day) -> bool:
    return all(cell.hour is Hour.BEFORE for cell in day.cells)


def _name(day: date, today: date) -> str:
    return _("Today") if day == today else QLocale().dayName(day.isoweekday(), _SHORT)


def _cells(day: date, known: _Known) -> tuple[Cell, ...]:
    midnight = datetime(day.year, day.month, day.day)
    edges = [(midnight + timedelta(hours=hour)).timestamp() for hour in range(_HOURS + 1)]
    return tuple(_cell(known, Span(start, end)) for start, end in itertools.pairwise(edges))


def _cell(known: _Known, time: Span) -> Cell:
    now = known.now
    if time.start > now:
        return Cell(Hour.AHEAD, "")
    inside = [e for e in known.entries if e.at < time.end and _told_until(e) >= time.start]
    hour, begun = _hour(known, inside, time), [e for e in inside if time.start <= e.at]
    title, told = _title(hour, begun, time, now), _told(begun)
    return Cell(hour, "\n".join([title, *told[:_MOST_TOLD], *_mended(hour, known, time)]))


def _title(hour: Hour, begun: Iterable[Entry], time: Span, now: float) -> str:
    """Name the hour, and what it was like unless what happened in it tells that."""
    start = short_time(time.start, now)
    if hour in map(_tells, begun):
        return _("{start} to {end}", start=start, end=_of_day(time.end))
    return f"{start}: {_(hour.value)}"


def _tells(entry: Entry) -> Hour | None:
    """Return which kind of hour the words of an entry tell of."""
    if entry.failed:
        is_end = entry.what is Happened.REFRESH_FAILED and entry.kind is Kind.DEAD_GRANT
        return Hour.SIGN_IN_REQUIRED if is_end else Hour.TROUBLE
    return Hour.SIGNED_IN if entry.what is Happened.SIGNED_IN else None


def _told(entries: Iterable[Entry]) -> list[str]:
    """Tell what happened, each thing once with its times, in the order of the first ones."""
    times: dict[str, dict[str, None]] = {}
    for entry in entries:
        times.setdefault(_event(entry), {}).setdefault(_of_day(entry.at))
    return [f"{_few(list(at))} {what}" for what, at in times.items()]


def _of_day(moment: float) -> str:
    """The time without the date, which the title of the hour has."""
    return short_time(moment, moment)


def _few(times: Sequence[str]) -> str:
    """Return the times, without those in the middle if they are many."""
    if len(times) > _MOST_TIMES:
        return f"{times[0]} … {times[-1]}"
    return ", ".join(times)


def _mended(hour: Hour, known: _Known, time: Span) -> Iterator[str]:
    """Tell when the required sign-in was done: the mark of its hours stays."""
    if hour is Hour.SIGN_IN_REQUIRED:
        end = max(span.end for span in known.required if _overlap(span, time))
        if end <= known.now:
            yield _("Mended at {time}", time=short_time(end, time.start))


def _hour(known: _Known, inside: Iterable[Entry], time: Span) -> Hour:
    """The worst that happened in an hour; a sign-in that was required and done is a sign-in."""
    happened = {entry.what for entry in inside}
    ends = [span.end for span in known.required if _overlap(span, time)]
    if ends:
        is_done = Happened.SIGNED_IN in happened and max(ends) <= min(time.end, known.now)
        return Hour.SIGNED_IN if is_done else Hour.SIGN_IN_REQUIRED
    if happened & {Happened.REFRESH_FAILED, Happened.LOGIN_FAILED}:
        return Hour.TROUBLE
    token = _token(known, Span(time.start, min(time.end, known.now)))
    is_mended = token is not Hour.GAP and Happened.SIGNED_IN in happened
    return Hour.SIGNED_IN if is_mended else token


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _token(known: _Known, time: Span) -> Hour:
    """Whether there was a valid token all the time, as far as that is known."""
    if time.end <= known.first:
        return Hour.BEFORE
    first = known.valid[0].start if known.valid else math.inf
    if time.end <= first:
        return Hour.UNKNOWN
    start = max(time.start, first)
    is_fresh = any(span.start <= start and time.end <= span.end for span in known.valid)
    return Hour.FRESH if is_fresh else Hour.GAP


def _told_until(entry: Entry) -> float:
    """A failure lasts until its last repetition; new tokens are got in a moment."""
    return entry.end if entry.failed else entry.at


def _event(entry: Entry) -> str:
    if entry.what is Happened.REFRESH_FAILED:
        return _(_REFRESH_FAILED.get(entry.kind, _FAILED))
    return _(_TOLD[entry.what])
