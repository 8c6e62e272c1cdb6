"""When a keeping ends by plan, and how that is said."""

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
    """A zone with summer time."""
    if not hasattr(time, "tzset"):
        yield
        return
    monkeypatch.setenv("TZ", BERLIN)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str, now: datetime = NOW) -> tuple[datetime, str]:
    """When it ends, found by asking second by second around the end; and the words."""
    clock = now.timestamp()
    condition = at_time(text, lambda: clock)
    begin, end = int(clock), int(clock) + 400 * 86400
    while begin < end:  # by halves
        clock = (begin + end) // 2
        begin, end = (begin, int(clock)) if condition.is_reached() else (int(clock) + 1, end)
    return datetime.fromtimestamp(end), condition.plan


@pytest.mark.parametrize(
    ("text", "ends", "words"),
    [
        ("23:15", datetime(2026, 11, 24, 23, 15), "in 3 h 14 min"),
        (
            "7:05",
            datetime(2026, 11, 25, 7, 5),
            "until 07:05 on Wednesday, 2026-11-25, in 11 h 4 min",
        ),
        ("20:00", datetime(2026, 11, 25, 20, 0), "in 1 d"),
        ("2026-11-30T08:00", datetime(2026, 11, 30, 8), "08:00 on Monday, 2026-11-30"),
        ("2026-11-30 08:00:05", datetime(2026, 11, 30, 8, 0, 5), "08:00:05 on Monday"),
        ("8h", datetime(2026, 11, 25, 4, 0, 30), "in 8 h"),
        ("1h30m", datetime(2026, 11, 24, 21, 30, 30), "in 1 h 30 min"),
        ("2D", datetime(2026, 11, 26, 20, 0, 30), "in 2 d"),
        ("90s", datetime(2026, 11, 24, 20, 2), "in 90 s"),
    ],
)
def test_until(text: str, ends: datetime, words: str) -> None:
    """A time of the day, a date with a time, a duration; said back in words."""
    found, plan = at(text)
    assert ends == found
    assert words in plan


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone can't be set here")
@pytest.mark.parametrize(
    ("text", "now", "seconds"),
    [
        ("08:00", datetime(2026, 10, 24, 20), 13 * 3600),  # clocks go back that night
        ("08:00", datetime(2026, 3, 28, 20), 11 * 3600),
        ("12h", datetime(2026, 10, 24, 20), 12 * 3600),
        ("2026-11-25T08:00Z", datetime(2026, 11, 24, 20), 13 * 3600),
        ("2026-11-25T08:00+01:00", datetime(2026, 11, 24, 20), 12 * 3600),
    ],
)
def test_summer_time(text: str, now: datetime, seconds: int) -> None:
    """A time of the day is the clock's on the wall; a duration is as long as it says."""
    found, _ = at(text, now)
    assert seconds == found.timestamp() - now.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "8",
        "h",
        "24:00",
        "12:60",
        "2026-11-30",
        "tomorrow",
        "-1h",
        "8h later",
        "99999999s",
        "2026-11-24T20:00",
        "2025-01-01T00:00",
        "2028-01-01T00:00",
        "0h",
        "99999d",
        "9999-12-31T23:59",
    ],
)
def test_no_time(text: str) -> None:
    """What is no time, is past or too far away is refused with a sentence."""
    with pytest.raises(UsageProblem) as caught:
        at_time(text, NOW.timestamp)
    assert "--until" in caught.value.message
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
    """To the minute."""
    assert words == duration(seconds)


def test_with_a_process() -> None:
    """It is reached when the process ends, also while nobody has asked for its exit code."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        condition = with_process(process.pid)
        assert f"process {process.pid}" in condition.plan
        assert not condition.is_reached()
        assert process.stdin is not None
        process.stdin.close()
        deadline = time.monotonic() + 20
        while not condition.is_reached():  # nobody waits for it yet, so it is a zombie
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert condition.is_reached()


@pytest.mark.parametrize("pid", [-1, 2**22 + 1, 2**70])
def test_no_such_process(pid: int) -> None:
    """A clear sentence."""
    with pytest.raises(UsageProblem, match="There is no process"):
        with_process(pid)
