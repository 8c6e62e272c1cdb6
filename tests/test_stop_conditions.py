"""When refreshing stops, by a time or a process, and what the user is told."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from core.errors import UsageProblem
from core.keeping.stop_conditions import at_time, duration, with_process

NOW = datetime(2026, 11, 24, 20, 0, 30)
BERLIN = "Europe/Berlin"


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone with summer time."""
    if not hasattr(time, "tzset"):
        yield
        return
    monkeypatch.setenv("TZ", BERLIN)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str, now: datetime = NOW) -> tuple[datetime, str]:
    """The second at which the condition is reached, and its announcement."""
    clock = now.timestamp()
    condition = at_time(text, lambda: clock)
    begin, end = int(clock), int(clock) + 400 * 86400
    while begin < end:  # binary search
        clock = (begin + end) // 2
        begin, end = (begin, int(clock)) if condition.is_reached() else (int(clock) + 1, end)
    return datetime.fromtimestamp(end), condition.announcement


@pytest.mark.parametrize(
    ("text", "ends", "words"),
    [
        ("23:15", datetime(2026, 11, 24, 23, 15), ": 3 h 14 min."),
        (
            "7:05",
            datetime(2026, 11, 25, 7, 5),
            "at 07:05 on Wednesday, 2026-11-25. Time until then: 11 h 4 min.",
        ),
        ("20:00", datetime(2026, 11, 25, 20, 0), ": 1 d."),
        ("2026-11-30T08:00", datetime(2026, 11, 30, 8), "08:00 on Monday, 2026-11-30"),
        ("2026-11-30 08:00:05", datetime(2026, 11, 30, 8, 0, 5), "08:00:05 on Monday"),
        ("8h", datetime(2026, 11, 25, 4, 0, 30), ": 8 h."),
        ("1h30m", datetime(2026, 11, 24, 21, 30, 30), ": 1 h 30 min."),
        ("2D", datetime(2026, 11, 26, 20, 0, 30), ": 2 d."),
        ("90s", datetime(2026, 11, 24, 20, 2), ": 90 s."),
    ],
)
def test_until(text: str, ends: datetime, words: str) -> None:
    """It takes a time, a date with a time, or a duration, and announces the end in words."""
    found, announcement = at(text)
    assert ends == found
    assert words in announcement


@pytest.mark.only_on("posix", reason="Windows has no time.tzset")
@pytest.mark.parametrize(
    ("text", "now", "seconds"),
    [
        ("08:00", datetime(2026, 10, 24, 20), 13 * 3600),  # clocks go back that night
        ("08:00", datetime(2026, 3, 28, 20), 11 * 3600),
        ("12h", datetime(2026, 10, 24, 20), 12 * 3600),
        ("2026-11-25T08:00Z", datetime(2026, 11, 24, 20), 13 * 3600),
        ("2026-11-25T08:00+01:00", datetime(2026, 11, 24, 20), 12 * 3600),
        # Clocks show these minutes twice; `fold` is the second time.
        ("02:30", datetime(2026, 10, 25, 2, 10), 20 * 60),
        ("02:30", datetime(2026, 10, 25, 2, 40), 50 * 60),
        ("02:30", datetime(2026, 10, 25, 2, 10, fold=1), 20 * 60),
        ("02:30", datetime(2026, 10, 25, 2, 40, fold=1), 24 * 3600 - 10 * 60),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 2, 40), 50 * 60),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 1, 40), 50 * 60),
        # Clocks never show these.
        ("02:30", datetime(2026, 3, 29, 1, 45), 45 * 60),
        ("02:30", datetime(2026, 3, 29, 3, 45), 23 * 3600 - 15 * 60),
    ],
)
def test_summer_time(text: str, now: datetime, seconds: int) -> None:
    """A time of day is local time; a duration is exact."""
    found, _ = at(text, now)
    assert seconds == found.timestamp() - now.timestamp()


@pytest.mark.only_on("posix", reason="Windows has no time.tzset")
@pytest.mark.parametrize(
    ("text", "now", "words"),
    [
        ("12h", datetime(2026, 10, 24, 20), "at 07:00 on Sunday, 2026-10-25"),
        ("12h", datetime(2026, 3, 28, 20), "at 09:00 on Sunday, 2026-03-29"),
        ("08:00", datetime(2026, 10, 24, 20), "at 08:00 on Sunday, 2026-10-25"),
    ],
)
def test_the_announcement_over_a_change_of_the_hour(text: str, now: datetime, words: str) -> None:
    """It has the time that clocks will show."""
    assert words in at(text, now)[1]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "until_unreadable"),
        (" ", "until_unreadable"),
        ("8", "until_unreadable"),
        ("h", "until_unreadable"),
        ("24:00", "until_unreadable"),
        ("12:60", "until_unreadable"),
        ("2026-11-30", "until_unreadable"),
        ("tomorrow", "until_unreadable"),
        ("-1h", "until_unreadable"),
        ("8h later", "until_unreadable"),
        ("99999999s", "until_too_far"),
        ("2026-11-24T20:00", "until_past"),
        ("2025-01-01T00:00", "until_past"),
        ("2028-01-01T00:00", "until_too_far"),
        ("0h", "until_past"),
        ("99999d", "until_too_far"),
        ("9999-12-31T23:59", "until_unreadable"),
    ],
)
def test_no_time(text: str, verdict: str) -> None:
    """It refuses text that is not a time, and times in the past or more than a year away."""
    with pytest.raises(UsageProblem) as caught:
        at_time(text, NOW.timestamp)
    assert verdict == caught.value.verdict.id
    assert "." not in caught.value.message[-1:]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (86400, "1 d"),
        (90000, "1 d 1 h"),
        (89999.9, "1 d 1 h"),
    ],
)
def test_duration(seconds: float, words: str) -> None:
    """It is given to the minute; under two minutes, to the second."""
    assert words == duration(seconds)


def test_with_a_process() -> None:
    """It is reached when the process ends, even before its exit code is read."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        condition = with_process(process.pid)
        assert f"process {process.pid}" in condition.announcement
        assert not condition.is_reached()
        assert process.stdin is not None
        process.stdin.close()
        deadline = time.monotonic() + 20
        while not condition.is_reached():  # its exit code is not read yet, so it is a zombie
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert condition.is_reached()


@pytest.mark.parametrize("pid", [-1, 2**22 + 1, 2**70])
def test_no_such_process(pid: int) -> None:
    """A process that does not exist is refused."""
    with pytest.raises(UsageProblem, match="does not exist or can't be watched"):
        with_process(pid)
