"""Which provider an address belongs to, and why: clues asked in turn, the cheapest first.

The reason is a sentence for the person. A clue that says nothing leaves the question to the next
one; where none says anything the error tells what was seen and what to choose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..address import domain_of
from ..errors import Actor, AppError, TryAgain, UsageProblem
from .catalog import Catalog

if TYPE_CHECKING:
    from dns.resolver import Resolver

DNS_TIMEOUT = 10.0  # seconds for the whole question


@dataclass(frozen=True, slots=True)
class Detection:
    """A provider's name and the reason in words, ready after "gmail, because "."""

    provider: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mx:
    """One MX record; the host is in lower case, without the trailing dot."""

    preference: int
    host: str


ResolveMx = Callable[[str, float], list[Mx]]


def detect(
    address: str,
    catalog: Catalog,
    *,
    resolve_mx: ResolveMx | None = None,
    timeout: float = DNS_TIMEOUT,
) -> Detection:
    """Find the provider of an address that was parsed, or raise what the person should choose."""
    domain = domain_of(address)
    found = by_domain(domain, catalog)
    if found is not None:
        return found
    records = (resolve_mx or resolve_mx_by_dns)(domain, timeout)
    return by_mx(domain, records, catalog)


def by_domain(domain: str, catalog: Catalog) -> Detection | None:
    """Well-known domains need no question."""
    for provider in catalog.providers.values():
        if domain in provider.domains:
            return Detection(provider.name, f"{domain} is one of its own domains")
    return None


def by_mx(domain: str, records: list[Mx], catalog: Catalog) -> Detection:
    """The most preferred MX host that a provider claims; backups count where it is unknown."""
    hosts = [record.host for record in sorted(records, key=lambda r: r.preference)]
    for host in hosts:
        for provider in catalog.providers.values():
            if ends_with_label(host, provider.mx_suffixes):
                return Detection(provider.name, f"the MX of {domain} is {host}")
    for label, suffixes in catalog.mail_filters.items():
        for host in hosts:
            if ends_with_label(host, suffixes):
                raise _undecided(
                    f"The MX of {domain} is {host}: {label} stands in front of the mailbox and "
                    "hides where it lies",
                    catalog,
                )
    if not any(hosts):  # RFC 7505: "MX 0 ." means that the domain takes no mail
        raise _undecided(f"The domain {domain} names no server that takes mail", catalog)
    raise _undecided(f"The MX of {domain} is {hosts[0]}, which is no provider known here", catalog)


def ends_with_label(host: str, suffixes: tuple[str, ...]) -> bool:
    """Whether the host is one of the suffixes or lies under it, on a label border."""
    return f".{host}".endswith(suffixes)  # every suffix begins with a dot: values.suffixes


def resolve_mx_by_dns(
    domain: str, timeout: float, *, resolver: "Resolver | None" = None
) -> list[Mx]:
    """Ask the machine's resolver, or another; its failures become sentences here."""
    import dns.exception
    import dns.resolver

    try:
        resolver = resolver or dns.resolver.get_default_resolver()
        answer = resolver.resolve(domain, "MX", lifetime=timeout)
    except dns.resolver.NXDOMAIN as exc:
        raise UsageProblem(
            f"The domain {domain} doesn't exist", hint="Check how the address is spelled."
        ) from exc
    except dns.resolver.NoAnswer:
        return []
    except (dns.exception.DNSException, OSError) as exc:  # OSError: no resolver's settings
        raise TryAgain(
            f"The name servers gave no answer about {domain}",
            detail=type(exc).__name__,
            hint="Check the network, or choose the provider with --provider.",
        ) from exc
    return [Mx(r.preference, str(r.exchange).rstrip(".").lower()) for r in answer]


def _undecided(message: str, catalog: Catalog) -> AppError:
    return UsageProblem(
        message,
        hint="Choose it with --provider " + " or --provider ".join(catalog.providers) + ".",
        actor=Actor.YOU,
    )
