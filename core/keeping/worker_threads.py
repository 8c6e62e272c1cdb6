"""Threads for calls that may hang: a limited number at once, and none delays the program's end.

The interpreter waits at exit for the threads of concurrent.futures, but not for these.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_Result = TypeVar("_Result")


class WorkerThreads(Generic[_Result]):
    """Runs each call in a thread of its own and puts its result into `done`.

    At most `at_once` calls run at the same time. Several `WorkerThreads` may share one `done`.
    """

    def __init__(self, at_once: int, done: "queue.SimpleQueue[_Result]") -> None:
        self._at_once = at_once
        self._done = done
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    @property
    def free(self) -> int:
        """How many more calls may be started now."""
        with self._lock:
            return self._at_once - len(self._threads)

    def start(self, act: Callable[[], _Result]) -> None:
        """Run `act` in a thread. It must return errors as results, since no one would see them."""
        thread = threading.Thread(target=self._run, args=(act,), daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def join(self, seconds: float) -> None:
        """Wait for all threads, but not longer than this."""
        deadline = time.monotonic() + seconds
        with self._lock:
            # Ctrl-C may have prevented the start of a thread.
            threads = [thread for thread in self._threads if thread.is_alive()]
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, act: Callable[[], _Result]) -> None:
        result = act()
        with self._lock:  # before the result, since its receiver may start the next call at once
            self._threads.discard(threading.current_thread())
        self._done.put(result)
