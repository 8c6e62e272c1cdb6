"""The answer of the device authorization endpoint (RFC 8628 section 3.2), checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...net.response import HttpResponse
from ...providers import values
from ..answer import json_object, read_answer, seconds
from ..token_response import TokenRequest, error_in

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
# Seconds. The interval is the RFC's, used where the answer names none.
_INTERVAL, _SHORTEST_INTERVAL = 5.0, 1.0
_LONGEST_LIFE = 30 * 60.0
_LONGEST_CODE = 40  # characters that a user can type
_LONGEST_PAGE = 500  # characters; a QR code with more is hard to scan


@dataclass(frozen=True, slots=True)
class DeviceAuthorization:
    """A device code, and what the user needs to allow it.

    `uri` is the page on which the user types the user code; `complete_uri` contains the code
    already, or equals `uri`. `life` and `interval` are seconds.
    """

    device_code: str = field(repr=False)
    user_code: str = field(repr=False)
    uri: str
    complete_uri: str = field(repr=False)
    life: float
    interval: float


def read_device_authorization(response: HttpResponse, request: TokenRequest) -> DeviceAuthorization:
    """What the endpoint has answered; raises the `AppError` that another answer means."""
    parameters = json_object(response.body)
    device_code, user_code = (_text(parameters, name) for name in ("device_code", "user_code"))
    # Some servers still use the name of an early draft.
    uri = _page(parameters, "verification_uri") or _page(parameters, "verification_url")
    if not (200 <= response.status < 300 and device_code and _can_be_typed(user_code) and uri):
        raise error_in(response, read_answer(response.body), request)
    life = seconds(parameters.get("expires_in")) or _LONGEST_LIFE
    interval = seconds(parameters.get("interval")) or _INTERVAL
    return DeviceAuthorization(
        device_code=device_code,
        user_code=user_code,
        uri=uri,
        complete_uri=_page(parameters, "verification_uri_complete") or uri,
        life=min(life, _LONGEST_LIFE),
        interval=max(interval, _SHORTEST_INTERVAL),
    )


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name)
    return value.strip() if isinstance(value, str) else ""


def _can_be_typed(code: str) -> bool:
    return 0 < len(code) <= _LONGEST_CODE and code.isascii() and code.isprintable()


def _page(parameters: Mapping[str, Any], name: str) -> str:
    """The https address of this name; empty if there is none that may be opened."""
    text = _text(parameters, name)
    try:
        return values.page(text) if len(text) <= _LONGEST_PAGE else ""
    except values.Invalid:
        return ""
