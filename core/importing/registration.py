"""From what a file says about its registration to the request for one mailbox."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..address import domain_of
from ..mailbox.job import Request
from ..providers.by_hand import by_hand, tenant_in
from ..providers.catalog import Catalog, Provider
from .found import Found

_OF_APPLICATION = ("client_id", "client_secret", "redirect_uri", "tenant")


def at_known_provider(found: Found, chosen: str, catalog: Catalog) -> Found:
    """The mailbox with the name of the provider, if the catalog has one with the file's servers.

    Of several, it is the one that was chosen, else that of the address's domain, else one with the
    same client ID. The catalog says the rest: a neighbour asks for other scopes too, and has older
    endpoints.
    """
    uri = found.given.get("token_uri") or found.given.get("authorize_uri") or ""
    host, client_id = _host(uri), found.given.get("client_id")
    there = [p for p in catalog.providers.values() if host and host in _hosts(p)]
    named = [p for p in there if p.name in (chosen, found.file.provider)]
    domain = domain_of(found.file.account)
    own = [p for p in there if domain in p.domains]
    same = [p for p in there if any(a.client_id == client_id for a in p.applications.values())]
    for provider in (*named, *own, *same, *there):
        file = replace(found.file, provider=provider.name)
        return replace(found, file=file, given=_of_application(found.given, provider))
    return found


def request_for(found: Found, address: str, base: Request) -> Request:
    """The request for this mailbox; what the user chose in `base` counts more than the file.

    Raises `UsageProblem` if a value of the file is invalid.
    """
    given = _checked(found.given)
    is_new_provider = "authorize_uri" in given
    application = "" if "client_id" in given else found.file.application
    return replace(
        base,
        address=address,
        provider=base.provider or (found.file.provider if is_new_provider else ""),
        application=base.application or application,
        overrides=replace(base.overrides, given={**given, **base.overrides.given}),
    )


def _checked(given: Mapping[str, Any]) -> Mapping[str, Any]:
    others = {name: value for name, value in given.items() if name != "client_secret"}
    return by_hand(client_secret=given.get("client_secret"), **others).given


def _hosts(provider: Provider) -> Iterator[str]:
    for fields in (provider, *provider.applications.values()):
        yield _host(fields.authorize_uri)
        yield _host(fields.token_uri)


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""


def _of_application(given: Mapping[str, Any], provider: Provider) -> dict[str, Any]:
    """The values that belong to the application, with the tenant of its endpoint."""
    values = {name: given[name] for name in _OF_APPLICATION if name in given}
    tenant = tenant_in(given.get("token_uri", ""), provider.token_uri)
    if tenant and tenant != provider.tenant:
        values.setdefault("tenant", tenant)
    return values
