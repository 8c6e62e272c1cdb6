"""Reads the tables of a providers.toml, and checks each value.

Every field is optional here, since the user's own file may hold single fields; `catalog` reports
missing ones. Error messages name the file, the table and the key.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..errors import AppError, as_error
from ..files import read_regular
from ..verdicts import local_settings
from . import values
from .fields import (
    APPLICATION_CHECKS,
    DETECTION_CHECKS,
    DISCOVERY_CHECKS,
    PROVIDER_CHECKS,
    WITHOUT_OAUTH_CHECKS,
    Check,
    Table,
)

_POSITION = re.compile(r"\(at (line \d+, column \d+|end of document)\)$")
_MAX_BYTES = 1 << 20  # bytes
# Ours have four parts. The plus signs let the pattern give nothing back: a megabyte of brackets
# would take minutes.
_DEEP_KEY = re.compile(rb"(?m)^[ \t]*+\[*+(?:[^\n.=#,]*+\.){50}")

# In an application's table, `label` is the name of the application.
LABEL = {"label": "application_label"}
# What a provider has beside its fields. `dead_grant_errors` is an old key without a meaning.
STRUCTURE: Mapping[str, Check] = {
    "extends": values.name,
    **DETECTION_CHECKS,
    "default_application": values.text,
    "dead_grant_errors": values.text_set,
}
_TABLES = ("providers", "mail_filters", "without_oauth", "discovery")
_OF_PROVIDER = {**PROVIDER_CHECKS, **STRUCTURE}
_OF_APPLICATION = {
    **{key: check for key, check in APPLICATION_CHECKS.items() if key not in LABEL.values()},
    **{key: APPLICATION_CHECKS[name] for key, name in LABEL.items()},
}


def read_tables(file: Path) -> Table:
    """Read one file; every value is checked and converted, and every field is optional.

    Raises `AppError` if the file can't be read or holds something invalid.
    """
    try:
        content = read_regular(file, limit=_MAX_BYTES + 1)
    except OSError as exc:
        raise as_error(
            local_settings.SETTINGS_UNREADABLE, detail=exc.strerror or "", file=file
        ) from exc
    if len(content) > _MAX_BYTES:
        raise as_error(local_settings.SETTINGS_TOO_LARGE, file=file)
    if _DEEP_KEY.search(content):  # tomllib would take seconds, or too much of the stack
        raise as_error(
            local_settings.SETTINGS_NOT_TOML, detail="a key has too many parts", file=file
        )
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))  # Notepad may write a BOM
    except (ValueError, RecursionError) as exc:  # TOMLDecodeError and UnicodeDecodeError
        # The parser's message may quote the line, which may hold a secret. So only the position is
        # shown.
        place = _POSITION.search(str(exc))
        raise as_error(
            local_settings.SETTINGS_NOT_TOML, detail=place[1] if place else "", file=file
        ) from exc
    return _checked_file(file, data)


def _checked_file(file: Path, data: Table) -> Table:
    unknown = data.keys() - set(_TABLES)
    if unknown:
        raise unknown_field(file, "", min(unknown), _TABLES)
    providers = {}
    for name, table in _tables(file, "providers", data.get("providers", {})):
        where = f"providers.{name}"
        _check_name(file, "providers", name)
        applications = _tables(file, f"{where}.applications", table.pop("applications", {}))
        providers[name] = _checked(file, where, table, _OF_PROVIDER)
        providers[name]["applications"] = {}
        for key, value in applications:
            _check_name(file, f"{where}.applications", key)
            checked = _checked(file, f"{where}.applications.{key}", value, _OF_APPLICATION)
            providers[name]["applications"][key] = {
                LABEL.get(field, field): content for field, content in checked.items()
            }
    filters = _checked(
        file, "mail_filters", data.get("mail_filters", {}), default_check=values.suffixes
    )
    without_oauth = {
        name: _checked(file, f"without_oauth.{name}", table, WITHOUT_OAUTH_CHECKS)
        for name, table in _tables(file, "without_oauth", data.get("without_oauth", {}))
    }
    discovery = _checked(file, "discovery", data.get("discovery", {}), DISCOVERY_CHECKS)
    return {
        "providers": providers,
        "mail_filters": filters,
        "without_oauth": without_oauth,
        "discovery": discovery,
    }


def _tables(file: Path, where: str, value: object) -> list[tuple[str, Table]]:
    if not isinstance(value, dict) or not all(isinstance(t, dict) for t in value.values()):
        raise invalid(file, where, "", local_settings.MUST_BE_TABLES)
    return list(value.items())


def _checked(
    file: Path,
    where: str,
    table: Table,
    checks: Mapping[str, Check] | None = None,
    default_check: Check | None = None,
) -> Table:
    if not isinstance(table, dict):
        raise invalid(file, where, "", local_settings.MUST_BE_TABLE)
    checked = {}
    for key, value in table.items():
        check = (checks or {}).get(key, default_check)
        if check is None:
            raise unknown_field(file, where, key, checks or ())
        try:
            checked[key] = check(value)
        except values.Invalid as exc:
            raise invalid(file, where, key, exc.rule) from exc
    return checked


def _check_name(file: Path, where: str, name: str) -> None:
    try:
        values.name(name)
    except values.Invalid as exc:
        raise invalid(file, where, name, exc.rule) from exc


def invalid(file: Path, where: str, key: str, rule: str) -> AppError:
    """An error that names the table and the key, but not the value, which may be a secret."""
    field = _field(where, key)
    return as_error(local_settings.SETTING_INVALID, file=file, field=field, rule=rule)


def missing(file: Path, where: str, key: str) -> AppError:
    """The error for a field that a table must have."""
    return as_error(local_settings.SETTING_MISSING, file=file, field=_field(where, key))


def unknown_field(file: Path, where: str, key: str, known: Iterable[str]) -> AppError:
    """The error for a field that is not one of those known there."""
    return as_error(
        local_settings.SETTING_UNKNOWN,
        file=file,
        field=_field(where, key),
        known=", ".join(sorted(known)),
    )


def _field(where: str, key: str) -> str:
    """A field as the user finds it in the file: its table, then its key."""
    return f"[{where}] {key}".strip() if where else key
