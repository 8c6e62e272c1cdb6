"""The providers and their applications as frozen data.

The shipped `resources/providers.toml` comes first, the user's own `providers.toml` is laid over it
field by field.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..model import IMAPS_PORT, FlowKind
from ..paths import RESOURCES, user_config_folder
from .tables import Table, invalid, overlay, read_tables

SHIPPED = RESOURCES / "providers.toml"
OWN_NAME = "providers.toml"


@dataclass(frozen=True, slots=True)
class Application:
    """A client registered at a provider.

    `confidential`: the registration has a secret that its owner keeps, so it must be given.
    The endpoints are empty where the provider's hold; one that has its own token endpoint has its
    own revocation endpoint, or none.
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


@dataclass(frozen=True, slots=True)
class Provider:
    """A mail provider; `{tenant}` in the endpoints stands for `tenant`, the default one.

    `revocation_uri` is empty where it has no such endpoint (RFC 7009); `revocation_pages` are for a
    person who ends a grant by hand.
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
    dead_grant_errors: frozenset[str]
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
    """All providers by name, and the mail filters (label to MX suffixes) that hide one."""

    providers: Mapping[str, Provider]
    mail_filters: Mapping[str, tuple[str, ...]]

    def names(self) -> set[str]:
        """All names of providers and applications: what may stand in a token file's name."""
        applications = (name for p in self.providers.values() for name in p.applications)
        return {*self.providers, *applications}


# What msal's initiate_auth_code_flow takes.
_MSAL_PARAMETERS = frozenset({"prompt", "domain_hint", "max_age"})
_APPLICATION_DEFAULTS: Table = {
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
    "dead_grant_errors": frozenset({"invalid_grant"}),
    "imap_port": IMAPS_PORT,
    "imap_starttls": False,
    "domains": (),
    "mx_suffixes": (),
}


def own_file(folder: Path | None = None) -> Path:
    """The user's own providers.toml, whether it is there or not."""
    return (folder or user_config_folder()) / OWN_NAME


def load_catalog(own: Path | None = None) -> Catalog:
    """Read the shipped file and lay the user's own over it, if there is one."""
    tables = read_tables(SHIPPED)
    if own is not None and os.path.exists(own):
        tables = overlay(tables, read_tables(own))
    source = own if own is not None and os.path.exists(own) else SHIPPED
    providers = {name: _provider(source, name, t) for name, t in tables["providers"].items()}
    _refuse_shared_domains(source, providers.values())
    return Catalog(providers, tables["mail_filters"])


def _provider(file: Path, name: str, table: Table) -> Provider:
    where = f"providers.{name}"
    full = {"label": name, **_PROVIDER_DEFAULTS, **table}
    for key in ("authorize_uri", "token_uri", "scopes", "imap_host"):
        if key not in full:
            raise invalid(file, where, key, "is missing")
    applications = {
        key: _application(file, f"{where}.applications.{key}", key, value)
        for key, value in full.pop("applications").items()
    }
    if not applications:
        raise invalid(file, where, "applications", "is missing: at least one is needed")
    full.setdefault("default_application", next(iter(applications)))
    if full["default_application"] not in applications:
        raise invalid(file, where, "default_application", "names no application of this provider")
    if (
        full["flow"] is FlowKind.MICROSOFT
        and not full["authorize_parameters"].keys() <= _MSAL_PARAMETERS
    ):
        what = "can only hold, for msal: " + ", ".join(sorted(_MSAL_PARAMETERS))
        raise invalid(file, where, "authorize_parameters", what)
    if "{tenant}" in full["authorize_uri"] + full["token_uri"] and not full["tenant"]:
        raise invalid(file, where, "tenant", "is missing, since the endpoints name {tenant}")
    return Provider(name=name, applications=applications, **full)


def _application(file: Path, where: str, name: str, table: Table) -> Application:
    full = {"label": name, **_APPLICATION_DEFAULTS, **table}
    if "client_id" not in full:
        raise invalid(file, where, "client_id", "is missing")
    return Application(name=name, **full)


def _refuse_shared_domains(file: Path, providers: Iterable[Provider]) -> None:
    owner: dict[str, str] = {}
    for provider in providers:
        for domain in provider.domains:
            if owner.setdefault(domain, provider.name) != provider.name:
                where = f"providers.{provider.name}"
                what = f"claims {domain}, which is {owner[domain]}'s already"
                raise invalid(file, where, "domains", what)
