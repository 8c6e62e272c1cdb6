"""What is due when: pure arithmetic over wall-clock times, in seconds since the epoch.

The loop, the window and `--refresh_only` share it. Wall clock, not monotonic, since a token goes on
ageing while the computer sleeps.
"""

from typing import Protocol

INTERVAL = 30 * 60.0  # between refreshes, by default
SAFETY = 5 * 60.0  # refreshed no later than this before expiry
SKEW = 5 * 60.0  # what a clock may be wrong by, and the provider's iat be ahead of ours
YOUNG = 60.0  # a token younger than this is not refreshed again
SPREAD = (
    0.1  # of the time until a refresh is due: how early it may come, so that not all come at once
)


class Dated(Protocol):
    """What tells the age of an access token: a token file, or what is known of one."""

    @property
    def issued_at(self) -> float | None:
        """None where nothing tells."""

    @property
    def expires_at(self) -> float | None:
        """None where nothing tells."""


def due_at(file: Dated, *, interval: float, written_at: float, early: float = 0.0) -> float:
    """When the access token should be renewed; 0 where nothing tells its age.

    `written_at` is the file's time, the last resort for the token's age; `early`, 0 to 1, is the
    mailbox's own place in the spread.
    """
    issued = file.issued_at or written_at
    due = issued + interval
    if file.expires_at is not None:
        life = max(file.expires_at - issued, 0)
        # A short-lived token is renewed at half its life.
        latest = file.expires_at - SAFETY if life > 2 * SAFETY else issued + life / 2
        due = min(due, latest)
    due -= early * SPREAD * (due - issued)
    return max(due, _young_until(file, issued), 0.0)


def scarce(file: Dated) -> float:
    """Seconds of life below which a token that is kept fresh should never come."""
    if file.expires_at is None or file.issued_at is None:
        return SAFETY
    return min(SAFETY, max(file.expires_at - file.issued_at, 0) / 4)


def left(file: Dated, now: float) -> float | None:
    """Seconds the access token still lives, 0 when it is dead; None where nothing tells.

    A clock that was ahead when it wrote the file tells nothing.
    """
    if file.expires_at is None or (file.issued_at is not None and file.issued_at > now + SKEW):
        return None
    return max(file.expires_at - now, 0.0)


def is_young(file: Dated, *, now: float, written_at: float) -> bool:
    """Whether the access token is only seconds old (less, where it lives only seconds)."""
    issued = file.issued_at or written_at
    return issued <= now < _young_until(file, issued)


def good_enough(file: Dated, *, now: float, written_at: float, min_left: float) -> bool:
    """Whether a refresh would be for nothing: enough life left, or only seconds old."""
    remaining = left(file, now)
    enough = remaining is not None and remaining > min_left
    return enough or is_young(file, now=now, written_at=written_at)


def _young_until(file: Dated, issued: float) -> float:
    life = 2 * YOUNG if file.expires_at is None else max(file.expires_at - issued, 0)
    return issued + min(YOUNG, life / 2)
