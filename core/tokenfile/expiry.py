"""When an access token must be refreshed: pure arithmetic, in seconds since the epoch.

The loop, the window and `--refresh_only` share it. The times are of the wall clock, since a token
ages while the computer sleeps and a monotonic clock may stop.
"""

from typing import Protocol

INTERVAL = 30 * 60.0  # between refreshes, by default
SAFETY = 5 * 60.0  # a token is refreshed at the latest so long before it expires
SKEW = 5 * 60.0  # a clock may be wrong by so much, ours or the provider's
YOUNG = 60.0  # a younger token is not refreshed again
# A refresh may come early by this part of the time until it is due, so that the refreshes of many
# mailboxes don't come at the same moment.
SPREAD = 0.1


class Dated(Protocol):
    """Something that has the two times of an access token, such as a token file."""

    @property
    def issued_at(self) -> float | None:
        """When the token was issued; None if unknown."""

    @property
    def expires_at(self) -> float | None:
        """When the token expires; None if unknown."""


class Written(Dated, Protocol):
    """A token file whose own time is known too."""

    @property
    def written_at(self) -> float:
        """When the file was written."""


def obtained_at(file: Written) -> float:
    """When the access token was issued, or if that is unknown, when its file was written."""
    return file.issued_at or file.written_at


def due_at(file: Dated, *, interval: float, written_at: float, early: float = 0.0) -> float:
    """When the access token should be refreshed; 0 if its age is unknown.

    `written_at` is the file's time, used if `issued_at` is unknown. `early`, from 0 to 1, is how
    much of `SPREAD` this mailbox takes.
    """
    issued = file.issued_at or written_at
    due = issued + interval
    if file.expires_at is not None:
        life = max(file.expires_at - issued, 0)
        # A short-lived token is refreshed after half its life.
        latest = file.expires_at - SAFETY if life > 2 * SAFETY else issued + life / 2
        due = min(due, latest)
    due -= early * SPREAD * (due - issued)
    return max(due, _young_until(file, issued), 0.0)


def scarce(file: Dated) -> float:
    """A token that is kept fresh should always live longer than these seconds."""
    if file.expires_at is None or file.issued_at is None:
        return SAFETY
    return min(SAFETY, max(file.expires_at - file.issued_at, 0) / 4)


def left(file: Dated, now: float) -> float | None:
    """Seconds until the access token expires, 0 if it has expired; None if unknown.

    A token that was issued in the future counts as unknown: the clock was wrong, then or now.
    """
    if file.expires_at is None or is_from_the_future(file, now):
        return None
    return max(file.expires_at - now, 0.0)


def is_from_the_future(file: Dated, now: float) -> bool:
    """Whether the access token was issued in the future, by more than clocks may differ."""
    return file.issued_at is not None and file.issued_at > now + SKEW


def is_young(file: Dated, *, now: float, written_at: float) -> bool:
    """Whether the access token is younger than `YOUNG`, or than half its life."""
    issued = file.issued_at or written_at
    return issued <= now < _young_until(file, issued)


def good_enough(file: Dated, *, now: float, written_at: float, min_left: float) -> bool:
    """Whether no refresh is needed: the token lives longer than `min_left`, or is young."""
    remaining = left(file, now)
    enough = remaining is not None and remaining > min_left
    return enough or is_young(file, now=now, written_at=written_at)


def _young_until(file: Dated, issued: float) -> float:
    life = 2 * YOUNG if file.expires_at is None else max(file.expires_at - issued, 0)
    return issued + min(YOUNG, life / 2)
