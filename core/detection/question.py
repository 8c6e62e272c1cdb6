"""A domain, and how its sources ask about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..errors import AppError
from ..net.network import Network
from ..net.response import HttpResponse
from ..providers.catalog import Catalog
from ..verdicts import local_settings
from .dns_records import Records, dns_records

_MOMENT = 0.1  # seconds
Page = Callable[[str, Network], HttpResponse]


def https_page(uri: str, network: Network) -> HttpResponse:
    """The response to a GET, as `net.http.get` returns it."""
    from ..net.http import get  # imported late, since most domains need no page

    return get(uri, network)


@dataclass(frozen=True, slots=True)
class Lookups:
    """How the sources ask; tests replace it."""

    records: Records = dns_records
    page: Page = https_page


@dataclass(frozen=True, slots=True)
class Question:
    """A domain, and what its sources need. `deadline` is by the clock of `time.monotonic`."""

    domain: str
    catalog: Catalog
    lookups: Lookups
    network: Network
    deadline: float

    @property
    def left(self) -> float:
        """The seconds that are left; a moment at least."""
        return max(self.deadline - time.monotonic(), _MOMENT)

    def records(self, name: str, kind: str) -> list[str]:
        """The records of a name; none if it doesn't exist."""
        try:
            return self.lookups.records(name, kind, self.left)
        except AppError as exc:
            if exc.verdict is local_settings.DOMAIN_UNKNOWN:
                return []
            raise

    def page(self, uri: str) -> HttpResponse:
        """The response to a GET; raises the `AppError` of a network problem."""
        return self.lookups.page(uri, replace(self.network, timeout=self.left))
