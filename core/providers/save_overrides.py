"""Saves the user's own endpoints and client ID in their providers.toml, once they have worked."""

import contextlib
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import as_error
from ..files import make_private_folder, replace_private
from ..model import FlowKind, Registration
from ..verdicts import local_settings
from .registration import Overrides

Fields = dict[str, Any]

_HEADER = "# Your own providers and applications. Their fields replace those of oauth2_imap.\n\n"


_one_at_a_time = threading.Lock()  # several mailboxes may be refreshed at once


def save_overrides(
    registration: Registration, overrides: Overrides, *, own_file: Path, endpoints: bool
) -> bool:
    """Write the client that the user gave, and with `endpoints` the provider's data as well.

    Returns whether the user gave anything to write. The file is private to the user, and the rest
    of it stays as it is. Raises `AppError` if the file can't be written or changed.
    """
    if not (endpoints or overrides.client_id or overrides.client_secret):
        return False
    provider_fields = _provider_fields(registration) if endpoints else {}
    fields = _application_fields(registration, overrides)
    with _one_at_a_time:
        _save(own_file, registration, provider_fields, fields)
    return True


def _save(
    own_file: Path, registration: Registration, provider_fields: Fields, fields: Fields
) -> None:
    try:
        text = _read(own_file)
        content = _amended(text, registration, provider_fields, fields)
    except (ValueError, TypeError) as exc:
        table = f"[providers.{registration.provider}.applications.{registration.application}]"
        raise as_error(local_settings.SETTINGS_NOT_EXTENSIBLE, file=own_file, table=table) from exc
    if content != text or not own_file.exists():
        _write(own_file, content)
        return
    # It is not written again: a running keeper takes a new file time for a change by the user.
    with contextlib.suppress(OSError):
        own_file.chmod(0o600)


def _amended(
    text: str, registration: Registration, provider_fields: Fields, application_fields: Fields
) -> str:
    """The text with the fields in it; raises `ValueError` if the result is wrong.

    tomlkit spoils inline tables and dotted keys below a header, so the result is read back.
    """
    import tomlkit

    def amend(document: Any, new_table: Callable[[bool], Any]) -> None:
        providers = document.setdefault("providers", new_table(True))
        provider = providers.setdefault(registration.provider, new_table(False))
        _update(provider, provider_fields)
        applications = provider.setdefault("applications", new_table(True))
        application = applications.setdefault(registration.application, new_table(False))
        _update(application, application_fields)

    document, expected = tomlkit.parse(text), tomllib.loads(text)
    amend(document, tomlkit.table)
    amend(expected, lambda _: {})
    content = tomlkit.dumps(document)
    if tomllib.loads(content) != expected:
        raise ValueError("the result reads otherwise")
    return content


def _update(table: Any, fields: Fields) -> None:
    """Change only the values that differ: the rest stays as the user wrote it."""
    for key, value in fields.items():
        if table.get(key) != value:
            table[key] = value


def _provider_fields(registration: Registration) -> Fields:
    microsoft = registration.flow is FlowKind.MICROSOFT
    fields: Fields = {
        "label": registration.label,
        "flow": str(registration.flow),
        "authorize_uri": registration.authorize_uri,
        "token_uri": registration.token_uri,
        "scopes": list(registration.scopes),
        "refresh_repeats_scope": registration.refresh_repeats_scope,
        "imap_host": registration.imap_host,
        "imap_port": registration.imap_port,
    }
    return fields | ({"tenant": registration.tenant} if microsoft else {})


def _application_fields(registration: Registration, overrides: Overrides) -> Fields:
    fields: Fields = {
        "client_id": registration.client_id,
        "redirect_uri": registration.redirect_uri,
    }
    if registration.application_label:
        fields["label"] = registration.application_label
    if overrides.client_secret:
        fields["client_secret"] = overrides.client_secret
    elif registration.client_secret and overrides.secret_from_environment:
        fields["confidential"] = True  # so that later runs read the environment too
    return fields


def _read(own_file: Path) -> str:
    if not own_file.exists():
        return _HEADER
    # Read as bytes to keep the line ends. Notepad may write a BOM.
    return own_file.read_bytes().decode("utf-8-sig")


def _write(own_file: Path, content: str) -> None:
    try:
        make_private_folder(own_file.parent)
        replace_private(own_file, content.encode("utf-8"))
    except OSError as exc:
        raise as_error(
            local_settings.SETTINGS_NOT_WRITTEN, detail=exc.strerror or "", file=own_file
        ) from exc
