"""What is due when: arithmetic over wall-clock times."""

import base64
import json

import pytest

from core.tokenfile.expiry import INTERVAL, due_at, good_enough, is_young, left, scarce
from core.tokenfile.format import TokenFile, parse_token_file

NOW = 1_800_000_000.0
MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
INFINITE = float("inf")


def token_file(issued_at: float | None, expires_at: float | None) -> TokenFile:
    """A token file whose times are what matters."""
    return TokenFile("access-token", "refresh-token", issued_at=issued_at, expires_at=expires_at)


@pytest.mark.parametrize(
    ("life", "interval", "after"),
    [
        (HOUR, INTERVAL, 30 * MINUTE),
        (HOUR, 10 * MINUTE, 10 * MINUTE),
        (HOUR, 2 * HOUR, 55 * MINUTE),
        (34 * MINUTE, INTERVAL, 29 * MINUTE),
        (DAY, INTERVAL, 30 * MINUTE),
        (DAY, 2 * DAY, DAY - 5 * MINUTE),
        (10 * MINUTE, INTERVAL, 5 * MINUTE),
        (5 * MINUTE, INTERVAL, 2.5 * MINUTE),
        (4.0, INTERVAL, 2.0),
        (4.0, 1.0, 2.0),
        (HOUR, 20.0, MINUTE),
        (0.0, INTERVAL, 0.0),
        (-HOUR, INTERVAL, 0.0),
    ],
)
def test_due_at_the_interval_and_in_time(life: float, interval: float, after: float) -> None:
    """At the interval, five minutes before expiry at the latest, never while it is young."""
    file = token_file(NOW, NOW + life)

    assert NOW + after == due_at(file, interval=interval, written_at=NOW - DAY)


@pytest.mark.parametrize(
    ("life", "early", "after"),
    [
        (HOUR, 0.0, 30 * MINUTE),
        (HOUR, 0.5, 28.5 * MINUTE),
        (HOUR, 1.0, 27 * MINUTE),
        (4.0, 1.0, 2.0),  # still young
    ],
)
def test_spread(life: float, early: float, after: float) -> None:
    """A mailbox comes up to a tenth early, but never while its token is young."""
    file = token_file(NOW, NOW + life)
    assert NOW + after == due_at(file, interval=INTERVAL, written_at=NOW, early=early)


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "seconds"),
    [
        (NOW, NOW + HOUR, 5 * MINUTE),
        (NOW, NOW + 8 * MINUTE, 2 * MINUTE),
        (NOW, NOW + 10, 2.5),
        (NOW, NOW - HOUR, 0.0),
        (None, NOW + 10, 5 * MINUTE),
        (NOW, None, 5 * MINUTE),
    ],
)
def test_scarce(issued_at: float | None, expires_at: float | None, seconds: float) -> None:
    """Five minutes, but of a short life the last quarter."""
    assert seconds == scarce(token_file(issued_at, expires_at))


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "written_at", "due"),
    [
        (None, None, NOW, NOW + INTERVAL),
        (None, NOW + HOUR, NOW, NOW + INTERVAL),
        (None, NOW + 8 * MINUTE, NOW, NOW + 4 * MINUTE),
        (None, NOW, NOW + DAY, NOW + DAY),
        (NOW, None, NOW + DAY, NOW + INTERVAL),
        (None, None, 0.0, INTERVAL),
        (None, None, -DAY, 0.0),
    ],
)
def test_the_file_time_is_the_last_resort(
    issued_at: float | None, expires_at: float | None, written_at: float, due: float
) -> None:
    """It counts only where neither our lines nor a JWT tell when the token was issued."""
    file = token_file(issued_at, expires_at)

    assert due == due_at(file, interval=INTERVAL, written_at=written_at)


def test_a_jwt_tells_when_it_is_due() -> None:
    """A file of the original, without our lines, goes by the token's own iat and exp."""
    claims = json.dumps({"iat": NOW, "exp": NOW + HOUR}).encode()
    token = ".".join(("e30", base64.urlsafe_b64encode(claims).decode().rstrip("="), "sig"))
    file = parse_token_file(f"{token}\nrefresh-token\n".encode())

    assert file is not None
    assert NOW + INTERVAL == due_at(file, interval=INTERVAL, written_at=0)
    assert 20 * MINUTE == left(file, NOW + 40 * MINUTE)


@pytest.mark.parametrize(
    ("issued_at", "expires_at", "seconds"),
    [
        (NOW - HOUR, NOW + 1, 1.0),
        (NOW - HOUR, NOW, 0.0),
        (NOW - DAY, NOW - HOUR, 0.0),
        (NOW, None, None),
        (None, None, None),
        (None, NOW + HOUR, HOUR),
        (NOW + 4 * MINUTE, NOW + HOUR, HOUR),
    ],
)
def test_life_left(
    issued_at: float | None, expires_at: float | None, seconds: float | None
) -> None:
    """Never negative, and None where nothing tells; a clock may be some minutes off."""
    assert seconds == left(token_file(issued_at, expires_at), NOW)


@pytest.mark.parametrize("ahead", [HOUR, 365 * DAY])
def test_a_clock_that_was_ahead_tells_nothing(ahead: float) -> None:
    """After a step back of the clock an old file doesn't pass for good until that time comes."""
    file = token_file(NOW + ahead, NOW + ahead + HOUR)

    assert left(file, NOW) is None
    assert not is_young(file, now=NOW, written_at=NOW + ahead)
    assert not good_enough(file, now=NOW, written_at=NOW + ahead, min_left=10 * MINUTE)


@pytest.mark.parametrize(
    ("age", "life", "young"),
    [
        (0.0, HOUR, True),
        (59.0, HOUR, True),
        (60.0, HOUR, False),
        (-1.0, HOUR, False),
        (-DAY, HOUR, False),
        (1.0, 4.0, True),
        (2.0, 4.0, False),
        (0.0, 0.0, False),
        (0.0, -HOUR, False),
        (59.0, None, True),
        (60.0, None, False),
    ],
)
def test_a_token_is_young_for_a_minute(age: float, life: float | None, young: bool) -> None:
    """Or for half its life, whichever is shorter; a future one isn't (the clock stepped back)."""
    issued_at = NOW - age
    file = token_file(issued_at, None if life is None else issued_at + life)

    assert young == is_young(file, now=NOW, written_at=0)


@pytest.mark.parametrize(("age", "young"), [(30.0, True), (90.0, False), (-30.0, False)])
def test_young_by_the_file_time(age: float, young: bool) -> None:
    """A file that tells no time of its own is as young as it was written."""
    assert young == is_young(token_file(None, None), now=NOW, written_at=NOW - age)


@pytest.mark.parametrize(
    ("age", "life", "min_left", "enough"),
    [
        (2 * MINUTE, HOUR, 10 * MINUTE, True),
        (50 * MINUTE, HOUR, 10 * MINUTE, False),
        (49.9 * MINUTE, HOUR, 10 * MINUTE, True),
        (70 * MINUTE, HOUR, 10 * MINUTE, False),
        (2 * MINUTE, None, 10 * MINUTE, False),
        (30.0, None, 10 * MINUTE, True),
        (30.0, HOUR, INFINITE, True),
        (2 * MINUTE, HOUR, INFINITE, False),
        (1.0, 4.0, 10 * MINUTE, True),
        (3.0, 4.0, 10 * MINUTE, False),
        (2 * MINUTE, HOUR, 0.0, True),
        (HOUR, HOUR, 0.0, False),
    ],
)
def test_a_refresh_for_nothing(
    age: float, life: float | None, min_left: float, enough: bool
) -> None:
    """Enough life left, or only seconds old; what isn't known isn't enough."""
    issued_at = NOW - age
    file = token_file(issued_at, None if life is None else issued_at + life)

    assert enough == good_enough(file, now=NOW, written_at=0, min_left=min_left)
