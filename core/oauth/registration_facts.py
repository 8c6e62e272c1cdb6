"""What an error takes from the registration: facts that decide its meaning, and words for it."""

from typing import Any

from ..model import FlowKind
from ..providers.fields import Registration
from ..providers.values import uri_host

_GOOGLE_HOSTS = (".google.com", ".googleapis.com")


def facts_of(registration: Registration) -> dict[str, Any]:
    """The fields of a `Symptom` that the registration decides: flow, shipped and has_secret."""
    return {
        "flow": _flow(registration).value,
        "shipped": registration.shipped,
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
        "host": uri_host(registration.token_uri),
        "address": address,
        "delegation_page": _delegation_page(registration),
    }
    return {name: value for name, value in values.items() if value}


def _delegation_page(registration: Registration) -> str:
    """Where an administrator allows a service account; empty for any other application."""
    if not registration.key_file:
        return ""
    from .service_account import delegation_page

    return delegation_page(registration)


def _flow(registration: Registration) -> FlowKind:
    """Whose errors these are; Google's endpoints may also be given by hand."""
    at_google = f".{uri_host(registration.token_uri)}".endswith(_GOOGLE_HOSTS)
    return FlowKind.GOOGLE if at_google else registration.flow
