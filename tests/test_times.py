"""Moments in local time, as the user reads them."""

from datetime import datetime

import pytest

from core.times import local_time, short_time


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
