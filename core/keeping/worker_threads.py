"""Threads for what may hang: at most so many at once, and none that holds up the program's end.

Unlike the threads of concurrent.futures, which the interpreter waits for when it ends.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_Result = TypeVar("_Result")


class WorkerThreads(Generic[_Result]):
    """Each act runs in a thread of its own; what comes of it goes into `done`."""

    def __init__(self, at_once: int, done: "queue.SimpleQueue[_Result]") -> None:
        """Several groups may share one `done`."""
        self._at_once = at_once
        self._done = done
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    @property
    def free(self) -> int:
        """How many more may be started."""
        with self._lock:
            return self._at_once - len(self._threads)

    def start(self, act: Callable[[], _Result]) -> None:
        """Run it; an `act` turns every error into a result, since nobody else would hear of it."""
        thread = threading.Thread(target=self._run, args=(act,), daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def join(self, seconds: float) -> None:
        """Wait for all, but no longer than this."""
        deadline = time.monotonic() + seconds
        with self._lock:
            # Ctrl-C may have come before one was started.
            threads = [thread for thread in self._threads if thread.is_alive()]
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, act: Callable[[], _Result]) -> None:
        result = act()
        with self._lock:  # before the result: whoever takes that may start the next
            self._threads.discard(threading.current_thread())
        self._done.put(result)
