"""Saves the application that the user described, in their providers.toml, once it has worked."""

import contextlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ..cancel import Cancellation
from ..errors import as_error
from ..files import make_private_folder, replace_private
from ..tokenfile.lock import LockTimeout, locked
from ..verdicts import local_settings
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
from .registration import with_tenant
from .tables import LABEL

_HEADER = "# Your own providers and applications. Their fields replace those of oauth2_imap.\n\n"
_LOCK_TIMEOUT = 10.0  # seconds; whoever holds the lock only writes one small file
_KEYS = {name: key for key, name in LABEL.items()}
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
    of_provider, of_application = _fields(registration, overrides, catalog)
    if not (of_provider or of_application):
        if overrides.given:
            _make_private(own_file)
        return None
    try:
        make_private_folder(own_file.parent)
        with locked(own_file, timeout=_LOCK_TIMEOUT, cancelled=Cancellation()):
            _save(own_file, registration, of_provider, of_application)
    except (OSError, LockTimeout) as exc:
        detail = getattr(exc, "strerror", "") or ""
        raise as_error(local_settings.SETTINGS_NOT_WRITTEN, detail=detail, file=own_file) from exc
    known = catalog.application(registration.provider, registration.application)
    replaced = known is not None and "client_secret" in of_application and known.client_secret
    return Saved(registration.application, bool(replaced))


def _fields(
    registration: Registration, overrides: Overrides, catalog: Catalog
) -> tuple[Table, Table]:
    """The fields to save in the provider's table, and those in the application's."""
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
    return "client_secret" not in overrides.given and secret == registration.client_secret


def _save(
    own_file: Path, registration: Registration, of_provider: Table, of_application: Table
) -> None:
    text = _read(own_file)
    try:
        content = _amended(text, registration, of_provider, of_application)
    except (ValueError, TypeError) as exc:
        table = f"[providers.{registration.provider}.applications.{registration.application}]"
        raise as_error(local_settings.SETTINGS_NOT_EXTENSIBLE, file=own_file, table=table) from exc
    replace_private(own_file, content.encode("utf-8"))


def _amended(
    text: str, registration: Registration, of_provider: Table, of_application: Table
) -> str:
    """The text with the fields in it; raises `ValueError` if the result is wrong.

    tomlkit spoils inline tables and dotted keys below a header, so the result is read back.
    """
    import tomlkit

    def amend(document: Any, new_table: Callable[[bool], Any]) -> None:
        providers = document.setdefault("providers", new_table(True))
        provider = providers.setdefault(registration.provider, new_table(False))
        _update(provider, of_provider)
        applications = provider.setdefault("applications", new_table(True))
        application = applications.setdefault(registration.application, new_table(False))
        # Another program may have saved an application under this name a moment ago.
        if application.get("client_id", registration.client_id) != registration.client_id:
            raise as_error(
                local_settings.APPLICATION_NAME_TAKEN,
                provider=registration.provider,
                application=registration.application,
            )
        _update(application, of_application)

    document, expected = tomlkit.parse(text), tomllib.loads(text)
    amend(document, tomlkit.table)
    amend(expected, lambda _: {})
    content = tomlkit.dumps(document)
    if tomllib.loads(content) != expected:
        raise ValueError("the result reads otherwise")
    return content


def _update(table: Any, values: Table) -> None:
    for name, value in values.items():
        table[_KEYS.get(name, name)] = _written(value)


def _written(value: object) -> object:
    """A value in the types of TOML."""
    match value:
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case str():
            return str(value)  # not a StrEnum
        case _:
            return value


def _read(own_file: Path) -> str:
    if not own_file.exists():
        return _HEADER
    # Read as bytes to keep the line ends. Notepad may write a BOM.
    try:
        return own_file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise as_error(local_settings.SETTINGS_NOT_TOML, file=own_file) from exc


def _make_private(own_file: Path) -> None:
    """Let only the user read the file. Writing it would look like a change by the user."""
    with contextlib.suppress(OSError):
        own_file.chmod(0o600)
