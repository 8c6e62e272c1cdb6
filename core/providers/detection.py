"""Detects the provider of an address: first by its domain, then by the domain's MX records.

If neither tells the provider, the error says what was found and what the user can choose.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..address import did_you_mean, domain_of
from ..errors import AppError, as_error
from ..net.network import quoted
from ..verdicts import local_settings
from .catalog import Catalog

if TYPE_CHECKING:
    from dns.resolver import Answer, Resolver

DNS_TIMEOUT = 10.0  # seconds for the whole query
_FIRST_TRY = 2.0  # seconds for each name server
_BY_DOMAIN = "{provider} ({domain} is one of its domains)"
_BY_MX = "{provider} (the MX record of {domain} is {mx_host})"


@dataclass(frozen=True, slots=True)
class Detection:
    """The detected provider of a domain, and the MX host that told it.

    `mx_host` is empty if `domain` is one of the provider's own domains.
    """

    provider: str
    domain: str
    mx_host: str = ""

    def sentence(self, label: str = "") -> str:
        """What was detected and why; `label` replaces the provider's name."""
        template = _BY_MX if self.mx_host else _BY_DOMAIN
        return template.format(
            provider=label or self.provider, domain=self.domain, mx_host=self.mx_host
        )


@dataclass(frozen=True, slots=True)
class Mx:
    """An MX record; the host is in lower case, without the trailing dot."""

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
    """Detect the provider of a parsed address.

    Raises `UsageProblem` if the user has to choose it, and `TryAgain` if DNS doesn't answer.
    """
    domain = domain_of(address)
    found = by_domain(domain, catalog)
    if found is not None:
        return found
    try:
        return by_mx(domain, (resolve_mx or resolve_mx_by_dns)(domain, timeout), catalog)
    except AppError as exc:
        if question := did_you_mean(address):
            exc.add_note(question)
        raise


def by_domain(domain: str, catalog: Catalog) -> Detection | None:
    """The provider that lists the domain as its own; None if there is none."""
    for provider in catalog.providers.values():
        if domain in provider.domains:
            return Detection(provider.name, domain)
    return None


def by_mx(domain: str, records: list[Mx], catalog: Catalog) -> Detection:
    """The provider whose suffix matches an MX host; hosts with higher priority count first.

    Raises `UsageProblem` if no provider matches.
    """
    hosts = [record.host for record in sorted(records, key=lambda r: r.preference)]
    for host in hosts:
        for provider in catalog.providers.values():
            if ends_with_label(host, provider.mx_suffixes):
                return Detection(provider.name, domain, host)
    for label, suffixes in catalog.mail_filters.items():
        for host in hosts:
            if ends_with_label(host, suffixes):
                raise as_error(
                    local_settings.MAIL_FILTER_HIDES_PROVIDER,
                    filter=label,
                    domain=domain,
                    mx_host=host,
                )
    if not any(hosts):  # RFC 7505: "MX 0 ." means that the domain takes no mail
        raise as_error(local_settings.DOMAIN_WITHOUT_MAIL, domain=domain)
    raise as_error(local_settings.PROVIDER_NOT_FOUND, domain=domain, mx_host=hosts[0])


def ends_with_label(host: str, suffixes: tuple[str, ...]) -> bool:
    """Whether the host equals one of the suffixes or is a subdomain of it."""
    return f".{host}".endswith(suffixes)  # every suffix begins with a dot: values.suffixes


def resolve_mx_by_dns(
    domain: str, timeout: float, *, resolver: "Resolver | None" = None
) -> list[Mx]:
    """Query the MX records of a domain; `resolver` replaces that of the system.

    Raises `UsageProblem` if the domain doesn't exist, `TryAgain` if there is no answer, and
    `AppError` if the system's settings for name servers can't be used.
    """
    import dns.exception
    import dns.resolver

    try:
        # Read anew each time, since a computer changes its network. ValueError: a name server that
        # is no IP address, or bytes that are no UTF-8. OSError: the registry lacks them.
        resolver = resolver or dns.resolver.Resolver()
    except dns.exception.DNSException as exc:
        # The text of some is their docstring, which the built programs don't have.
        detail = quoted(exc.args[0] or type(exc).__name__)
        raise as_error(local_settings.NAME_SERVER_SETTINGS_INVALID, detail=detail) from exc
    except (ValueError, OSError) as exc:
        raise as_error(local_settings.NAME_SERVER_SETTINGS_INVALID, detail=quoted(exc)) from exc
    try:
        answer = _ask(resolver, domain, timeout)
    except dns.resolver.NXDOMAIN as exc:
        raise as_error(local_settings.DOMAIN_UNKNOWN, domain=domain) from exc
    except dns.resolver.NoAnswer:
        return []
    except (dns.exception.DNSException, OSError) as exc:
        raise as_error(
            local_settings.NAME_SERVERS_SILENT, detail=type(exc).__name__, domain=domain
        ) from exc
    return [Mx(r.preference, str(r.exchange).rstrip(".").lower()) for r in answer]


def _ask(resolver: "Resolver", domain: str, timeout: float) -> "Answer":
    """Ask all name servers, each for a short time, and then again for all the time that is left.

    A datagram may be lost, so each is asked twice; a slow name server is heard the second time.
    """
    from dns.resolver import LifetimeTimeout

    deadline = time.monotonic() + timeout
    count = max(len(resolver.nameservers), 1)
    resolver.timeout = min(_FIRST_TRY, timeout / count / 2)
    try:
        return resolver.resolve(domain, "MX", lifetime=resolver.timeout * count)
    except LifetimeTimeout:
        left = max(deadline - time.monotonic(), 0.0)
        resolver.timeout = left / count
        return resolver.resolve(domain, "MX", lifetime=left)
