"""A queue of paths by time, for thousands of them: each step costs no more than their logarithm."""

import heapq
import itertools
from pathlib import Path

_SPARE = 64  # outdated entries that need no clearing


class Schedule:
    """Each path has one time; a new time replaces the one before."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Path]] = []
        self._valid: dict[Path, tuple[float, int]] = {}
        self._numbers = itertools.count()  # paths with the same time keep their order

    def put(self, path: Path, time: float) -> None:
        """Plan a path for this time."""
        entry = time, next(self._numbers)
        self._valid[path] = entry
        heapq.heappush(self._heap, (*entry, path))
        if len(self._heap) > 2 * len(self._valid) + _SPARE:
            self._heap = [(*valid, planned) for planned, valid in self._valid.items()]
            heapq.heapify(self._heap)

    def discard(self, path: Path) -> None:
        """Take a path out, if it is planned."""
        self._valid.pop(path, None)

    def first_time(self) -> float | None:
        """The earliest time; None if nothing is planned."""
        heap = self._heap
        while heap and self._valid.get(heap[0][2]) != heap[0][:2]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def take(self, now: float) -> Path | None:
        """Take out the path with the earliest time; None if that is after `now`."""
        first = self.first_time()
        if first is None or first > now:
            return None
        path = heapq.heappop(self._heap)[2]
        del self._valid[path]
        return path
