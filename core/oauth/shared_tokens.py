"""One token for all mailboxes of an application: asked for once, however many files are due."""

import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from ..errors import AppError, Cancelled

if TYPE_CHECKING:
    from .tokens import Tokens

# A token that is older than this share of its life is not written into more files. With it, the
# files that become due together share a token, and none is due again much earlier than others.
_SHARE_OF_LIFE = 0.1
_REFUSAL_COUNTS = 5.0  # seconds; thousands of files don't repeat a request that has just failed


class _Newest:
    """The newest tokens of one application or why it has none, and the lock of those who ask."""

    def __init__(self) -> None:
        self.tokens: Tokens | None = None
        self.refusal: AppError | None = None
        self.refused_at = 0.0
        self.asking = threading.Lock()


class SharedTokens:
    """The newest tokens of each application in this process; they are nowhere else."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[Hashable, _Newest] = {}

    def get(
        self,
        application: Hashable,
        ask: "Callable[[], Tokens]",
        *,
        address: str,
        instead_of: str,
        now: float,
        patience: float,
    ) -> "Tokens":
        """The newest tokens of the application; asks for them if they are old.

        `instead_of` is the access token to replace, which is never returned. Others who want tokens
        of the same application wait meanwhile, for at most `patience` seconds. Raises the error of
        `ask`; who comes within some seconds gets the same error, about their own `address`.
        """
        with self._lock:
            newest = self._newest.setdefault(application, _Newest())
        is_mine = newest.asking.acquire(timeout=patience)
        try:
            tokens = newest.tokens
            if tokens is not None and tokens.access != instead_of and _is_new(tokens, now):
                return tokens
            if newest.refusal and 0 <= now - newest.refused_at < _REFUSAL_COUNTS:
                raise newest.refusal.about(address)
            newest.tokens = _asked(newest, ask, now)
            return newest.tokens
        finally:
            if is_mine:
                newest.asking.release()


def _asked(newest: _Newest, ask: "Callable[[], Tokens]", now: float) -> "Tokens":
    """New tokens; an error is kept, unless one of those who asked has only given up."""
    newest.refusal = None
    try:
        return ask()
    except Cancelled:
        raise
    except AppError as exc:
        newest.refusal, newest.refused_at = exc.about(""), now
        raise


def _is_new(tokens: "Tokens", now: float) -> bool:
    if tokens.issued_at is None or tokens.expires_at is None:
        return False
    life = tokens.expires_at - tokens.issued_at
    return 0 <= now - tokens.issued_at < life * _SHARE_OF_LIFE
