"""Checks and errors for token endpoint responses, shared by refresh and sign-in."""

import json
from typing import Any

from ..errors import Misconfigured, TryAgain
from ..model import Registration
from ..net.network import HttpResponse, quoted
from ..tokenfile.format import NotATokenFile, TokenFile, parse_token_file, serialize
from ..verdicts.verdict import Actor

# RFC 6749 section 4.1.2.1 names the first two; RFC 8628 section 3.5 the third.
_TRANSIENT_ERRORS = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
_TRANSIENT_STATUS = frozenset({408, 425, 429})
_MAX_LIFETIME = 10 * 365 * 86400  # seconds; a longer lifetime is an error of the server


def server_busy(response: HttpResponse, registration: Registration) -> TryAgain | None:
    """The error for a response of a server that is overloaded or failing; None otherwise."""
    error = str(json_object(response.body).get("error"))  # at Google it may be an object
    busy = response.status in _TRANSIENT_STATUS or response.status >= 500
    if not busy and error not in _TRANSIENT_ERRORS:
        return None
    wait = parse_lifetime(response.headers.get("retry-after")) or 0
    return TryAgain(
        f"{registration.label} is out of order or overloaded",
        detail=f"HTTP status {response.status}",
        hint=f"Try again in {wait:.0f} seconds." if wait else "Try again in a few minutes.",
        actor=Actor.PROVIDER,
        retry_after=wait,
    )


def server_failure(response: HttpResponse, registration: Registration) -> TryAgain | None:
    """The error for a response that shows a problem of the server; None otherwise."""
    busy = server_busy(response, registration)
    if busy is not None:
        return busy
    content = json_object(response.body)
    if "error" not in content and "access_token" not in content:
        return unexpected_response(response, registration)
    return None


def parse_lifetime(expires_in: object) -> float | None:
    """The lifetime of a token in seconds; None if the value is missing or not plausible."""
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | str):
        return None
    try:
        seconds = float(expires_in)
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds <= _MAX_LIFETIME else None


def rejection(registration: Registration, error: str, detail: str) -> Misconfigured:
    """The error for an OAuth2 error code that a new sign-in would not solve."""
    # Google sends invalid_request: client_secret is missing.
    asks_for_secret = error == "invalid_client" or "client_secret" in detail
    if asks_for_secret and not registration.client_secret:
        return Misconfigured(
            f"{registration.label} wants the secret of the application {registration.application}",
            detail=detail,
            hint="Its owner has it: give it with --client_secret, or choose another --application.",
        )
    return Misconfigured(
        f"{registration.label} refuses the application {registration.application}",
        detail=detail,
        hint="Check its client id, its secret and its permissions, or choose another with "
        "--application.",
        actor=Actor.ADMINISTRATOR,
    )


def fits_token_file(access: object, refresh: object) -> bool:
    """Whether a token file can hold these tokens; `refresh` is empty if there is none."""
    if not (isinstance(access, str) and access and isinstance(refresh, str)):
        return False
    try:
        read = parse_token_file(serialize(TokenFile(access, refresh), now=0))
    except NotATokenFile:
        return False
    return read is not None and (access, refresh) == (read.access, read.refresh)


def unexpected_response(response: HttpResponse, registration: Registration) -> TryAgain:
    """The error for a response that can't come from a token endpoint."""
    kind = quoted(response.headers.get("content-type", "no type"))[:60]
    return TryAgain(
        f"The answer to the token request is none that {registration.label} would give",
        detail=f"HTTP status {response.status}, {kind}",
        hint="A Wi-Fi sign-in page or a proxy may stand between: open a web page, then try again.",
    )


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; empty if the body holds none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
