"""Checks the values that the user gave by hand, and finds the provider that they describe."""

from collections.abc import Mapping
from typing import Any

from ..errors import as_error
from ..model import FlowKind
from ..verdicts import local_settings
from . import values
from .catalog import MICROSOFT_URI, Catalog
from .fields import APPLICATION_CHECKS, Check
from .overrides import Overrides

# The names of these fields in options.
_OPTIONS = {"scopes": "scope_string", "imap_host": "imap_server"}

# What only one grant needs.
_GRANT_OF = {"certificate": "client_credentials", "key_file": "jwt_bearer"}


def by_hand(
    *, client_secret: str | None = None, secret_from_environment: str = "", **given: Any
) -> Overrides:
    """Overrides from fields as the user typed them: an empty text, 0 or () was not given.

    `client_secret` is None if it was not given. Raises `UsageProblem` for an invalid value.
    """
    fields = {name: _field(name, value) for name, value in given.items() if value}
    for name, grant in _GRANT_OF.items():
        if name in fields:
            fields.setdefault("grant", grant)
    if client_secret is not None:
        fields["client_secret"] = _field("client_secret", client_secret)
    return Overrides(fields, secret_from_environment)


def provider_name_of(overrides: Overrides) -> str:
    """The name for endpoints that were given without `--provider`: their host."""
    uri = overrides.text("authorize_uri")
    if not uri:
        raise as_error(local_settings.TOKEN_URI_ALONE)
    return values.uri_host(uri)


def provider_of_issuer(issuer: str, catalog: Catalog) -> str:
    """The name of the provider whose sign-in server this is; empty if the catalog has none."""
    same = (p.name for p in catalog.providers.values() if issuer and p.issuer == issuer)
    return next(same, "")


def has_endpoints(overrides: Overrides, catalog: Catalog) -> bool:
    """Whether the user gave endpoints that decide about the provider (`provider_name_of`).

    An endpoint that differs only in its tenant from that of a provider with applications doesn't.
    """
    if not overrides.given.keys() & {"authorize_uri", "token_uri"}:
        return False
    uri = overrides.text("authorize_uri")
    known = (p for p in catalog.providers.values() if p.applications)
    return not any(tenant_in(uri, p.authorize_uri) for p in known)


def tenant_in(uri: str, template: str) -> str:
    """The tenant in an endpoint, if it is this template with a tenant in it; else empty."""
    before, placeholder, after = template.partition("{tenant}")
    if not placeholder or not (uri.startswith(before) and uri.endswith(after)):
        return ""
    tenant = uri[len(before) : len(uri) - len(after)]
    return tenant if values.is_tenant(tenant) else ""


def microsoft_fields(overrides: Overrides) -> Mapping[str, Any]:
    """The flow, the tenant and the endpoints if the user's endpoints are Microsoft's, else {}.

    Raises `UsageProblem` if the tenant in them is invalid.
    """
    form = MICROSOFT_URI.fullmatch(overrides.text("authorize_uri"))
    if form is None:
        return {}
    tenant = overrides.text("tenant") or form[2]
    check_value("authorize_uri", tenant, values.tenant)
    before, after = form[1], form[3]
    token_uri = f"{before}{tenant}{after}token"
    if overrides.text("token_uri") not in ("", token_uri, f"{before}{form[2]}{after}token"):
        return {}  # msal takes the token endpoint from the authorization endpoint
    return {
        "flow": FlowKind.MICROSOFT,
        "tenant": tenant,
        "authorize_uri": f"{before}{tenant}{after}authorize",
        "token_uri": token_uri,
        "device_authorization_uri": f"{before}{tenant}{after}devicecode",
    }


def check_value(field: str, value: object, check: Check) -> object:
    """The converted value; raises `UsageProblem` that names the field."""
    try:
        return check(value)
    except values.Invalid as exc:
        raise as_error(local_settings.VALUE_INVALID, field=field, rule=exc.rule) from exc


def option_of(name: str) -> str:
    """The name of the option that gives a field."""
    return _OPTIONS.get(name, name)


def _field(name: str, value: object) -> object:
    written = list(value) if isinstance(value, tuple) else value  # as in a providers.toml
    return check_value(option_of(name), written, APPLICATION_CHECKS[name])
