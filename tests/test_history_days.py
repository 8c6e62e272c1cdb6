"""Tests of a mailbox's last days, hour by hour."""

import time
from datetime import datetime

import pytest

from core.history.entry import Entry, Happened
from core.history.freshness import Span, sign_ins_required, valid_spans
from core.tokenfile.format import TokenFile
from core.verdicts.verdict import Kind
from gui.model.history_days import Cell, Day, Hour, days_of

NOON = datetime(2026, 3, 4, 12, 20).timestamp()  # a Wednesday
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
FRESH = (Span(NOON - 10 * DAY, NOON + HOUR),)


def at(hour: int, minute: int = 0) -> float:
    """A moment of today."""
    return datetime(2026, 3, 4, hour, minute).timestamp()


def refreshed(moment: float) -> Entry:
    """A refresh."""
    return Entry(moment, Happened.REFRESHED, moment + HOUR)


def signed_in(moment: float) -> Entry:
    """A sign-in."""
    return Entry(moment, Happened.SIGNED_IN, moment + HOUR)


def failed(moment: float, kind: Kind = Kind.PASSING, *, until: float | None = None) -> Entry:
    """A refresh that failed."""
    return Entry(moment, Happened.REFRESH_FAILED, until, "some", kind)


def today(*entries: Entry, spans: tuple[Span, ...] = FRESH) -> tuple[Cell, ...]:
    """The hours of today."""
    return days(*entries, spans=spans)[-1].cells


def days(*entries: Entry, spans: tuple[Span, ...] = FRESH) -> tuple[Day, ...]:
    """The last days."""
    return days_of(entries, spans, sign_ins_required(entries, TokenFile("", "")), NOON)


def test_there_are_three_days() -> None:
    """The last one ends with the present hour; a day of which nothing is known is no day."""
    all_days = days()
    assert ["Mon", "Tue", "Today"] == [day.name for day in all_days]
    assert [24] * 3 == [len(day.cells) for day in all_days]
    hours = [cell.hour for cell in all_days[-1].cells]
    assert [Hour.FRESH] * 13 + [Hour.AHEAD] * 11 == hours
    since_yesterday = (Span(NOON - DAY, NOON + HOUR),)
    assert ["Tue", "Today"] == [day.name for day in days(spans=since_yesterday)]
    assert ["Today"] == [day.name for day in days(spans=())]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((refreshed(at(9, 5)),), Hour.FRESH),
        ((signed_in(at(9, 5)),), Hour.SIGNED_IN),
        ((failed(at(9, 5)),), Hour.TROUBLE),
        ((failed(at(9, 5)), refreshed(at(9, 30))), Hour.TROUBLE),
        ((failed(at(8, 5), until=at(10, 5)),), Hour.TROUBLE),
        ((failed(at(9, 5), Kind.DEAD_GRANT),), Hour.SIGN_IN_REQUIRED),
        ((failed(at(9, 5), Kind.DEAD_GRANT), refreshed(at(9, 6))), Hour.SIGN_IN_REQUIRED),
        ((failed(at(9, 5), Kind.DEAD_GRANT), signed_in(at(9, 50))), Hour.SIGNED_IN),
        ((failed(at(7, 5), Kind.DEAD_GRANT), signed_in(at(9, 50))), Hour.SIGNED_IN),
        ((failed(at(7, 5), Kind.DEAD_GRANT), signed_in(at(8, 50))), Hour.FRESH),
        ((failed(at(10), Kind.DEAD_GRANT),), Hour.FRESH),
        ((failed(at(9, 5)), signed_in(at(9, 50))), Hour.TROUBLE),
        (
            (Entry(at(9, 5), Happened.LOGIN_FAILED, kind=Kind.REFUSED_ACCOUNT, verdict="x"),),
            Hour.TROUBLE,
        ),
        ((Entry(at(9, 5), Happened.LOGGED_IN),), Hour.FRESH),
    ],
)
def test_an_hour_shows_what_matters_most(entries: tuple[Entry, ...], expected: Hour) -> None:
    """The worst of it, whatever follows in the same hour; a sign-in is required until it is."""
    assert expected == today(*entries)[9].hour


def test_a_sign_in_after_a_gap_does_not_hide_it() -> None:
    """The hour without a token was the worse part."""
    entries = [refreshed(at(7)), signed_in(at(9, 50))]
    assert Hour.GAP is today(*entries, spans=tuple(spans(entries)))[9].hour


def test_a_sign_in_that_is_required_now_is_shown() -> None:
    """Also in the second in which that is noticed."""
    assert Hour.SIGN_IN_REQUIRED is today(failed(NOON, Kind.DEAD_GRANT))[12].hour


def test_before_the_first_record_there_is_nothing() -> None:
    """After it, a time without a valid token is a gap."""
    entries = [refreshed(at(3)), refreshed(at(9))]
    hours = [cell.hour for cell in today(*entries, spans=tuple(spans(entries)))]
    assert [Hour.BEFORE] * 3 + [Hour.FRESH] + [Hour.GAP] * 5 + [Hour.FRESH] == hours[:10]
    assert Hour.BEFORE is today(spans=())[0].hour


def test_between_the_first_record_and_the_first_token_nothing_is_known() -> None:
    """A login that failed is a record too, and says nothing of the hours after it."""
    failure = Entry(at(3), Happened.LOGIN_FAILED, kind=Kind.REFUSED_ACCOUNT, verdict="x")
    hours = [cell.hour for cell in today(failure, spans=(Span(at(5), at(14)),))]
    assert [Hour.BEFORE] * 3 + [Hour.TROUBLE, Hour.UNKNOWN] + [Hour.FRESH] * 8 == hours[:13]


def spans(entries: list[Entry]) -> list[Span]:
    """The valid times, without those of a token file."""
    return valid_spans(entries, TokenFile("", ""), entries[-1].at)


def test_the_words_of_an_hour() -> None:
    """What it was like, and what happened in it; not more than a tool tip can hold."""
    cells = today(refreshed(at(9, 5)), failed(at(9, 20)), *(refreshed(at(10, n)) for n in range(9)))
    expected = ["09:00 to 10:00", "09:05 Refreshed", "09:20 Refresh failed for a while"]
    assert expected == cells[9].words.split("\n")
    assert ["10:00: fresh", "10:00 … 10:08 Refreshed"] == cells[10].words.split("\n")
    assert "11:00: fresh" == cells[11].words
    assert "" == cells[20].words


def test_an_hour_tells_each_thing_once() -> None:
    """With the times of each, and when the required sign-in was done; the cross stays."""
    entries = [
        *(signed_in(at(9, 5)), Entry(at(9, 5), Happened.LOGGED_IN)),
        *(failed(at(9, 20), Kind.DEAD_GRANT), failed(at(9, 20), Kind.DEAD_GRANT)),
        *(signed_in(at(9, 21)), Entry(at(9, 21), Happened.LOGGED_IN)),
    ]
    cell = today(*entries)[9]
    told = ["09:05, 09:21 Signed in", "09:05, 09:21 Login tested", "09:20 Sign-in required"]
    assert ["09:00 to 10:00", *told] == cell.words.split("\n")
    assert Hour.SIGNED_IN is cell.hour
    assert "10:00 to 11:00\n10:03 Signed in" == today(signed_in(at(10, 3)))[10].words


def test_a_required_sign_in_is_told_in_all_its_hours() -> None:
    """The first one says when it began, and all say when it was done, once it is."""
    ended = failed(at(7, 5), Kind.DEAD_GRANT)
    cells = today(ended, failed(at(8, 10)), refreshed(at(9, 50)))
    assert "07:00 to 08:00\n07:05 Sign-in required\nMended at 09:50" == cells[7].words
    told = ["08:00: a sign-in was required", "08:10 Refresh failed for a while", "Mended at 09:50"]
    assert told == cells[8].words.split("\n")
    assert "09:00: a sign-in was required\n09:50 Refreshed\nMended at 09:50" == cells[9].words
    assert "08:00: a sign-in was required" == today(ended)[8].words


def test_an_hour_of_another_day_has_its_date_once() -> None:
    """All its times are of that day, but for a sign-in that was done later."""
    ended = failed(at(23, 5) - DAY, Kind.DEAD_GRANT)
    cell = days(ended, signed_in(at(9)))[-2].cells[23]
    told = ["2026-03-03 23:00 to 00:00", "23:05 Sign-in required", "Mended at 2026-03-04 09:00"]
    assert told == cell.words.split("\n")


def test_the_words_of_a_day() -> None:
    """Hours that are alike are told together."""
    cells = [Hour.BEFORE] * 5 + [Hour.FRESH] * 3 + [Hour.AHEAD] * 16
    day = Day("Today", tuple(Cell(hour, "") for hour in cells))
    assert "Today: 0:00 to 5:00 nothing recorded yet, 5:00 to 8:00 fresh" == day.words


@pytest.mark.only_on("posix", reason="Windows takes no zone from TZ")
@pytest.mark.parametrize(("day", "length"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_a_day_may_be_shorter_or_longer(
    day: tuple[int, int, int], length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clocks are changed; each moment is in one hour, and what happens stays at its hour."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        midnight, evening = (datetime(*day, hour).timestamp() for hour in (0, 23))
        entries = [refreshed(midnight + n * HOUR + MINUTE) for n in range(length)]
        cells = days_of(entries, spans(entries), (), evening + HOUR / 2)[-1].cells
    finally:
        monkeypatch.undo()
        time.tzset()
    told = [line for cell in cells for line in cell.words.split("\n")[1:]]
    assert [f"{hour:02}:01 Refreshed" for hour in range(24)] == sorted(
        set(told) | {"02:01 Refreshed"}
    )
    assert min(length, 24) == len(told)  # two hours of the same name are one cell
