"""What a line of a list asks for: the request for its mailbox."""

from dataclasses import replace

from ..errors import as_error
from ..mailbox.job import Request
from ..providers.catalog import Catalog
from ..verdicts import local_batch
from .entries import Listed
from .places import NewPlaces


def request_of(listed: Listed, base: Request, catalog: Catalog, places: NewPlaces) -> Request:
    """The request for a mailbox of a list; `base` has what holds for all of them, and
    `places` the files of those that have none.

    Raises `UsageProblem` if the catalog doesn't have the provider or an application for the grant.
    """
    provider = listed.provider or base.provider or _provider_at(listed.host, catalog)
    if listed.provider and listed.provider not in catalog.providers:
        raise as_error(local_batch.LINE_WITH_UNKNOWN_PROVIDER)
    application = listed.application or base.application
    if listed.grant and not application:
        provider, application = _with_grant(listed.grant, provider, catalog)
    return replace(
        base,
        address=listed.address,
        provider=provider,
        application=application,
        login_hint=listed.login_hint,
        token_file=listed.token_file or places.path(listed.address, provider),
    )


def _provider_at(host: str, catalog: Catalog) -> str:
    """The only provider with this IMAP server; empty if there is none, or several."""
    names = [name for name, p in catalog.providers.items() if p.imap_host == host]
    return names[0] if len(names) == 1 else ""


def _with_grant(grant: str, provider: str, catalog: Catalog) -> tuple[str, str]:
    """The provider and its application with a grant; raises `UsageProblem` if it isn't clear."""
    found = [
        (name, application)
        for name, known in catalog.providers.items()
        if provider in ("", name)
        for application, registration in known.applications.items()
        if registration.grant == grant
    ]
    default = catalog.application(provider, "")
    if default is not None and default.grant == grant:
        return provider, default.application
    if not found:
        raise as_error(local_batch.LINE_WITH_UNKNOWN_GRANT)
    if len(found) > 1:
        names = ", ".join(f"{name}/{application}" for name, application in found)
        raise as_error(local_batch.LINE_WITH_SEVERAL_APPLICATIONS, names=names)
    return found[0]
