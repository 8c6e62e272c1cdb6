"""Tests of what a mailbox's history says: fresh since when, and will it last the night?"""

from datetime import datetime
from typing import Any

import pytest

from core.history.entry import Entry, Happened
from core.history.freshness import Span, fresh_since, sign_ins_required, valid_spans
from core.history.night import GOOGLES_WEEK, Evening, morning_after, risks
from core.history.sign_ins import lives
from core.tokenfile.format import TokenFile
from core.verdicts.verdict import Kind

EVENING = datetime(2026, 3, 2, 22, 0).timestamp()
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
UNDATED = TokenFile("token", "refresh")


def refreshed(at: float, life: float = HOUR) -> Entry:
    """A refresh."""
    return Entry(at, Happened.REFRESHED, at + life)


def signed_in(at: float) -> Entry:
    """A sign-in."""
    return Entry(at, Happened.SIGNED_IN, at + HOUR)


def failed(at: float, kind: Kind = Kind.DEAD_GRANT) -> Entry:
    """A refresh that failed."""
    return Entry(at, Happened.REFRESH_FAILED, verdict="some", kind=kind)


def lived(at: float, life: float) -> list[Entry]:
    """A sign-in, its refreshes every half an hour, and its end."""
    count = int(life // (HOUR / 2))
    refreshes = [refreshed(at + n * HOUR / 2) for n in range(1, count)]
    return [signed_in(at), *refreshes, failed(at + life)]


def since(entries: list[Entry], file: TokenFile = UNDATED, now: float = EVENING) -> float | None:
    """Since when it is fresh."""
    required = sign_ins_required(entries, file)
    return fresh_since(valid_spans(entries, file, now), required, now)


def test_tokens_that_overlap_leave_no_gap() -> None:
    """A failure in between doesn't matter, as long as the token is valid."""
    start = EVENING - 3 * HOUR
    tokens = [refreshed(start + n * HOUR / 2) for n in range(6)]
    assert start == since(tokens)
    assert start == since([*tokens, failed(EVENING - 5, Kind.PASSING)])


def test_a_gap_starts_anew() -> None:
    """As it does after a night in which the computer slept; the times before are still known."""
    night, now = [refreshed(EVENING - 12 * HOUR)], refreshed(EVENING - HOUR / 2)
    assert now.at == since([*night, now])
    spans = valid_spans([*night, now], UNDATED, EVENING)
    assert [Span(night[0].at, night[0].at + HOUR), Span(now.at, now.at + HOUR)] == spans


def test_a_required_sign_in_starts_anew() -> None:
    """The token was valid all the time, but something was broken until the next one."""
    start = EVENING - 50 * MINUTE
    dead = [refreshed(start), failed(start + 10 * MINUTE), failed(start + 20 * MINUTE)]
    mended = start + 30 * MINUTE
    assert mended == since([*dead, signed_in(mended)])
    assert mended == since([*dead, signed_in(mended), refreshed(EVENING - MINUTE)])
    assert mended == since([*dead, refreshed(mended)])
    file = TokenFile("t", "r", issued_at=mended, expires_at=mended + HOUR)
    assert mended == since(dead, file)


def test_an_expired_token_is_not_fresh() -> None:
    """Nor one of which nothing is known, nor one that was issued in the future."""
    assert since([refreshed(EVENING - HOUR)]) is None
    assert since([]) is None
    assert since([Entry(EVENING - 60, Happened.REFRESHED)]) is None
    assert since([refreshed(EVENING + HOUR)]) is None


def test_other_programs_refresh_too() -> None:
    """The token file tells, although the history has no entry."""
    file = TokenFile("t", "r", issued_at=EVENING - HOUR, expires_at=EVENING + 60)
    assert file.issued_at == since([], file)
    start = EVENING - 1.5 * HOUR
    assert start == since([refreshed(start)], file)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 3, 2, 7, 30), datetime(2026, 3, 3, 8)),
        (datetime(2026, 3, 2, 22), datetime(2026, 3, 3, 8)),
        (datetime(2026, 3, 3, 0), datetime(2026, 3, 3, 8)),
        (datetime(2026, 3, 3, 3, 59), datetime(2026, 3, 3, 8)),
        (datetime(2026, 3, 3, 4), datetime(2026, 3, 4, 8)),
        (datetime(2026, 3, 31, 23), datetime(2026, 4, 1, 8)),
    ],
)
def test_the_morning_is_the_next_one(now: datetime, morning: datetime) -> None:
    """In the night it is the end of this one."""
    assert morning.timestamp() == morning_after(now.timestamp())


def test_lives_are_those_that_the_provider_ended() -> None:
    """A new sign-in without need says nothing, and neither does a refusal that was wrong."""
    start = EVENING - 20 * DAY
    history = [
        *lived(start, 12 * HOUR),
        failed(start + 12 * HOUR + MINUTE),  # it is asked again
        signed_in(start + DAY),
        refreshed(start + DAY + HOUR / 2),
        signed_in(start + 2 * DAY),  # by choice
        failed(start + 2 * DAY + HOUR),
        refreshed(start + 2 * DAY + 1.1 * HOUR),
        signed_in(start + 3 * DAY),
        *lived(start + 4 * DAY, 13 * HOUR),
    ]
    assert [12 * HOUR, 13 * HOUR] == lives(history)


def test_an_end_that_nobody_saw_is_left_out() -> None:
    """The computer was off; the sign-in may have ended at any time. Nor one without a start."""
    off = [signed_in(EVENING), failed(EVENING + DAY)]
    assert [] == lives(off)
    assert [] == lives([refreshed(EVENING), failed(EVENING + HOUR)])


def test_a_shortened_history_says_the_same() -> None:
    """There many refreshes are one entry."""
    whole = Entry(EVENING + HOUR / 2, Happened.REFRESHED, EVENING + 12.5 * HOUR)
    assert [12 * HOUR] == lives([signed_in(EVENING), whole, failed(EVENING + 12 * HOUR)])


def evening(**known: Any) -> Evening:
    """A kept mailbox on an evening; nothing speaks against the night."""
    values = {
        "now": EVENING,
        "kept": True,
        "renewable": True,
        "expires_at": EVENING + HOUR,
        "signed_in_at": EVENING - 2 * HOUR,
        **known,
    }
    return Evening(**values)


TWICE = [*lived(EVENING - 9 * DAY, 12 * HOUR), *lived(EVENING - 8 * DAY, 12.5 * HOUR)]
MINUTES = [*lived(EVENING - 9 * DAY, 5 * MINUTE), *lived(EVENING - 8 * DAY, 5 * MINUTE)]
WEEKS = [*lived(EVENING - 22 * DAY, 7 * DAY), *lived(EVENING - 14 * DAY, 7 * DAY)]
ENDS_TONIGHT = EVENING - GOOGLES_WEEK + 5 * HOUR


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (
            {"kept": False},
            ["This mailbox is not refreshed automatically. Its token expires at 23:00."],
        ),
        (
            {"renewable": False},
            ["This token can't be refreshed without a sign-in. It expires at 23:00."],
        ),
        (
            {"refresh_expires_at": EVENING + 5 * HOUR},
            ["The provider ends this sign-in at 2026-03-03 03:00. Sign in again before that."],
        ),
        (
            {"certificate_expires_at": EVENING + 5 * HOUR},
            [
                "The certificate of the application expires at 2026-03-03 03:00. Without a new "
                "one, nothing is refreshed after that."
            ],
        ),
        (
            {"own_google_project": True, "signed_in_at": ENDS_TONIGHT},
            [
                "If your Google project is in Testing, Google ends this sign-in after 7 days, at "
                "2026-03-03 03:00. Sign in again before that, or publish the project."
            ],
        ),
        (
            {"own_google_project": True, "signed_in_at": ENDS_TONIGHT, "history": WEEKS},
            [
                "The last 2 sign-ins ended after about 7 days. This one would end at about "
                "2026-03-03 03:00. Sign in again before the night."
            ],
        ),
        (
            {"history": TWICE, "signed_in_at": EVENING - 3 * HOUR},
            [
                "The last 2 sign-ins ended after about 12 hours. This one would end at about "
                "2026-03-03 07:00. Sign in again before the night."
            ],
        ),
        (
            {"may_sleep": True},
            [
                "This computer runs on battery and is not kept awake. While it sleeps, nothing is "
                "refreshed."
            ],
        ),
    ],
)
def test_what_speaks_against_the_night_is_said(known: dict[str, Any], expected: list[str]) -> None:
    """Each with its time, and what to do."""
    assert expected == risks(evening(**known))


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"signed_in_at": None},
        {"kept": False, "expires_at": EVENING + 11 * HOUR},
        {"kept": False, "expires_at": EVENING - 1},
        {"kept": False, "expires_at": None},
        {"kept": False, "may_sleep": True, "expires_at": None},
        {"refresh_expires_at": EVENING + 11 * HOUR},
        {"certificate_expires_at": EVENING + 11 * HOUR},
        {"own_google_project": True},
        {"own_google_project": True, "signed_in_at": EVENING - 30 * DAY},
        {"signed_in_at": ENDS_TONIGHT},
        {"history": lived(EVENING - 9 * DAY, 12 * HOUR)},
        {"history": [*lived(EVENING - 9 * DAY, 12 * HOUR), *lived(EVENING - 8 * DAY, 20 * HOUR)]},
        {"history": TWICE, "signed_in_at": EVENING - 13 * HOUR},
        {"history": TWICE, "signed_in_at": EVENING - MINUTE},
        {"history": MINUTES, "signed_in_at": EVENING - MINUTE},
    ],
)
def test_nothing_else_is_said(known: dict[str, Any]) -> None:
    """Not of other nights, by one sign-in alone, of one that lasted longer, or by a short try."""
    assert [] == risks(evening(**known))


def test_each_risk_is_a_sentence_of_its_own() -> None:
    """They are said together."""
    assert 2 == len(risks(evening(kept=False, refresh_expires_at=EVENING + MINUTE)))
