"""Moments in local time, as the user reads them."""

import time
from datetime import UTC, datetime

import pytest

from core.i18n.translation import english, use_language
from core.times import local_time, short_time, time_for_others


@pytest.mark.parametrize(
    ("moment", "long", "short"),
    [
        (datetime(2026, 3, 2, 0, 0, 5), "00:00:05", "00:00"),
        (datetime(2026, 3, 1, 23, 59), "2026-03-01 23:59", "2026-03-01 23:59"),
        (datetime(2026, 3, 3, 0, 24), "2026-03-03 00:24", "2026-03-03 00:24"),
    ],
)
def test_a_time_of_another_day_has_its_date(moment: datetime, long: str, short: str) -> None:
    """A time of today has none."""
    now = datetime(2026, 3, 2, 10, 1).timestamp()
    assert long == local_time(moment.timestamp(), now)
    assert short == short_time(moment.timestamp(), now)


@pytest.mark.parametrize(
    ("code", "shown"), [("de", "03.03.2026 00:24"), ("fr", "mardi 03/03/2026 00:24")]
)
def test_a_date_fits_into_the_sentences_of_a_language(code: str, shown: str) -> None:
    """French says "until Tuesday" with the words of "until 10:29"; the log has the English date."""
    use_language(code)
    moment, now = datetime(2026, 3, 3, 0, 24).timestamp(), datetime(2026, 3, 2).timestamp()
    assert shown == local_time(moment, now)
    assert "2026-03-03 00:24" == english(local_time(moment, now))


@pytest.mark.only_on("posix", reason="Windows has no tzset")
@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "2026-03-02 11:01 (UTC+01:00)"),
        ("Asia/Kolkata", "2026-03-02 15:31 (UTC+05:30)"),
        ("America/New_York", "2026-03-02 05:01 (UTC-05:00)"),
    ],
)
def test_a_time_for_others_has_its_zone(
    zone: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader elsewhere has other clocks."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert words == time_for_others(datetime(2026, 3, 2, 10, 1, tzinfo=UTC).timestamp())
    monkeypatch.undo()
    time.tzset()
