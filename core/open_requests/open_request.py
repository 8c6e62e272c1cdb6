"""A request to the owner of a mailbox, who signs in elsewhere and sends the answer back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..oauth.sign_in.begun_sign_in import BegunSignIn

LIFE = 24 * 3600.0  # seconds in which the answer is taken
_TIMES = ("made_at", "ends_at")  # the fields that are no text


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What can be shown of a request. The path of the token file identifies it.

    `sign_in_as` is the account that should sign in: the owner's. `store_entry` names the entry of
    the system's secret store that holds the secret part; it is empty if the file holds it.
    """

    address: str
    token_file: str
    sign_in_as: str
    provider_label: str
    application_label: str
    redirect_uri: str
    made_at: float
    ends_at: float
    store_entry: str = ""


@dataclass(frozen=True, slots=True)
class SecretPart:
    """What finishes a request. Whoever has it and the answer has the tokens.

    `flow` is the `FlowKind` of the library that began it. `client_id` and `endpoints` say which
    registration the link belongs to. `asked` are the fields of the request for a token, as JSON has
    them.
    """

    begun: BegunSignIn = field(repr=False)
    flow: str
    client_id: str
    endpoints: tuple[str, ...]
    asked: Mapping[str, Any] = field(repr=False)


def request_to_json(request: OpenRequest, secret: str) -> bytes:
    """The file of a request; `secret` is its secret part, or empty."""
    return json.dumps({**asdict(request), "secret": secret}).encode()


def request_from_json(content: bytes) -> tuple[OpenRequest, str]:
    """The request in a file, and its secret part; raises ValueError if it is not one of ours."""
    try:
        fields = json.loads(content)
        secret = fields.pop("secret")
        request = OpenRequest(**fields)
    except (AttributeError, KeyError, TypeError, RecursionError) as exc:
        raise ValueError("not the file of a request") from exc
    kinds = ((value, float if name in _TIMES else str) for name, value in fields.items())
    if not all(isinstance(value, kind) for value, kind in kinds):
        raise ValueError("not the file of a request")
    return request, secret


def secret_to_json(secret: SecretPart) -> str:
    """A secret part as text."""
    return json.dumps(asdict(secret))


def secret_from_json(text: str) -> SecretPart:
    """The secret part in a text; raises ValueError if it is not one of ours."""
    try:
        fields = json.loads(text)
        begun = BegunSignIn(**fields.pop("begun"))
        endpoints = tuple(fields.pop("endpoints"))
        return SecretPart(begun=begun, endpoints=endpoints, **fields)
    except (AttributeError, KeyError, TypeError, RecursionError) as exc:
        raise ValueError("not the secret part of a request") from exc
