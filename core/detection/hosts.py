"""Whose a host or a domain is, by the catalog."""

from collections.abc import Callable

from ..providers.catalog import Catalog, Provider
from .clues import Clue, Reason


def clues_of_domain(domain: str, catalog: Catalog) -> list[Clue]:
    """The clue of a domain that is a provider's own."""
    for provider in catalog.providers.values():
        if domain in provider.domains:
            return [Clue(Reason.OWN_DOMAIN, domain, provider.name, owner_of(provider))]
    for name, other in catalog.without_oauth.items():
        if domain in other.domains:
            return [Clue(Reason.OWN_DOMAIN, domain, name, other.label)]
    return []


def clues_of_mx(reason: Reason, host: str, catalog: Catalog) -> list[Clue]:
    """One clue for each provider that receives mail at this host."""
    return _clues(reason, host, catalog, lambda p: ends_with_label(host, p.mx_suffixes))


def clues_of_host(reason: Reason, host: str, catalog: Catalog) -> list[Clue]:
    """One clue for each provider that has this host, beside those that receive mail."""
    return _clues(
        reason,
        host,
        catalog,
        lambda p: host == p.imap_host or ends_with_label(host, p.host_suffixes),
    )


def clues_of_filter(host: str, catalog: Catalog) -> list[Clue]:
    """The clue of a host that belongs to a mail filter."""
    return [
        Clue(Reason.MAIL_FILTER, host, owner=label)
        for label, suffixes in catalog.mail_filters.items()
        if ends_with_label(host, suffixes)
    ]


def owner_of(provider: Provider) -> str:
    """Who runs a provider, in words."""
    return provider.company or provider.label


def ends_with_label(host: str, suffixes: tuple[str, ...]) -> bool:
    """Whether the host equals one of the suffixes or is a subdomain of it."""
    return f".{host}".endswith(suffixes)  # every suffix begins with a dot: values.suffixes


def _clues(
    reason: Reason, host: str, catalog: Catalog, has: Callable[[Provider], bool]
) -> list[Clue]:
    """The providers that have a host. Those without OAuth2 have one list of hosts for all uses."""
    return [Clue(reason, host, p.name) for p in catalog.providers.values() if has(p)] or [
        Clue(reason, host, name)
        for name, other in catalog.without_oauth.items()
        if ends_with_label(host, other.mx_suffixes)
    ]
