"""The sources of clues that are web pages: Microsoft's description of a tenant, and autoconfig."""

from ..errors import AppError
from ..oauth.answer import json_object
from ..providers.catalog import Provider
from .clues import Clue, Reason
from .hosts import clues_of_host, owner_of
from .question import Question

# The first that any provider lists counts. Microsoft's own additions to OpenID Connect Discovery:
# the part of the cloud for the US government, the host of its Graph API, and the cloud.
_CLOUD_FIELDS = ("tenant_region_sub_scope", "msgraph_host", "cloud_instance_name")
_NO_TENANT = (400, 404)


def by_tenant(question: Question) -> list[Clue] | None:
    """The cloud in which a provider has a tenant for the domain. It may have no mailboxes there.

    https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
    """
    clues: list[Clue] = []
    for provider in question.catalog.providers.values():
        if provider.tenant_discovery_uri:
            uri = provider.tenant_discovery_uri.replace("{tenant}", question.domain)
            response = question.page(uri)
            if response.status == 200:
                clues += _clues_of_tenant(response.body, provider, question)
            elif response.status not in _NO_TENANT:
                return None
    return clues


def by_autoconfig(question: Question, place: str) -> list[Clue]:
    """The IMAP server that a file for mail programs names; `place` is one of the catalog's."""
    from ..discovery.autoconfig import read_autoconfig  # imported late: most domains need no file

    try:
        response = question.page(place.replace("{domain}", question.domain))
    except AppError:  # most domains have no such host
        return []
    if response.status != 200:
        return []
    found = read_autoconfig(response.body, domain=question.domain)
    return clues_of_host(Reason.AUTOCONFIG, found.imap_host, question.catalog) if found else []


def _clues_of_tenant(body: bytes, asked: Provider, question: Question) -> list[Clue]:
    """One clue for each provider that has the tenant's cloud."""
    content = json_object(body)
    for mark in (str(content.get(name)) for name in _CLOUD_FIELDS):
        owners = [p for p in question.catalog.providers.values() if mark in p.tenant_clouds]
        if owners:
            return [Clue(_reason(p, asked), mark, p.name, owner_of(asked)) for p in owners]
    return []


def _reason(provider: Provider, asked: Provider) -> Reason:
    return Reason.TENANT if provider is asked else Reason.NATIONAL_CLOUD
