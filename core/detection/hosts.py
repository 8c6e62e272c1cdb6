"""Whose a host or a domain is, by the catalog."""

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
    providers = catalog.providers.values()
    owners = [p for p in providers if ends_with_label(host, p.mx_suffixes)]
    return _clues(reason, host, owners, catalog)


def clues_of_host(reason: Reason, host: str, catalog: Catalog) -> list[Clue]:
    """One clue for each provider that has this host, beside those that receive mail.

    Several may share an IMAP server: who extends another, or describes one by hand. So it counts
    only if the host is nobody's by its suffix.
    """
    providers = catalog.providers.values()
    owners = [p for p in providers if ends_with_label(host, p.host_suffixes)]
    owners = owners or [p for p in providers if host == p.imap_host]
    return _clues(reason, host, owners, catalog)


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


def _clues(reason: Reason, host: str, owners: list[Provider], catalog: Catalog) -> list[Clue]:
    """The clues to the owners of a host. Those without OAuth2 have one list of all their hosts."""
    return [Clue(reason, host, provider.name) for provider in owners] or [
        Clue(reason, host, name)
        for name, other in catalog.without_oauth.items()
        if ends_with_label(host, other.mx_suffixes)
    ]
