"""Which mailbox of each token host expires first: no pause of the host may cost its token."""

from .kept_mailbox import KeptMailbox
from .schedule import Schedule

_UNKNOWN = float("inf")


class Expiries:
    """The kept mailboxes of each token host, by the expiry of their tokens."""

    def __init__(self) -> None:
        self._of_host: dict[str, Schedule[KeptMailbox]] = {}
        self._hosts: dict[KeptMailbox, str] = {}

    def put(self, kept: KeptMailbox) -> None:
        """Note the host and the expiry of a mailbox in place of those before; not after its end."""
        self.discard(kept)
        if kept.ended:
            return
        expires = kept.known.expires_at if kept.known else None
        self._hosts[kept] = kept.host
        schedule = self._of_host.setdefault(kept.host, Schedule())
        schedule.put(kept, _UNKNOWN if expires is None else expires)

    def discard(self, kept: KeptMailbox) -> None:
        """Forget a mailbox, if it was noted."""
        host = self._hosts.pop(kept, None)
        if host is not None:
            self._of_host[host].discard(kept)

    def first(self, host: str) -> KeptMailbox | None:
        """The mailbox of a host whose token expires first; None if the host has none."""
        schedule = self._of_host.get(host)
        return schedule.first() if schedule else None
