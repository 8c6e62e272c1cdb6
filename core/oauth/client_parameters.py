"""What a request to a token endpoint says of the application, and of the server for its tokens."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from ..model import ClientAuthentication

if TYPE_CHECKING:
    from ..providers.fields import Registration


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application's client ID and its secret: fields of the form, or a header."""

    fields: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TokenForm:
    """What is sent to the token endpoint.

    `secrets` are those of the values, beside the client secret, that no message may repeat.
    """

    fields: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def credentials_of(registration: "Registration") -> Credentials:
    """The credentials, in the way that the provider wants them (RFC 6749 section 2.3.1).

    A public client only names itself. Microsoft refuses one that sends an empty secret.
    """
    client_id, secret = registration.client_id, registration.client_secret
    if not secret:
        return Credentials({"client_id": client_id})
    if registration.client_authentication is ClientAuthentication.BASIC:
        # Both are encoded as in a form first, so that a colon in the client ID does no harm.
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
        encoded = base64.b64encode(pair.encode("ascii")).decode("ascii")
        return Credentials({}, {"Authorization": f"Basic {encoded}"})
    return Credentials({"client_id": client_id, "client_secret": secret})


def resource_of(registration: "Registration") -> dict[str, str]:
    """The parameter that names the server for the tokens (RFC 8707); empty if none is wanted."""
    return {"resource": registration.resource} if registration.resource else {}
