"""Threads for calls that may hang: a limited number at once, and none delays the program's end.

The interpreter waits at exit for the threads of concurrent.futures, but not for these.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from ..cancel import Cancellation
from ..errors import AppError
from ..log import internal_error

log = logging.getLogger(__name__)

_SLICE = 0.5  # seconds; Ctrl-C doesn't interrupt a long wait on Windows
_POLL = 0.05
_GRACE = 1.0
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


def all_at_once(
    acts: Sequence[Callable[[], _Result]], cancelled: Cancellation
) -> list[_Result | AppError]:
    """Run all calls in threads and return their results, or errors, in the order of the calls.

    Raises `Cancelled`. Then, and after Ctrl-C, all of them have stopped, as `stop` says.
    """
    done: queue.SimpleQueue[tuple[int, _Result | AppError]] = queue.SimpleQueue()
    workers = WorkerThreads(len(acts), done)
    results: dict[int, _Result | AppError] = {}
    try:
        for number, act in enumerate(acts):
            workers.start(partial(_numbered, number, act))
        while len(results) < len(acts):
            cancelled.check()
            with contextlib.suppress(queue.Empty):
                number, result = done.get(timeout=_SLICE)
                results[number] = result
        cancelled.check()
    except BaseException:
        stop(cancelled, workers)
        raise
    return [results[number] for number in range(len(acts))]


def stop(cancelled: Cancellation, *all_workers: WorkerThreads[_Result]) -> None:
    """Cancel what is running, but wait until refreshed tokens are saved."""
    cancelled.set()
    while cancelled.shielded:
        time.sleep(_POLL)
    for workers in all_workers:
        workers.join(_GRACE)  # not longer: a thread that hangs in the network loses nothing


def _numbered(number: int, act: Callable[[], _Result]) -> tuple[int, _Result | AppError]:
    try:
        return number, act()
    except AppError as exc:
        return number, exc
    except Exception as exc:
        log.exception("unexpected error in a thread")
        return number, internal_error(exc)
