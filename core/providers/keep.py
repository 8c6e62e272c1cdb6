"""Keeps what a person gave by hand, once it worked, in their own providers.toml."""

import os
from pathlib import Path
from typing import Any

from ..errors import AppError
from ..model import FlowKind, Registration
from .registration import ByHand

_HEADER = "Your own providers and applications; laid field by field over those of oauth2_imap.\n"


def keep_by_hand(
    registration: Registration, by_hand: ByHand, *, own_file: Path, endpoints: bool
) -> bool:
    """Write the endpoints and the client given by hand under their names; whether anything was.

    The file is private to the user, and whatever else it holds stays as it is written.
    """
    import tomlkit

    if not (endpoints or by_hand.client_id or by_hand.client_secret):
        return False
    document = _read(own_file)
    providers = document.setdefault("providers", tomlkit.table(is_super_table=True))
    provider = providers.setdefault(registration.provider, tomlkit.table())
    if endpoints:
        provider.update(_provider_fields(registration))
    applications = provider.setdefault("applications", tomlkit.table(is_super_table=True))
    application = applications.setdefault(registration.application, tomlkit.table())
    application.update(_application_fields(registration, by_hand))
    _write(own_file, tomlkit.dumps(document))
    return True


def _provider_fields(registration: Registration) -> dict[str, Any]:
    microsoft = registration.flow is FlowKind.MICROSOFT
    fields: dict[str, Any] = {
        "flow": str(registration.flow),
        "authorize_uri": registration.authorize_uri,
        "token_uri": registration.token_uri,
        "scopes": list(registration.scopes),
        "refresh_repeats_scope": registration.refresh_repeats_scope,
        "dead_grant_errors": sorted(registration.dead_grant_errors),
        "imap_host": registration.imap_host,
        "imap_port": registration.imap_port,
    }
    return fields | ({"tenant": registration.tenant} if microsoft else {})


def _application_fields(registration: Registration, by_hand: ByHand) -> dict[str, str]:
    fields = {"client_id": registration.client_id, "redirect_uri": registration.redirect_uri}
    if by_hand.client_secret:
        fields["client_secret"] = by_hand.client_secret
    return fields


def _read(own_file: Path) -> Any:
    import tomlkit

    if own_file.exists():
        return tomlkit.parse(own_file.read_text("utf-8"))
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEADER.strip()))
    return document


def _write(own_file: Path, content: str) -> None:
    new = own_file.with_name(own_file.name + ".new")
    try:
        own_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.replace(new, own_file)
    except OSError as exc:
        raise AppError(
            f"{own_file} can't be written, so what you gave by hand isn't kept",
            said=exc.strerror or "",
            todo="Give it again next time, or mend the permissions of that folder.",
        ) from exc
