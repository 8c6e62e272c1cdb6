"""Writes an application into a providers.toml, and leaves the rest of the file as it is."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..cancel import Cancellation
from ..errors import as_error
from ..files import make_private_folder, replace_private
from ..tokenfile.lock import LockTimeout, locked
from ..verdicts import local_settings
from .fields import Registration, Table
from .tables import LABEL

_HEADER = "# Your own providers and applications. Their fields replace those of oauth2_imap.\n\n"
_LOCK_TIMEOUT = 10.0  # seconds; whoever holds the lock only writes one small file
_KEYS = {name: key for key, name in LABEL.items()}


class Entry(NamedTuple):
    """The fields of an application to write: those of its provider's table, and those of its own.

    `registration` names the two tables.
    """

    registration: Registration
    of_provider: Table
    of_application: Table


def write(entry: Entry, own_file: Path) -> None:
    """Write the fields into the file, which stays private to the user.

    Raises `AppError` if the file can't be written or changed, or has another client ID under this
    name by now.
    """
    try:
        make_private_folder(own_file.parent)
        with locked(own_file, timeout=_LOCK_TIMEOUT, cancelled=Cancellation()):
            _replace(entry, own_file)
    except (OSError, LockTimeout) as exc:
        detail = getattr(exc, "strerror", "") or ""
        raise as_error(local_settings.SETTINGS_NOT_WRITTEN, detail=detail, file=own_file) from exc


def _replace(entry: Entry, own_file: Path) -> None:
    text = _read(own_file)
    try:
        content = amended(text, entry)
    except (ValueError, TypeError) as exc:
        named = entry.registration
        table = f"[providers.{named.provider}.applications.{named.application}]"
        raise as_error(local_settings.SETTINGS_NOT_EXTENSIBLE, file=own_file, table=table) from exc
    replace_private(own_file, content.encode("utf-8"))


def amended(text: str, entry: Entry) -> str:
    """The text with the fields in it; raises `ValueError` if the result is wrong.

    tomlkit spoils inline tables and dotted keys below a header, so the result is read back.
    """
    import tomlkit

    registration = entry.registration

    def amend(document: Any, new_table: Callable[[bool], Any]) -> None:
        providers = document.setdefault("providers", new_table(True))
        provider = providers.setdefault(registration.provider, new_table(False))
        _update(provider, entry.of_provider)
        applications = provider.setdefault("applications", new_table(True))
        application = applications.setdefault(registration.application, new_table(False))
        # Another program may have saved an application under this name a moment ago.
        if application.get("client_id", registration.client_id) != registration.client_id:
            raise as_error(
                local_settings.APPLICATION_NAME_TAKEN,
                provider=registration.provider,
                application=registration.application,
            )
        _update(application, entry.of_application)

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
