"""A queue of things by time, for thousands: each step costs no more than their logarithm."""

import heapq
import itertools
from collections.abc import Hashable
from typing import Generic, TypeVar

_SPARE = 64  # outdated entries that need no clearing
_Thing = TypeVar("_Thing", bound=Hashable)


class Schedule(Generic[_Thing]):
    """Each thing has one time; a new time replaces the one before."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Thing]] = []
        self._valid: dict[_Thing, int] = {}  # the number of the entry that counts
        self._numbers = itertools.count()  # things with the same time keep their order

    def __contains__(self, thing: _Thing) -> bool:
        """Whether it is planned."""
        return thing in self._valid

    def put(self, thing: _Thing, time: float) -> None:
        """Plan a thing for this time."""
        number = self._valid[thing] = next(self._numbers)
        heapq.heappush(self._heap, (time, number, thing))
        if len(self._heap) > 2 * len(self._valid) + _SPARE:
            self._heap = [entry for entry in self._heap if self._valid.get(entry[2]) == entry[1]]
            heapq.heapify(self._heap)

    def discard(self, thing: _Thing) -> None:
        """Take a thing out, if it is planned."""
        self._valid.pop(thing, None)

    def first_time(self) -> float | None:
        """The earliest time; None if nothing is planned."""
        entry = self._first_entry()
        return entry[0] if entry else None

    def first(self) -> _Thing | None:
        """The thing with the earliest time, which stays planned; None if nothing is planned."""
        entry = self._first_entry()
        return entry[2] if entry else None

    def take(self, now: float) -> _Thing | None:
        """Take out the thing with the earliest time; None if that is after `now`."""
        first = self.first_time()
        if first is None or first > now:
            return None
        thing = heapq.heappop(self._heap)[2]
        del self._valid[thing]
        return thing

    def _first_entry(self) -> tuple[float, int, _Thing] | None:
        heap = self._heap
        while heap and self._valid.get(heap[0][2]) != heap[0][1]:
            heapq.heappop(heap)
        return heap[0] if heap else None
