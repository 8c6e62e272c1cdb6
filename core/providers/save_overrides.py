"""Saves the application that the user described, in their providers.toml, once it has worked."""

import contextlib
from dataclasses import dataclass, fields
from pathlib import Path

from .catalog import Catalog
from .fields import (
    PROVIDER_CHECKS,
    ApplicationFields,
    ProviderFields,
    Registration,
    Table,
    defaults_of,
)
from .merging import kept_below
from .overrides import Overrides
from .own_file import Entry, write
from .registration import with_tenant

# They belong to a single sign-in or to its token file, so they don't change a known application.
_OF_ONE_SIGN_IN = ("tenant", "redirect_uri", "exact_redirect")
# A provider may set these too, but for a new provider the user gave them for one application.
_OF_EACH_APPLICATION = ("redirect_uri", "note")
_DEFAULTS = defaults_of(ApplicationFields)


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved: the application's name, and whether another client secret was replaced."""

    application: str
    replaced_secret: bool


def save_overrides(
    registration: Registration, overrides: Overrides, *, catalog: Catalog, own_file: Path
) -> Saved | None:
    """Save what the catalog doesn't know of this registration; None if it knows everything.

    The file is private to the user, and the rest of it stays as it is. Raises `AppError` if the
    file can't be written or changed, or has another client ID under this name by now.
    """
    of_provider, of_application = fields_beyond(registration, overrides, catalog)
    if not (of_provider or of_application):
        if overrides.given:
            _make_private(own_file)
        return None
    write(Entry(registration, of_provider, of_application), own_file)
    known = catalog.application(registration.provider, registration.application)
    replaced = known is not None and "client_secret" in of_application and known.client_secret
    return Saved(registration.application, bool(replaced))


def fields_beyond(
    registration: Registration, overrides: Overrides, catalog: Catalog
) -> tuple[Table, Table]:
    """What the catalog doesn't know: fields of the provider's table, and of the application's."""
    provider = catalog.providers.get(registration.provider)
    known = catalog.application(registration.provider, registration.application)
    values = {field.name: getattr(registration, field.name) for field in fields(ApplicationFields)}
    del values["default_for"]  # what is given for one sign-in is nobody's default
    if _is_of_environment(registration, overrides):
        del values["client_secret"]
    if known is not None:
        changed = _changed(values, with_tenant(known, registration.tenant))
        return {}, {name: v for name, v in changed.items() if name not in _OF_ONE_SIGN_IN}
    if provider is not None:
        return {}, _changed(values, with_tenant(provider, registration.tenant))
    given = _changed(values, None)
    of_provider = given.keys() & PROVIDER_CHECKS.keys() - {*_OF_EACH_APPLICATION}
    return (
        {name: value for name, value in given.items() if name in of_provider},
        {name: value for name, value in given.items() if name not in of_provider},
    )


def _changed(values: Table, below: ProviderFields | None) -> Table:
    """The values that differ from those below, or from the defaults."""
    known = {name: getattr(below, name) for name in _DEFAULTS if hasattr(below, name)}
    moved = {"token_uri": ""} if known.get("token_uri") != values["token_uri"] else {}
    before = _DEFAULTS | kept_below(known, moved)
    return {name: value for name, value in values.items() if value != before[name]}


def _is_of_environment(registration: Registration, overrides: Overrides) -> bool:
    """Whether the client secret was read from the environment, so that it is never saved."""
    secret = overrides.secret_from_environment
    is_given = "client_secret" in overrides.given
    return not is_given and bool(secret) and secret == registration.client_secret


def _make_private(own_file: Path) -> None:
    """Let only the user read the file. Writing it would look like a change by the user."""
    with contextlib.suppress(OSError):
        own_file.chmod(0o600)
