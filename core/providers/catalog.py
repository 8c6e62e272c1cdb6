"""The providers and their applications, loaded from TOML files.

Each field in the user's own `providers.toml` replaces the same field of the shipped
`resources/providers.toml`.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import as_error
from ..model import IMAPS_PORT, FlowKind
from ..paths import RESOURCES, user_config_folder
from ..verdicts import local_settings
from .tables import Table, invalid, missing, overlay, read_tables, unknown_field

SHIPPED = RESOURCES / "providers.toml"
OWN_NAME = "providers.toml"


@dataclass(frozen=True, slots=True)
class Application:
    """An application (OAuth2 client) that is registered at a provider.

    `label` is the name that the sign-in page shows; it is empty if it is unknown.
    `confidential` means that the application has a secret which only its owner knows, so the user
    has to give it. An empty endpoint means that of the provider. An application with its own token
    endpoint doesn't use the provider's revocation endpoint. `shipped` says whether its client ID
    comes with the program.
    """

    name: str
    label: str
    client_id: str
    client_secret: str = field(repr=False)
    confidential: bool
    redirect_uri: str
    authorize_uri: str
    token_uri: str
    note: str
    revocation_uri: str = ""
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A mail provider.

    `{tenant}` in the endpoints is a placeholder; `tenant` is its default value. `revocation_uri`
    (RFC 7009) is empty if the provider has no such endpoint. `revocation_pages` are web pages where
    the user can end the access of an application.
    """

    name: str
    label: str
    flow: FlowKind
    authorize_uri: str
    token_uri: str
    tenant: str
    scopes: tuple[str, ...]
    refresh_repeats_scope: bool
    authorize_parameters: Mapping[str, str]
    imap_host: str
    imap_port: int
    imap_starttls: bool
    domains: tuple[str, ...]
    mx_suffixes: tuple[str, ...]
    default_application: str
    applications: Mapping[str, Application]
    revocation_uri: str = ""
    revocation_pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """All providers by name, and all mail filters.

    A mail filter is a service that receives a domain's mail in front of the mailbox, so the MX
    records hide the provider; `mail_filters` maps its label to its MX suffixes.
    """

    providers: Mapping[str, Provider]
    mail_filters: Mapping[str, tuple[str, ...]]

    def names(self) -> set[str]:
        """All names of providers and applications, which may be part of a token file's name."""
        applications = (name for p in self.providers.values() for name in p.applications)
        return {*self.providers, *applications}


# The parameters that msal's initiate_auth_code_flow accepts.
_MSAL_PARAMETERS = frozenset({"prompt", "domain_hint", "max_age"})
_APPLICATION_DEFAULTS: Table = {
    "label": "",
    "client_secret": "",
    "confidential": False,
    "redirect_uri": "http://localhost",
    "authorize_uri": "",
    "token_uri": "",
    "revocation_uri": "",
    "note": "",
}
_PROVIDER_DEFAULTS: Table = {
    "flow": FlowKind.PLAIN,
    "tenant": "",
    "refresh_repeats_scope": False,
    "authorize_parameters": {},
    "imap_port": IMAPS_PORT,
    "imap_starttls": False,
    "domains": (),
    "mx_suffixes": (),
}


def own_file(folder: Path | None = None) -> Path:
    """The path of the user's own providers.toml, which may not exist."""
    return (folder or user_config_folder()) / OWN_NAME


def load_catalog(own: Path | None = None) -> Catalog:
    """Load the shipped file, and the user's own file if it exists.

    Raises `AppError` if a file can't be read or a value in it is invalid.
    """
    tables = shipped = read_tables(SHIPPED)
    if own is not None and os.path.exists(own):
        tables = overlay(tables, read_tables(own))
    source = own if own is not None and os.path.exists(own) else SHIPPED
    clients = _client_ids(shipped)
    providers = {
        name: _provider(source, name, table, clients) for name, table in tables["providers"].items()
    }
    _refuse_shared_domains(source, providers.values())
    return Catalog(providers, tables["mail_filters"])


def _client_ids(tables: Table) -> frozenset[str]:
    providers = tables["providers"].values()
    return frozenset(a["client_id"] for p in providers for a in p["applications"].values())


def _provider(file: Path, name: str, table: Table, shipped: Collection[str]) -> Provider:
    where = f"providers.{name}"
    full = {"label": name, **_PROVIDER_DEFAULTS, **table}
    full.pop("dead_grant_errors", None)  # an old key: core.verdicts knows (docs/DECISIONS.md)
    for key in ("authorize_uri", "token_uri", "scopes", "imap_host"):
        if key not in full:
            raise missing(file, where, key)
    applications = {
        key: _application(file, f"{where}.applications.{key}", key, value, shipped)
        for key, value in full.pop("applications").items()
    }
    if not applications:
        raise missing(file, where, "applications")
    full.setdefault("default_application", next(iter(applications)))
    if full["default_application"] not in applications:
        rule = local_settings.MUST_NAME_APPLICATION
        raise invalid(file, where, "default_application", rule)
    if full["flow"] is FlowKind.MICROSOFT:
        unknown = full["authorize_parameters"].keys() - _MSAL_PARAMETERS
        if unknown:
            place = f"{where}.authorize_parameters"
            raise unknown_field(file, place, min(unknown), _MSAL_PARAMETERS)
    if "{tenant}" in full["authorize_uri"] + full["token_uri"] and not full["tenant"]:
        raise missing(file, where, "tenant")
    return Provider(name=name, applications=applications, **full)


def _application(
    file: Path, where: str, name: str, table: Table, shipped: Collection[str]
) -> Application:
    full = {**_APPLICATION_DEFAULTS, **table}
    if "client_id" not in full:
        raise missing(file, where, "client_id")
    return Application(name=name, shipped=full["client_id"] in shipped, **full)


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
