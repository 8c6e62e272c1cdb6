"""Finds the `Registration` for the names and the overrides that the user gave."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count
from typing import Any, TypeVar

from ..errors import as_error
from ..model import DEFAULT_GRANT, IMAP_PORT, FlowKind
from ..net.network import quoted
from ..verdicts import local_settings
from . import values
from .by_hand import check_value, microsoft_fields, option_of, tenant_in
from .catalog import Catalog, Provider
from .fields import (
    ProviderFields,
    Registration,
    defaults_of,
    provider_part,
    required_of,
    scopes_of_grant,
)
from .merging import OF_THE_TOKEN_ENDPOINT
from .overrides import Overrides

Fields = TypeVar("Fields", bound=ProviderFields)
# Fields in which an application that the user described differs from all others. Other fields
# belong to a single sign-in, or to the token file (tenant).
_IDENTITY = (
    "client_id",
    "flow",
    "grant",
    "authorize_uri",
    "token_uri",
    "scopes",
    "imap_host",
    "imap_port",
    "imap_starttls",
)
# What a token endpoint has none of until it is given with it.
_OF_NO_OTHER_ENDPOINT = {
    "client_secret": "",
    "client_secret_entry": "",
    "certificate": "",
    "key_file": "",
    **{name: defaults_of(ProviderFields)[name] for name in OF_THE_TOKEN_ENDPOINT},
}
_NAME_LENGTH = 24  # of each part of a name that is made here


def resolve(
    catalog: Catalog,
    provider_name: str,
    application_name: str,
    overrides: Overrides,
    *,
    tenant: str = "",
) -> Registration:
    """The registration for a provider, an application ("" means the default) and overrides.

    `tenant` is that of the token file, which the user's own replaces. An application that the user
    described by hand has a name of its own: the given one, else one of its provider and client ID.
    Raises `UsageProblem` if a name is unknown or taken, or the overrides are incomplete.
    """
    refuse_unknown(catalog, provider_name, overrides)
    if tenant:  # somebody else may have placed the token file
        check_value("tenant", tenant, values.tenant)
    provider = catalog.providers.get(provider_name)
    if provider is None:
        base = _from_nothing(provider_name, overrides)
        registration = _with_overrides(base, overrides, tenant)
        name = application_name or _made_name(registration)
        check_value("application", name, values.name)
        return replace(registration, application=name)
    wanted = _wanted_name(provider, application_name, overrides)
    base = _base(provider, wanted, overrides)
    registration = _with_overrides(base, overrides, tenant)
    name = _name(provider, registration, base, wanted)
    return replace(registration, application=name)


def with_tenant(fields: Fields, tenant: str) -> Fields:
    """The fields with a tenant in place of the placeholder in the endpoints."""
    return replace(
        fields,
        tenant=tenant,
        authorize_uri=fields.authorize_uri.replace("{tenant}", tenant),
        token_uri=fields.token_uri.replace("{tenant}", tenant),
        device_authorization_uri=fields.device_authorization_uri.replace("{tenant}", tenant),
    )


def refuse_unknown(catalog: Catalog, name: str, overrides: Overrides) -> None:
    """Raise `UsageProblem` for a provider that is not in the catalog and has no endpoints."""
    if name in catalog.providers or "authorize_uri" in overrides.given:
        return
    raise as_error(
        local_settings.PROVIDER_UNKNOWN, name=quoted(name), known=", ".join(catalog.providers)
    )


def _from_nothing(name: str, overrides: Overrides) -> Registration:
    """A registration at a provider that is not in the catalog."""
    check_value("provider", name, values.name)
    microsoft = microsoft_fields(overrides)
    given = {"label": name, **overrides.given, **microsoft}
    needed = (*required_of(ProviderFields), "client_id")
    missing = [option_of(field) for field in needed if field not in given]
    if missing:
        raise as_error(
            local_settings.PROVIDER_INCOMPLETE, provider=name, missing=", ".join(missing)
        )
    fields = {field: given[field] for field in (*needed, *microsoft)}
    return Registration(
        provider=name,
        application="",
        confidential=_needs_environment(overrides),
        refresh_repeats_scope=bool(microsoft),
        **fields,
    )


def _wanted_name(provider: Provider, name: str, overrides: Overrides) -> str:
    """The application's name that the user gave, if it may have the client ID; empty for none.

    Old scripts give the name of a shipped application together with a client ID of their own.
    """
    named = provider.applications.get(name)
    if named is None or overrides.text("client_id") in ("", named.client_id):
        return name
    if named.shipped:
        return ""
    raise as_error(local_settings.APPLICATION_NAME_TAKEN, provider=provider.name, application=name)


def _base(provider: Provider, name: str, overrides: Overrides) -> Registration:
    """What the overrides change: a known application, or a new one with the user's client ID."""
    client_id = overrides.text("client_id")
    named = provider.applications.get(name or ("" if client_id else provider.default_application))
    if named is not None:
        return named
    if not client_id:
        raise _no_application(provider, name)
    if name:
        check_value("application", name, values.name)
    same = (a for a in provider.applications.values() if a.client_id == client_id)
    new = Registration(
        provider=provider.name,
        application=name,
        client_id=client_id,
        confidential=_needs_environment(overrides),
        **provider_part(provider),
    )
    return next(same, new)


def _no_application(provider: Provider, name: str) -> Exception:
    if not provider.applications and not name:
        return as_error(local_settings.PROVIDER_WITHOUT_APPLICATION, provider=provider.label)
    return as_error(
        local_settings.APPLICATION_UNKNOWN,
        provider=provider.name,
        application=quoted(name),
        known=", ".join(provider.applications),
    )


def _with_overrides(base: Registration, overrides: Overrides, tenant: str) -> Registration:
    """The base with the user's values in it.

    A secret and what is special about a server belong to the token endpoint they were given with.
    """
    fields: dict[str, Any] = dict(overrides.given)
    uri = overrides.text("authorize_uri")
    own_tenant = overrides.text("tenant") or tenant_in(uri, base.authorize_uri)
    known = with_tenant(base, own_tenant or tenant or base.tenant)
    if uri not in ("", known.authorize_uri):
        fields = {"flow": FlowKind.PLAIN, "tenant": "", **fields, **microsoft_fields(overrides)}
    if fields.get("token_uri", known.token_uri) != known.token_uri:
        fields = {**_OF_NO_OTHER_ENDPOINT, **fields}
    if "grant" in fields and "scopes" not in fields:
        fields |= scopes_of_grant({**provider_part(known), **fields})
    if "redirect_uri" in fields:  # the user knows where the answer arrives
        fields = {"exact_redirect": False, **fields}
    if port := fields.get("imap_port"):
        is_known = port == known.imap_port and known.imap_starttls
        fields["imap_starttls"] = is_known or port == IMAP_PORT
    if "client_secret" in fields:
        fields["client_secret_entry"] = ""  # the secret of the store is not the one to use
    if overrides.given.get("client_secret") == "":
        fields["confidential"] = False  # so that no later run takes one from the environment
    registration = replace(known, **fields)
    _refuse_ignored_tenant(base, registration, overrides)
    takes_secret = registration.confidential or registration.grant != DEFAULT_GRANT
    has_secret = registration.client_secret or registration.client_secret_entry
    if has_secret or not takes_secret:
        return registration
    return replace(registration, client_secret=overrides.secret_from_environment)


def _refuse_ignored_tenant(
    base: Registration, registration: Registration, overrides: Overrides
) -> None:
    """Raise `UsageProblem` if the user gave a tenant that the endpoints can't have."""
    tenant = overrides.text("tenant")
    takes_any = "{tenant}" in base.authorize_uri + base.token_uri
    if tenant and not takes_any and f"/{tenant}/" not in registration.authorize_uri:
        raise as_error(local_settings.TENANT_WITHOUT_PLACE, provider=base.provider)


def _needs_environment(overrides: Overrides) -> bool:
    """Whether a new application is one whose secret only the environment has."""
    return "client_secret" not in overrides.given and bool(overrides.secret_from_environment)


def _name(provider: Provider, registration: Registration, base: Registration, wanted: str) -> str:
    """The name of the application that this registration is."""
    is_base = base.application in provider.applications and _is_same(registration, base)
    if is_base and wanted in ("", base.application):
        return base.application
    if wanted and not (base.shipped and wanted == base.application):
        return wanted  # a new one, or one of the user's own with other values
    saved = [a for a in provider.applications.values() if _is_same(registration, a)]
    return saved[0].application if saved else _free_name(provider, registration)


def _is_same(registration: Registration, known: Registration) -> bool:
    """Whether it is this application of the catalog, whatever its tenant is.

    A shipped application with another secret than the shipped one is another application. The
    secret of a confidential one, or one in the system's store, is the user's own.
    """
    known = with_tenant(known, registration.tenant or known.tenant)
    is_fixed = known.shipped and not (known.confidential or known.client_secret_entry)
    if is_fixed and known.client_secret != registration.client_secret:
        return False
    return all(getattr(registration, name) == getattr(known, name) for name in _IDENTITY)


def _free_name(provider: Provider, registration: Registration) -> str:
    return next(name for name in _made_names(registration) if name not in provider.applications)


def _made_name(registration: Registration) -> str:
    return next(_made_names(registration))


def _made_names(registration: Registration) -> Iterator[str]:
    """Names for an application that the user gave none: its provider and its client ID."""
    start = f"{_word(registration.provider)}-{_word(registration.client_id)}"
    return chain([start], (f"{start}-{number}" for number in count(2)))


def _word(text: str) -> str:
    """The text as a part of a name (`values.name`)."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_NAME_LENGTH].strip("-") or "own"
