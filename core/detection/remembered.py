"""Look-ups that are made once for many mailboxes: a list has thousands of them, at few domains.

An answer is remembered for as long as the object lives, so for one run. A failure is remembered for
a minute: name servers that are silent would hold up each mailbox for the whole time limit.
"""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..errors import AppError, Cancelled
from ..net.network import Network
from ..net.response import HttpResponse
from .question import Lookups

_FAILURE_COUNTS = 60.0  # seconds
_Answer = TypeVar("_Answer")


def remembering(lookups: Lookups, now: Callable[[], float] = time.monotonic) -> Lookups:
    """The same look-ups; the same question is asked once, also by many threads."""
    records: _Memory[list[str]] = _Memory(now)
    pages: _Memory[HttpResponse] = _Memory(now)

    def records_of(name: str, kind: str, timeout: float) -> list[str]:
        return records.get((name, kind), lambda: lookups.records(name, kind, timeout))

    def page_of(uri: str, network: Network) -> HttpResponse:
        return pages.get(uri, lambda: lookups.page(uri, network))

    return Lookups(records_of, page_of)


@dataclass(slots=True)
class _Known(Generic[_Answer]):
    """The answer to one question, or why there is none, and the lock of those who ask."""

    answer: _Answer | None = None
    failure: AppError | None = None
    failed_at: float = 0.0
    asking: threading.Lock = field(default_factory=threading.Lock)


class _Memory(Generic[_Answer]):
    """The answers to all questions of one sort."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[Hashable, _Known[_Answer]] = {}

    def get(self, question: Hashable, ask: Callable[[], _Answer]) -> _Answer:
        """The answer; others who have the same question wait while it is asked.

        Raises the `AppError` of `ask`, or a copy of that which came within the last minute.
        """
        with self._lock:
            known = self._known.setdefault(question, _Known())
        with known.asking:
            if known.answer is not None:
                return known.answer
            if known.failure and self._now() - known.failed_at < _FAILURE_COUNTS:
                raise known.failure.again()
            try:
                known.answer = ask()
            except Cancelled:
                raise
            except AppError as exc:
                known.failure, known.failed_at = exc.again(), self._now()
                raise
            return known.answer
