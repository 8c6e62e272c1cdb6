"""Sign-ins that wait for their responses, for tests that need no server."""

from dataclasses import replace

from core.model import FlowKind
from core.oauth.sign_in.authorization_response import PendingSignIn
from core.providers.catalog import load_catalog
from core.providers.overrides import Overrides
from core.providers.registration import resolve

STATE = "st-4te_OF-this-sign-in"
ADDRESS = "you@example.com"


def sign_in_at(provider: str, **changes: object) -> PendingSignIn:
    """A sign-in that waits; `changes` replace fields of its registration."""
    registration = resolve(load_catalog(), provider, "", Overrides())
    url = f"{registration.authorize_uri}?state={STATE}"
    return PendingSignIn(replace(registration, **changes), ADDRESS, url, STATE)  # type: ignore[arg-type]


AT_MICROSOFT = sign_in_at("office365")
AT_GOOGLE = sign_in_at("gmail")
ELSEWHERE = sign_in_at(
    "gmail",
    flow=FlowKind.PLAIN,
    label="Elsewhere",
    token_uri="https://elsewhere.example/token",
    shipped=False,
)
