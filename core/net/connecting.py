"""Connecting within a time limit, and no longer than until the work is cancelled.

The system's own calls can't do that. It asks name servers as long as it wants, a socket's time
limit applies to one address and to one read, and none of them notices a cancellation. So they run
in a thread, which is left alone when the time is over. The system finds the names, because files of
hosts and VPNs must count.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from ..cancel import Cancellation

# Calls inside a limited call have the same deadline. So they can say first what is too slow.
GRACE = 0.2  # seconds
_POLL = 0.05
_Result = TypeVar("_Result")


class OutOfTime(TimeoutError):
    """A call did not end before its deadline."""


def in_time(
    act: Callable[[], _Result],
    deadline: float,
    cancelled: Cancellation | None,
    *,
    discard: Callable[[_Result], object] = lambda _: None,
) -> _Result:
    """Return what `act` returns, or raise what it raises, if it ends before the deadline.

    Else raises `OutOfTime` or `Cancelled`, and `discard` gets the result if there is one later.
    """
    done: Future[_Result] = Future()
    threading.Thread(target=_run, args=(act, done, discard), daemon=True).start()
    try:
        while not done.done():
            if cancelled:
                cancelled.check()
            pause = min(deadline - time.monotonic(), _POLL)
            if pause <= 0:
                raise OutOfTime
            with contextlib.suppress(TimeoutError):
                done.exception(pause)
    except BaseException:
        if not done.cancel():  # it ended at this moment
            with contextlib.suppress(Exception):
                discard(done.result())
        raise
    return done.result()


def connect(
    address: tuple[str, int],
    deadline: float,
    cancelled: Cancellation | None,
    source: tuple[str, int] | None = None,
) -> socket.socket:
    """Connect to the first of a host's addresses that answers; each gets a share of the time.

    Raises the last address's `OSError`, or `socket.gaierror` if no name server answers in time. The
    socket's own time limit is the time that is left.
    """
    host, port = address
    failed: OSError = TimeoutError()
    found = _addresses(host, port, deadline, cancelled)
    for left, one in zip(range(len(found), 0, -1), found, strict=True):
        if cancelled:
            cancelled.check()
        share = remaining(deadline) / left
        try:
            connected = socket.create_connection((one, port), share, source)
        except OSError as exc:
            failed = exc
            continue
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.settimeout(max(deadline - time.monotonic(), _POLL))
        return connected
    raise failed


def remaining(deadline: float) -> float:
    """The seconds until the deadline; raises `TimeoutError` if it is over."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _addresses(host: str, port: int, deadline: float, cancelled: Cancellation | None) -> list[str]:
    ask: Callable[[], Any] = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    with contextlib.suppress(OutOfTime):
        return [str(address[0]) for *_, address in in_time(ask, deadline, cancelled)]
    raise socket.gaierror(socket.EAI_AGAIN, "the name servers did not answer in time")


def _run(
    act: Callable[[], _Result], done: "Future[_Result]", discard: Callable[[_Result], object]
) -> None:
    try:
        result = act()
    except BaseException as exc:
        if done.set_running_or_notify_cancel():
            done.set_exception(exc)
        return
    if done.set_running_or_notify_cancel():
        done.set_result(result)
    else:
        discard(result)
