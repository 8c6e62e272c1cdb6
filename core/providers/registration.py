"""Builds a `Registration` from the names and the overrides that the user gave."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ..errors import as_error
from ..model import IMAP_PORT, IMAPS_PORT, FlowKind, Registration
from ..net.network import quoted
from ..verdicts import local_settings
from . import values
from .catalog import Application, Catalog, Provider

OWN_APPLICATION = "own"
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
_MICROSOFT_URI = re.compile(r"(https://[^/]+/)([^/]+)(/oauth2/v2\.0/)authorize")


_Checked = TypeVar("_Checked")


@dataclass(frozen=True, slots=True)
class Overrides:
    """Values that the user gave and that replace those of the catalog; empty or 0 if not given.

    `secret_from_environment` is used only for an application that needs a secret and has none.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    authorize_uri: str = ""
    token_uri: str = ""
    redirect_uri: str = ""
    scopes: tuple[str, ...] = ()
    imap_host: str = ""
    imap_port: int = 0
    tenant: str = ""
    secret_from_environment: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raise `UsageProblem` for an invalid value."""
        for field_name, value, check in (
            ("authorize_uri", self.authorize_uri, values.endpoint),
            ("token_uri", self.token_uri, values.endpoint),
            ("redirect_uri", self.redirect_uri, values.redirect_uri),
            ("imap_server", self.imap_host, values.host),
            ("imap_port", self.imap_port, values.port),
            ("tenant", self.tenant, values.tenant),
            ("client_id", self.client_id, values.text),
            ("client_secret", self.client_secret, values.text),
        ):
            if value:
                _checked(field_name, value, check)


def resolve(
    catalog: Catalog, provider_name: str, application_name: str, overrides: Overrides
) -> Registration:
    """The registration for a provider, an application ("" means the default) and overrides.

    Raises `UsageProblem` if a name is unknown or the overrides are incomplete.
    """
    provider = _provider(catalog, provider_name, overrides)
    application = _application(provider, application_name, overrides)
    endpoints = _endpoints(provider, application, overrides)
    # A secret is sent only to the token endpoint that it was given with.
    secret = overrides.client_secret or ("" if endpoints.moved else application.client_secret)
    if not secret and application.confidential:
        secret = overrides.secret_from_environment
    port = overrides.imap_port or provider.imap_port
    return Registration(
        provider=provider.name,
        label=provider.label,
        application=application.name,
        application_label=application.label,
        flow=endpoints.flow,
        authorize_uri=endpoints.authorize_uri,
        token_uri=endpoints.token_uri,
        scopes=overrides.scopes or provider.scopes,
        redirect_uri=overrides.redirect_uri or application.redirect_uri,
        client_id=application.client_id,
        client_secret=secret,
        imap_host=overrides.imap_host or provider.imap_host,
        imap_port=port,
        imap_starttls=provider.imap_starttls or port == IMAP_PORT,
        authorize_parameters=provider.authorize_parameters,
        refresh_repeats_scope=provider.refresh_repeats_scope,
        tenant=endpoints.tenant,
        note=application.note,
        revocation_uri="" if endpoints.moved else _revocation_uri(provider, application),
        shipped=application.shipped,
    )


def provider_name_of(overrides: Overrides) -> str:
    """The name for endpoints that were given without `--provider`: their host."""
    if not overrides.authorize_uri:
        raise as_error(local_settings.TOKEN_URI_ALONE)
    return values.uri_host(overrides.authorize_uri)


def has_endpoints(overrides: Overrides, catalog: Catalog) -> bool:
    """Whether the user gave endpoints that belong to no provider of the catalog.

    An endpoint that differs from the catalog only in its tenant is not counted.
    """
    if not overrides.authorize_uri and not overrides.token_uri:
        return False
    return not any(_tenant_in(p, overrides) for p in catalog.providers.values())


@dataclass(frozen=True, slots=True)
class _Endpoints:
    flow: FlowKind
    authorize_uri: str
    token_uri: str
    tenant: str
    moved: bool


def _endpoints(provider: Provider, application: Application, overrides: Overrides) -> _Endpoints:
    tenant = overrides.tenant or _tenant_in(provider, overrides) or provider.tenant
    authorize_uri = _with_tenant(application.authorize_uri or provider.authorize_uri, tenant)
    known_token_uri = _with_tenant(application.token_uri or provider.token_uri, tenant)
    flow, token_uri = provider.flow, known_token_uri
    if overrides.authorize_uri and overrides.authorize_uri != authorize_uri:
        microsoft = _MICROSOFT_URI.fullmatch(overrides.authorize_uri)
        flow = FlowKind.MICROSOFT if microsoft else FlowKind.PLAIN
        tenant = overrides.tenant or (microsoft[2] if microsoft else "")
        authorize_uri = overrides.authorize_uri
        if microsoft:
            _checked("authorize_uri", tenant, values.tenant)
            authorize_uri = f"{microsoft[1]}{tenant}{microsoft[3]}authorize"
            token_uri = f"{microsoft[1]}{tenant}{microsoft[3]}token"
    token_uri = overrides.token_uri or token_uri
    return _Endpoints(flow, authorize_uri, token_uri, tenant, token_uri != known_token_uri)


def _revocation_uri(provider: Provider, application: Application) -> str:
    """The revocation endpoint that belongs to the token endpoint in use."""
    return (application if application.token_uri else provider).revocation_uri


def _with_tenant(uri: str, tenant: str) -> str:
    return uri.replace("{tenant}", tenant)


def _tenant_in(provider: Provider, overrides: Overrides) -> str:
    """The tenant in the given endpoint, if that is this provider's with another tenant."""
    before, template, after = provider.authorize_uri.partition("{tenant}")
    uri = overrides.authorize_uri
    if not template or not (uri.startswith(before) and uri.endswith(after)):
        return ""
    tenant = uri[len(before) : len(uri) - len(after)]
    return tenant if values.is_tenant(tenant) else ""


def refuse_unknown(catalog: Catalog, name: str, overrides: Overrides) -> None:
    """Raise `UsageProblem` for a provider that is not in the catalog and has no endpoints."""
    if name in catalog.providers or overrides.authorize_uri:
        return
    raise as_error(
        local_settings.PROVIDER_UNKNOWN, name=quoted(name), known=", ".join(catalog.providers)
    )


def _provider(catalog: Catalog, name: str, overrides: Overrides) -> Provider:
    refuse_unknown(catalog, name, overrides)
    return catalog.providers.get(name) or _provider_from_overrides(name, overrides)


def _provider_from_overrides(name: str, overrides: Overrides) -> Provider:
    _checked("provider", name, values.name)
    microsoft = _MICROSOFT_URI.fullmatch(overrides.authorize_uri)
    needed = {
        "token_uri": overrides.token_uri or microsoft,
        "client_id": overrides.client_id,
        "scope_string": overrides.scopes,
        "imap_server": overrides.imap_host,
    }
    missing = [field for field, value in needed.items() if not value]
    if missing:
        raise as_error(
            local_settings.PROVIDER_INCOMPLETE, provider=name, missing=", ".join(missing)
        )
    return Provider(
        name=name,
        label=name,
        flow=FlowKind.PLAIN,
        authorize_uri="",  # _endpoints takes it from the overrides
        token_uri=overrides.token_uri,
        tenant="",
        scopes=overrides.scopes,
        refresh_repeats_scope=bool(microsoft),
        authorize_parameters={},
        imap_host=overrides.imap_host,
        imap_port=overrides.imap_port or IMAPS_PORT,
        imap_starttls=False,
        domains=(),
        mx_suffixes=(),
        default_application=OWN_APPLICATION,
        applications={},
    )


def _application(provider: Provider, name: str, overrides: Overrides) -> Application:
    """The application; a client ID that is not in the catalog is the user's own registration."""
    found = provider.applications.get(name or provider.default_application)
    if overrides.client_id and (found is None or found.client_id != overrides.client_id):
        chosen = name or OWN_APPLICATION
        _checked("application", chosen, values.name)
        return Application(
            name=chosen,
            label="",
            client_id=overrides.client_id,
            client_secret="",
            confidential=True,
            redirect_uri="http://localhost",
            authorize_uri="",
            token_uri="",
            note="",
        )
    if found is None:
        raise as_error(
            local_settings.APPLICATION_UNKNOWN,
            provider=provider.name,
            known=", ".join(provider.applications),
        )
    return found


def _checked(field: str, value: object, check: Callable[[object], _Checked]) -> _Checked:
    try:
        return check(value)
    except values.Invalid as exc:
        raise as_error(local_settings.VALUE_INVALID, field=field, rule=exc.rule) from exc
