"""The tables of a providers.toml: reading, checking each value, and merging two files.

Every field is optional here, since the user's own file may hold single fields; `catalog` reports
missing ones. Error messages name the file, the table and the key.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import AppError, as_error
from ..verdicts import local_settings
from . import values

_POSITION = re.compile(r"\(at (line \d+, column \d+|end of document)\)$")
_MAX_BYTES = 1 << 20  # bytes

Table = dict[str, Any]
Check = Callable[[object], object]

_APPLICATION_KEYS: Mapping[str, Check] = {
    "label": values.non_empty_text,
    "client_id": values.non_empty_text,
    "client_secret": values.text,
    "confidential": values.boolean,
    "redirect_uri": values.redirect_uri,
    "authorize_uri": values.endpoint,
    "token_uri": values.endpoint,
    "revocation_uri": values.endpoint,
    "note": values.text,
}
_PROVIDER_KEYS: Mapping[str, Check] = {
    "label": values.non_empty_text,
    "flow": values.flow,
    "authorize_uri": values.endpoint,
    "token_uri": values.endpoint,
    "tenant": values.tenant,
    "scopes": values.scopes,
    "refresh_repeats_scope": values.boolean,
    "authorize_parameters": values.parameters,
    "dead_grant_errors": values.text_set,
    "imap_host": values.host,
    "imap_port": values.port,
    "imap_starttls": values.boolean,
    "domains": values.hosts,
    "mx_suffixes": values.suffixes,
    "default_application": values.text,
    "revocation_uri": values.endpoint,
    "revocation_pages": values.pages,
}
# These belong to the token endpoint, so they are dropped if the user's file changes that.
_REVOCATION = ("revocation_uri", "revocation_pages")


def overlay(below: Table, above: Table) -> Table:
    """Merge two files: each field of `above` replaces the same field of `below`.

    If `above` changes a token endpoint, the secrets and the revocation addresses in `below` are
    dropped: a secret is sent only to the endpoint that the same file names, and tokens are revoked
    only at the server that issued them.
    """
    merged = {**below, "mail_filters": {**below["mail_filters"], **above["mail_filters"]}}
    merged["providers"] = dict(below["providers"])
    for name, table in above["providers"].items():
        lower = below["providers"].get(name, {"applications": {}})
        moved = "token_uri" in table
        applications = {
            key: _drop_secret(value) if moved else value
            for key, value in lower["applications"].items()
        }
        if moved:
            lower = {key: value for key, value in lower.items() if key not in _REVOCATION}
        for key, value in table["applications"].items():
            beneath = applications.get(key, {})
            if "token_uri" in value:
                beneath = _drop_secret(beneath)
            if value.get("client_id", beneath.get("client_id")) != beneath.get("client_id"):
                beneath = {}  # another client ID is another application with the same name
            applications[key] = {**beneath, **value}
        merged["providers"][name] = {**lower, **table, "applications": applications}
    return merged


def _drop_secret(table: Table) -> Table:
    return {
        key: value
        for key, value in table.items()
        if key not in ("client_secret", "authorize_uri", "token_uri", "revocation_uri")
    }


def read_tables(file: Path) -> Table:
    """Read one file; every value is checked and converted, and every field is optional.

    Raises `AppError` if the file can't be read or holds something invalid.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except OSError as exc:
        raise as_error(
            local_settings.SETTINGS_UNREADABLE, detail=exc.strerror or "", file=file
        ) from exc
    if len(content) > _MAX_BYTES:
        raise as_error(local_settings.SETTINGS_TOO_LARGE, file=file)
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
    unknown = data.keys() - {"providers", "mail_filters"}
    if unknown:
        raise unknown_field(file, "", min(unknown), ("providers", "mail_filters"))
    providers = {}
    for name, table in _tables(file, "providers", data.get("providers", {})):
        where = f"providers.{name}"
        _check_name(file, "providers", name)
        applications = _tables(file, f"{where}.applications", table.pop("applications", {}))
        providers[name] = _checked(file, where, table, _PROVIDER_KEYS)
        providers[name]["applications"] = {}
        for key, value in applications:
            _check_name(file, f"{where}.applications", key)
            providers[name]["applications"][key] = _checked(
                file, f"{where}.applications.{key}", value, _APPLICATION_KEYS
            )
    filters = _checked(
        file, "mail_filters", data.get("mail_filters", {}), default_check=values.suffixes
    )
    return {"providers": providers, "mail_filters": filters}


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
