"""Whose turn it is to be refreshed: those that are due, by the expiry of their tokens.

A token host that is full or paused keeps its own mailboxes waiting, and no others. Each step costs
no more than the logarithm of the number of mailboxes.
"""

from .host_limits import HostLimits
from .kept_mailbox import KeptMailbox
from .schedule import Schedule

_AT_ONCE = 1000  # mailboxes that become ready in one step, so that it takes a few ms
_ANY_TIME = float("inf")


class Turns:
    """The mailboxes that wait for their due time, and those that are due, by token host."""

    def __init__(self, limits: HostLimits) -> None:
        self._limits = limits
        self._waiting: Schedule[KeptMailbox] = Schedule()  # by due time
        self._ready: dict[str, Schedule[KeptMailbox]] = {}  # of each host, by expiry
        self._open: Schedule[str] = Schedule()  # hosts with somebody ready, by the first expiry
        self._paused: Schedule[str] = Schedule()  # the same, by the end of the pause

    def put(self, kept: KeptMailbox, time: float) -> None:
        """Let a mailbox wait until this time."""
        self._waiting.put(kept, time)

    def discard(self, kept: KeptMailbox, now: float) -> None:
        """Take a mailbox out, wherever it is."""
        self._waiting.discard(kept)
        ready = self._ready.get(kept.host)
        if ready and kept in ready:
            ready.discard(kept)
            self.update(kept.host, now)

    def take(self, now: float) -> KeptMailbox | None:
        """Take out the mailbox whose turn it is; None if there is none now."""
        while (paused := self._paused.take(now)) is not None:
            self.update(paused, now)
        self._make_ready(now)
        host = self._open.take(_ANY_TIME)
        if host is None:
            return None
        kept = self._ready[host].take(_ANY_TIME)
        self.update(host, now)
        return kept

    def first_time(self) -> float | None:
        """When `take` may have somebody; None if that depends on a refresh that is running."""
        if self._open.first_time() is not None:
            return 0.0
        times = [self._waiting.first_time(), self._paused.first_time()]
        return min((time for time in times if time is not None), default=None)

    def update(self, host: str, now: float) -> None:
        """Take note of what has changed at a host: who is ready, its limit or its pause."""
        self._open.discard(host)
        self._paused.discard(host)
        ready = self._ready.get(host)
        first = ready.first_time() if ready else None
        if first is None:
            self._ready.pop(host, None)
        elif self._limits.opens_at(host) > now:
            self._paused.put(host, self._limits.opens_at(host))
        elif not self._limits.is_full(host):
            self._open.put(host, first)

    def _make_ready(self, now: float) -> None:
        hosts = set()
        for _ in range(_AT_ONCE):
            kept = self._waiting.take(now)
            if kept is None:
                break
            self._ready.setdefault(kept.host, Schedule()).put(kept, kept.expiry)
            hosts.add(kept.host)
        for host in hosts:
            self.update(host, now)
