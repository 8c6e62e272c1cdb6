"""Asks the name servers for the records of a domain."""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import as_error
from ..net.network import quoted
from ..verdicts import local_settings

if TYPE_CHECKING:
    from dns.resolver import Answer, Resolver

_FIRST_TRY = 2.0  # seconds for each name server
# A name, the type of its records, and the limit in seconds for all name servers together.
Records = Callable[[str, str, float], list[str]]


def dns_records(
    name: str, kind: str, timeout: float, *, resolver: "Resolver | None" = None
) -> list[str]:
    """The records of a name as text; host names are in lower case, without the trailing dot.

    `kind` is one of `_TEXTS`. `resolver` replaces that of the system. Raises `UsageProblem` if the
    name doesn't exist, `TryAgain` if there is no answer, and `AppError` if the system's settings
    for name servers can't be used.
    """
    import dns.exception
    import dns.resolver

    resolver = resolver or _system_resolver()
    try:
        answer = _ask(resolver, name, kind, timeout)
    except dns.resolver.NXDOMAIN as exc:
        raise as_error(local_settings.DOMAIN_UNKNOWN, domain=name) from exc
    except dns.resolver.NoAnswer:
        return []
    except (dns.exception.DNSException, OSError) as exc:
        raise as_error(
            local_settings.NAME_SERVERS_SILENT, detail=type(exc).__name__, domain=name
        ) from exc
    return [_TEXTS[kind](record) for record in answer]


def hosts_of(records: list[str]) -> list[str]:
    """The hosts of MX or SRV records, the one with the highest priority (lowest number) first."""
    pairs = (record.partition(" ") for record in records)
    return [host for _, host in sorted((int(number), host) for number, _, host in pairs)]


def _system_resolver() -> "Resolver":
    """Read anew each time, since a computer changes its network."""
    import dns.exception
    import dns.resolver

    try:
        # ValueError: a name server that is no IP address, or bytes that are no UTF-8. OSError: the
        # registry lacks them.
        return dns.resolver.Resolver()
    except dns.exception.DNSException as exc:
        # The text of some is their docstring, which the built programs don't have.
        detail = quoted(exc.args[0] or type(exc).__name__)
        raise as_error(local_settings.NAME_SERVER_SETTINGS_INVALID, detail=detail) from exc
    except (ValueError, OSError) as exc:
        raise as_error(local_settings.NAME_SERVER_SETTINGS_INVALID, detail=quoted(exc)) from exc


def _ask(resolver: "Resolver", name: str, kind: str, timeout: float) -> "Answer":
    """Ask all name servers, each for a short time, and then again for all the time that is left.

    A datagram may be lost, so each is asked twice; a slow name server is heard the second time.
    """
    from dns.resolver import LifetimeTimeout

    deadline = time.monotonic() + timeout
    count = max(len(resolver.nameservers), 1)
    first = min(_FIRST_TRY, timeout / count / 2)
    resolver.timeout = first
    try:
        return resolver.resolve(name, kind, lifetime=first * count)
    except LifetimeTimeout:
        left = max(deadline - time.monotonic(), 0.0)
        resolver.timeout = left / count
        return resolver.resolve(name, kind, lifetime=left)


def _host(name: object) -> str:
    return str(name).rstrip(".").lower()


def _text(strings: tuple[bytes, ...]) -> str:
    """One text record; its parts belong together (RFC 7208 section 3.3)."""
    return b"".join(strings).decode("ascii", "replace")


_TEXTS: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "MX": lambda record: f"{record.preference} {_host(record.exchange)}",
        "CNAME": lambda record: _host(record.target),
        "SRV": lambda record: f"{record.priority} {_host(record.target)}",
        "TXT": lambda record: _text(record.strings),
    }
)
