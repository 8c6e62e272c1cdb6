"""How many refreshes may run at once at one token host, and when it wants no more for a while.

Thousands of mailboxes have few token hosts. To a host, many requests at once look like an attack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..i18n.translation import _
from ..times import local_time

AT_ONCE = 8  # refreshes at one host
_FIRST_PAUSE = 5.0  # seconds; each further one is doubled
_LONGEST_PAUSE = 5 * 60.0
_TELL_EVERY = 15 * 60.0

Varied = Callable[[float], float]


@dataclass(slots=True)
class _Pause:
    """Until when a host is left alone, and how often it has refused in a row.

    Until `told` the user needs not be told again.
    """

    until: float = 0.0
    refusals: int = 0
    told: float = 0.0


class HostLimits:
    """Counts the refreshes that run at each host, and remembers the pauses.

    A host is a name; it is empty for all mailboxes whose host isn't known yet.
    """

    def __init__(self) -> None:
        self._places: dict[Path, str] = {}
        self._running: dict[str, int] = {}
        self._pauses: dict[str, _Pause] = {}

    def start(self, path: Path, host: str) -> None:
        """Count the refresh of a token file; not twice."""
        self.end(path)
        self._places[path] = host
        self._running[host] = self._running.get(host, 0) + 1

    def end(self, path: Path) -> str | None:
        """Count the refresh of a token file no longer; its host, or None if it wasn't counted."""
        host = self._places.pop(path, None)
        if host is not None:
            self._running[host] -= 1
        return host

    def is_full(self, host: str) -> bool:
        """Whether no more may run there now."""
        return self._running.get(host, 0) >= AT_ONCE

    def opens_at(self, host: str) -> float:
        """When the pause of a host ends; 0 if there is none."""
        pause = self._pauses.get(host)
        return pause.until if pause else 0.0

    def sentence_on(self, host: str, now: float) -> str:
        """What to tell the user when the mailboxes of a host begin to wait."""
        return _(
            "{host} accepts no more requests for now. Its other mailboxes wait until {time}.",
            host=host,
            time=local_time(self.opens_at(host), now),
        )

    def refused(
        self,
        host: str,
        now: float,
        retry_after: float,
        varied: Varied,
        at_most: float = _LONGEST_PAUSE,
    ) -> bool:
        """Leave a host alone that accepts no more requests, for as long as it asks for.

        The pauses grow with each refusal, and `varied` varies them; none is longer than `at_most`
        seconds. The answers to requests that were under way already are not further refusals.
        Returns whether to tell the user.
        """
        pause = self._pauses.setdefault(host, _Pause())
        if now >= pause.until:
            pause.refusals += 1
        wait = max(retry_after, varied(_FIRST_PAUSE * 2.0 ** min(pause.refusals - 1, 10)))
        pause.until = max(pause.until, now + min(wait, at_most, _LONGEST_PAUSE))
        is_new = now >= pause.told
        if is_new:
            pause.told = now + _TELL_EVERY
        return is_new

    def refusals(self, host: str) -> int:
        """How often a host has refused in a row."""
        pause = self._pauses.get(host)
        return pause.refusals if pause else 0

    def accepted(self, host: str, now: float) -> None:
        """A host has given tokens; the next pause is short again, unless this one still lasts."""
        pause = self._pauses.get(host)
        if pause and now >= pause.until:
            pause.refusals = 0

    def end_pauses(self) -> None:
        """Forget all pauses: the clock was set back, so nobody knows any more when they end."""
        self._pauses.clear()
