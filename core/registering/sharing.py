"""A registration for colleagues: one file without the client secret, checked before it counts.

The file has the form of a providers.toml. It can only add one application: it changes no other one,
and says nothing about the addresses that belong to a provider.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..errors import as_error
from ..i18n.translation import N_, _
from ..net.network import LOOPBACK_HOSTS
from ..providers import values
from ..providers.by_hand import check_value
from ..providers.catalog import Catalog, load_catalog
from ..providers.fields import (
    APPLICATION_CHECKS,
    PROVIDER_CHECKS,
    ApplicationFields,
    Registration,
    Table,
    defaults_of,
)
from ..providers.overrides import Overrides
from ..providers.own_file import Entry, amended, write
from ..providers.registration import with_tenant
from ..providers.save_overrides import fields_beyond
from ..providers.tables import LABEL, read_tables
from ..providers.values import uri_host
from ..verdicts import local_registering

_HEADER = """\
# A registration for oauth2_imap, without its client secret. To use it, run:
# oauth2_imap register --import FILE

"""
# They stay with the owner: secrets, files of one computer, and whose addresses it is for.
_OF_OWNER = ("client_secret", "client_secret_entry", "certificate", "key_file", "default_for")
_OF_APPLICATION = APPLICATION_CHECKS.keys() - {*_OF_OWNER}
# What the user confirms: the fields with addresses, in words.
_ADDRESSES: Mapping[str, str] = {
    "authorize_uri": N_("sign-in page"),
    "token_uri": N_("token endpoint"),
    "device_authorization_uri": N_("device codes"),
    "revocation_uri": N_("revocation"),
}
_LAST_PAGE, _IMAP = N_("last page of the sign-in"), N_("IMAP server")


class Shared(NamedTuple):
    """A registration from a file; `hosts` are what each of its servers is for, and its host."""

    registration: Registration
    hosts: Mapping[str, str]


def own_registration(catalog: Catalog, name: str, provider: str = "") -> Registration:
    """The user's own application with this name; raises `UsageProblem` if there is not one."""
    found = [
        known.applications[name]
        for known in catalog.providers.values()
        if name in known.applications
        and not known.applications[name].shipped
        and provider in ("", known.name)
    ]
    if not found:
        raise as_error(local_registering.NOT_YOUR_OWN, name=name)
    if len(found) > 1:
        names = ", ".join(registration.provider for registration in found)
        raise as_error(local_registering.SEVERAL_HAVE_THE_NAME, name=name, known=names)
    return found[0]


def export(registration: Registration, file: Path) -> None:
    """Write the file for colleagues; raises `AppError` if it exists, or can't be written."""
    kept = {name: defaults_of(ApplicationFields)[name] for name in _OF_OWNER}
    public = replace(registration, **kept, confidential=has_secret(registration))
    content = amended(_HEADER, _entry(public, load_catalog()))
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(content)
    except FileExistsError as exc:
        raise as_error(local_registering.EXPORT_FILE_EXISTS, file=file) from exc
    except OSError as exc:
        raise as_error(
            local_registering.EXPORT_NOT_WRITTEN, detail=exc.strerror or "", file=file
        ) from exc


def has_secret(registration: Registration) -> bool:
    """Whether colleagues need its client secret too, which the file doesn't hold."""
    known = registration.client_secret or registration.client_secret_entry
    return registration.confidential or bool(known)


def read_shared(file: Path, catalog: Catalog, name: str = "") -> Shared:
    """The registration in a file; `name` is another name for it.

    Raises `AppError` if the file is not one that `export` could have written, or if the catalog
    has another application with this name.
    """
    provider, application = _names_in(file)
    registration = load_catalog(file).providers[provider].applications[application]
    known = catalog.providers.get(provider)
    if name:
        check_value("application", name, values.name)
    registration = replace(
        registration,
        application=name or application,
        label=known.label if known else registration.label,
    )
    if catalog.application(provider, registration.application) is not None:
        raise as_error(
            local_registering.NAME_IS_TAKEN, provider=provider, name=registration.application
        )
    return Shared(registration, _hosts_of(registration))


def save_shared(shared: Shared, catalog: Catalog, own_file: Path) -> None:
    """Add the registration to the user's own providers.toml."""
    write(_entry(shared.registration, catalog), own_file)


def _entry(registration: Registration, catalog: Catalog) -> Entry:
    """What the catalog lacks; the tenant is the application's, since it works in no other one."""
    provider = catalog.providers.get(registration.provider)
    resolved = with_tenant(registration, registration.tenant)
    of_provider, of_application = fields_beyond(resolved, Overrides(), catalog)
    if provider is not None and registration.tenant != provider.tenant:
        of_application["tenant"] = registration.tenant
    return Entry(resolved, of_provider, of_application)


def _names_in(file: Path) -> tuple[str, str]:
    """The names of the provider and of the application; nothing else may be in the file."""
    tables = read_tables(file)
    providers: dict[str, Table] = tables.pop("providers")
    if any(tables.values()) or len(providers) != 1:
        raise as_error(local_registering.NOT_ONE_REGISTRATION, file=file)
    (provider, table), *_rest = providers.items()
    applications = table.pop("applications")
    if len(applications) != 1:
        raise as_error(local_registering.NOT_ONE_REGISTRATION, file=file)
    (application, fields), *_rest = applications.items()
    foreign = {*(table.keys() - PROVIDER_CHECKS.keys()), *(fields.keys() - _OF_APPLICATION)}
    if foreign:
        keys = {field: key for key, field in LABEL.items()}
        field = min(foreign)
        raise as_error(
            local_registering.NOT_FOR_COLLEAGUES, file=file, field=keys.get(field, field)
        )
    return provider, application


def _hosts_of(registration: Registration) -> Mapping[str, str]:
    hosts = {
        _(words): uri_host(getattr(registration, field).replace("{tenant}", registration.tenant))
        for field, words in _ADDRESSES.items()
        if getattr(registration, field)
    }
    last = uri_host(registration.redirect_uri)
    elsewhere = {} if last in LOOPBACK_HOSTS else {_(_LAST_PAGE): last}
    return {**hosts, **elsewhere, _(_IMAP): registration.imap_host}
