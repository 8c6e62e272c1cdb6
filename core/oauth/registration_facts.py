"""What an error takes from the registration: facts that decide its meaning, and words for it."""

from typing import Any

from ..model import Registration
from ..providers.catalog import load_catalog


def facts_of(registration: Registration) -> dict[str, Any]:
    """The fields of a `Symptom` that the registration decides: flow, shipped and has_secret."""
    return {
        "flow": registration.flow.value,
        "shipped": registration.client_id in _shipped_client_ids(),
        "has_secret": bool(registration.client_secret),
    }


def parameters_of(registration: Registration, address: str = "") -> dict[str, Any]:
    """The values for the texts of a verdict, without those that are unknown; none is a secret.

    An application whose name isn't known is named by its client id.
    """
    values = {
        "provider": registration.label,
        "application": registration.application_label or registration.client_id,
        "client_id": registration.client_id,
        "tenant": registration.tenant,
        "authorize_uri": registration.authorize_uri,
        "redirect_uri": registration.redirect_uri,
        "scopes": " ".join(registration.scopes),
        "address": address,
    }
    return {name: value for name, value in values.items() if value}


def _shipped_client_ids() -> set[str]:
    providers = load_catalog().providers.values()
    return {app.client_id for provider in providers for app in provider.applications.values()}
