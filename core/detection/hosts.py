"""Whose a host or a domain is, by the catalog."""

from ..providers.catalog import Catalog
from .clues import Clue, Reason


def clues_of_domain(domain: str, catalog: Catalog) -> list[Clue]:
    """The clue of a domain that is a provider's own."""
    for provider in catalog.providers.values():
        if domain in provider.domains:
            owner = provider.company or provider.label
            return [Clue(Reason.OWN_DOMAIN, domain, provider.name, owner)]
    for name, other in catalog.without_oauth.items():
        if domain in other.domains:
            return [Clue(Reason.OWN_DOMAIN, domain, name, other.label)]
    return []


def clues_of_mx(host: str, catalog: Catalog) -> list[Clue]:
    """One clue for each provider that receives mail at this host, or for a mail filter."""
    clues = [
        Clue(Reason.MX, host, provider.name)
        for provider in catalog.providers.values()
        if ends_with_label(host, provider.mx_suffixes)
    ]
    return clues or [
        Clue(Reason.MX, host, name)
        for name, other in catalog.without_oauth.items()
        if ends_with_label(host, other.mx_suffixes)
    ]


def clues_of_filter(host: str, catalog: Catalog) -> list[Clue]:
    """The clue of a host that belongs to a mail filter."""
    return [
        Clue(Reason.MAIL_FILTER, host, owner=label)
        for label, suffixes in catalog.mail_filters.items()
        if ends_with_label(host, suffixes)
    ]


def clues_of_host(reason: Reason, host: str, catalog: Catalog) -> list[Clue]:
    """One clue for each provider that has this host, beside those that receive mail."""
    return [
        Clue(reason, host, provider.name)
        for provider in catalog.providers.values()
        if host == provider.imap_host or ends_with_label(host, provider.host_suffixes)
    ]


def ends_with_label(host: str, suffixes: tuple[str, ...]) -> bool:
    """Whether the host equals one of the suffixes or is a subdomain of it."""
    return f".{host}".endswith(suffixes)  # every suffix begins with a dot: values.suffixes
