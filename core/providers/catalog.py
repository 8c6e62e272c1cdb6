"""The providers and their applications, loaded from TOML files.

Each field in the user's own `providers.toml` replaces the same field of the shipped
`resources/providers.toml`.
"""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..errors import as_error
from ..model import FlowKind
from ..paths import RESOURCES
from ..verdicts import local_settings
from .fields import (
    DETECTION_CHECKS,
    PROVIDER_CHECKS,
    ApplicationFields,
    Discovery,
    ProviderFields,
    Registration,
    Table,
    WithoutOAuth,
    required_of,
    scopes_of_grant,
)
from .merging import extended, laid_over, with_fields
from .tables import invalid, missing, read_tables, unknown_field

SHIPPED = RESOURCES / "providers.toml"
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
MICROSOFT_URI = re.compile(r"(https://[^/]+/)([^/]+)(/oauth2/v2\.0/)authorize")
# The parameters that msal's initiate_auth_code_flow accepts.
_MSAL_PARAMETERS = frozenset({"prompt", "domain_hint", "max_age"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(ProviderFields):
    """A mail provider with its applications, by name; `domains` are also those of applications.

    The endpoints may contain `{tenant}`, here and in the applications. `default_application` is
    empty if the provider has no application. The MX records of an address's domain end with one of
    `mx_suffixes`; its other records name a host with one of `host_suffixes`. `company` is who has
    the provider's domains; if it is empty, the label says it. `tenant_discovery_uri` describes the
    tenant of a domain, and names one of the `tenant_clouds` of one of the providers.
    """

    name: str
    company: str = ""
    domains: tuple[str, ...] = ()
    mx_suffixes: tuple[str, ...] = ()
    host_suffixes: tuple[str, ...] = ()
    tenant_discovery_uri: str = ""
    tenant_clouds: tuple[str, ...] = ()
    default_application: str = ""
    applications: Mapping[str, Registration]

    def application_for(self, domain: str) -> str:
        """The application that is the default for the addresses of a domain; empty if none is."""
        return next((n for n, a in self.applications.items() if domain in a.default_for), "")


class Catalog(NamedTuple):
    """All providers by name, all mail filters, and the providers without OAuth2 by name.

    A mail filter is a service that receives a domain's mail in front of the mailbox, so the MX
    records hide the provider; `mail_filters` maps its label to its MX suffixes.
    """

    providers: Mapping[str, Provider]
    mail_filters: Mapping[str, tuple[str, ...]]
    without_oauth: Mapping[str, WithoutOAuth] = {}
    discovery: Discovery = Discovery()

    def names(self) -> set[str]:
        """All names of providers and applications, which may be part of a token file's name."""
        applications = (name for p in self.providers.values() for name in p.applications)
        return {*self.providers, *applications}

    def application(self, provider: str, application: str) -> Registration | None:
        """An application by both names ("" for the provider's default), or None."""
        known = self.providers.get(provider)
        return known.applications.get(application or known.default_application) if known else None


def load_catalog(own: Path | None = None, *, shipped: Path = SHIPPED) -> Catalog:
    """Load the shipped file, and the user's own file if it exists.

    Raises `AppError` if a file can't be read or a value in it is invalid.
    """
    tables = lowest = read_tables(shipped)
    source = shipped
    if own is not None and os.path.exists(own):
        tables, source = laid_over(lowest, read_tables(own)), own
    clients = _client_ids(lowest)
    providers = {
        name: _provider(source, name, _extended(source, tables["providers"], name), clients)
        for name in tables["providers"]
    }
    _refuse_shared_domains(source, providers.values())
    without_oauth = {
        name: _without_oauth(source, name, table) for name, table in tables["without_oauth"].items()
    }
    discovery = Discovery(**tables["discovery"])
    return Catalog(providers, tables["mail_filters"], without_oauth, discovery)


def _client_ids(tables: Table) -> frozenset[str]:
    providers = tables["providers"].values()
    return frozenset(
        a["client_id"] for p in providers for a in p["applications"].values() if "client_id" in a
    )


def _extended(file: Path, providers: Mapping[str, Table], name: str) -> Table:
    try:
        return extended(providers, name)
    except (KeyError, RecursionError):
        rule = local_settings.MUST_NAME_PROVIDER
        raise invalid(file, f"providers.{name}", "extends", rule) from None


def _provider(file: Path, name: str, table: Table, shipped: Collection[str]) -> Provider:
    where = f"providers.{name}"
    fields = {"label": name, **{k: v for k, v in table.items() if k in PROVIDER_CHECKS}}
    for key in required_of(ProviderFields):
        if key not in fields:
            raise missing(file, where, key)
    _check_fields(file, where, ProviderFields(**fields))
    applications = {
        key: _application(file, name, key, fields, value, shipped)
        for key, value in table["applications"].items()
    }
    chosen = [domain for a in applications.values() for domain in a.default_for]
    if len(chosen) != len(set(chosen)):
        raise invalid(file, where, "default_for", local_settings.MUST_NAME_DOMAIN_ONCE)
    default = table.get("default_application") or next(iter(applications), "")
    if default and default not in applications:
        rule = local_settings.MUST_NAME_APPLICATION
        raise invalid(file, where, "default_application", rule)
    about = {key: value for key, value in table.items() if key in DETECTION_CHECKS}
    about["domains"] = tuple(dict.fromkeys((*table.get("domains", ()), *chosen)))
    return Provider(
        name=name,
        default_application=default,
        applications=applications,
        **about,
        **fields,
    )


def _application(
    file: Path, provider: str, name: str, below: Table, table: Table, shipped: Collection[str]
) -> Registration:
    where = f"providers.{provider}.applications.{name}"
    fields = with_fields(below, table)
    if "scopes" not in table:
        fields |= scopes_of_grant(fields)
    for key in required_of(ApplicationFields):
        if key not in fields:
            raise missing(file, where, key)
    registration = Registration(
        provider=provider, application=name, shipped=fields["client_id"] in shipped, **fields
    )
    if registration.client_secret and registration.client_secret_entry:
        raise invalid(file, where, "client_secret_entry", local_settings.MUST_BE_ONE_SECRET)
    _check_fields(file, where, registration)
    return registration


def _without_oauth(file: Path, name: str, table: Table) -> WithoutOAuth:
    for key in required_of(WithoutOAuth):
        if key not in table:
            raise missing(file, f"without_oauth.{name}", key)
    return WithoutOAuth(**table)


def _check_fields(file: Path, where: str, fields: ProviderFields) -> None:
    """Raise `AppError` if values that are valid alone don't fit together."""
    endpoints = (fields.authorize_uri, fields.token_uri, fields.device_authorization_uri)
    if "{tenant}" in "".join(endpoints) and not fields.tenant:
        raise missing(file, where, "tenant")
    if fields.flow is FlowKind.MICROSOFT:
        _check_microsoft(file, where, fields)


def _check_microsoft(file: Path, where: str, fields: ProviderFields) -> None:
    """Raise `AppError` if msal can't do the sign-in."""
    unknown = fields.authorize_parameters.keys() - _MSAL_PARAMETERS
    if unknown:
        place = f"{where}.authorize_parameters"
        raise unknown_field(file, place, min(unknown), _MSAL_PARAMETERS)
    if fields.resource:
        raise invalid(file, where, "resource", local_settings.NOT_AT_MICROSOFT)
    form = MICROSOFT_URI.fullmatch(fields.authorize_uri)
    if form is None or fields.token_uri != f"{form[1]}{form[2]}{form[3]}token":
        raise invalid(file, where, "flow", local_settings.MUST_FIT_MICROSOFT)


def _refuse_shared_domains(file: Path, providers: Iterable[Provider]) -> None:
    owner: dict[str, str] = {}
    for provider in providers:
        for domain in provider.domains:
            if owner.setdefault(domain, provider.name) != provider.name:
                raise as_error(
                    local_settings.DOMAIN_OF_TWO_PROVIDERS,
                    file=file,
                    domain=domain,
                    provider=provider.name,
                    other=owner[domain],
                )
