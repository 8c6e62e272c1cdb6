"""How long to wait after a failed refresh; the kind of the error's verdict decides."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..errors import AppError
from ..i18n.translation import _
from ..tokenfile.expiry import left
from ..verdicts.verdict import Kind
from .kept_mailbox import KeptMailbox


class _Waits(NamedTuple):
    """Seconds to wait after the first failure, and the longest wait; each wait is doubled."""

    first: float
    longest: float


_PASSING = _Waits(5, 5 * 60)
_REFUSED = _Waits(5 * 60, 30 * 60)  # somebody has to act, and no user waits
_LOCAL = _Waits(5 * 60, 5 * 60)  # for example a full disk
_WAITS: Mapping[Kind, _Waits] = {
    Kind.PASSING: _PASSING,
    Kind.MISCONFIGURED: _REFUSED,
    Kind.REFUSED_ACCOUNT: _REFUSED,
    Kind.REFUSED_WAY: _REFUSED,
    Kind.REFUSED: _REFUSED,
}
LONGEST = _REFUSED.longest
_LONGEST_EXPIRED = 30.0  # short, since imapsync can't log in with an expired token
_SHORTEST_RETRY = 1.0

# Trying again does not help against these.
PERMANENT = (Kind.DEAD_GRANT, Kind.USAGE)
# Providers were seen to refuse good refresh tokens, so a refusal counts when it comes twice.
_DOUBT = 60.0  # seconds between the two

Varied = Callable[[float], float]


def doubt(mailbox: str) -> str:
    """What to tell the user in place of a refusal that is doubted."""
    return _(
        "The provider did not refresh the token of {mailbox}. It is asked once more in about a "
        "minute, because such a refusal can be a mistake.",
        mailbox=mailbox,
    )


def retry_after(kept: KeptMailbox, error: AppError, varied: Varied) -> float:
    """Seconds until the next try: they grow with each failure, and `varied` varies them.

    The wait that the server asks for is respected as long as the token stays valid.
    """
    waits = _WAITS.get(error.kind, _LOCAL)
    wait = varied(waits.first * 2.0 ** min(kept.failures - 1, 10))
    if error.kind is Kind.PASSING:
        wait = min(max(wait, error.retry_after), longest_wait(kept))
    return min(wait, waits.longest)


def doubt_after(kept: KeptMailbox, varied: Varied) -> float:
    """Seconds until a refused refresh token is tried once more."""
    return min(varied(_DOUBT), longest_wait(kept))


def may_be_wrong(kept: KeptMailbox) -> bool:
    """Whether a refused refresh token is tried again: once, while the access token is valid."""
    if kept.doubted:
        return False
    kept.read()
    known = kept.known
    return known is not None and known.renewable and left(known, kept.job.now()) != 0


def longest_wait(kept: KeptMailbox) -> float:
    """Half the remaining life of the token, so that no wait lasts until after its end; in seconds.

    Once it has expired, that is short: imapsync can't log in meanwhile.
    """
    remaining = left(kept.known, kept.job.now()) if kept.known else 0.0
    if remaining is None:
        return LONGEST
    return max(remaining / 2, _SHORTEST_RETRY) if remaining else _LONGEST_EXPIRED
