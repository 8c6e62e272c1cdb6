"""The one form post that renews a token (RFC 6749 section 6), and its answers as data.

It is the same at every provider, so neither msal nor google-auth is loaded for it: that makes a
refresh quick, and msal would add scopes, ask discovery first and replay errors from its cache.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any

from .errors import AppError, TryAgain, Who
from .model import Registration, Tokens
from .network import HttpAnswer, Network, quoted
from .tokenfile.format import NotATokenFile, TokenFile, parse, serialize

log = logging.getLogger(__name__)

# RFC 6749 section 4.1.2.1 names the first two; RFC 8628 section 3.5 the third.
_TRANSIENT_ERRORS = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
_TRANSIENT_STATUS = frozenset({408, 425, 429})
_LONGEST_LIFE = 10 * 365 * 86400  # seconds; beyond it an expiry is nonsense


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new access token, and a new refresh token where the provider rotates them."""

    tokens: Tokens


@dataclass(frozen=True, slots=True)
class DeadGrant:
    """Only a new sign-in helps."""

    said: str


@dataclass(frozen=True, slots=True)
class Transient:
    """Time may heal it; the refresh token is as good as before."""

    error: TryAgain


@dataclass(frozen=True, slots=True)
class Rejected:
    """The request itself is wrong, so a new sign-in would fail the same way."""

    error: AppError


RefreshAnswer = Fresh | DeadGrant | Transient | Rejected


def ask(
    registration: Registration, refresh_token: str, *, network: Network, now: float
) -> RefreshAnswer:
    """Send the refresh token to its provider; whatever comes back is one of four answers."""
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": registration.client_id,
    }
    if registration.client_secret:  # an empty one makes Microsoft refuse a public client
        fields["client_secret"] = registration.client_secret
    if registration.refresh_repeats_scope:
        fields["scope"] = " ".join(registration.scopes)
    from .http import post_form  # 50 ms that a refresh which isn't needed doesn't pay

    try:
        answer = post_form(registration.token_uri, fields, network)
    except TryAgain as exc:
        return Transient(exc)
    return interpret(answer, registration, refresh_token, now)


def interpret(
    answer: HttpAnswer, registration: Registration, refresh_token: str, now: float
) -> RefreshAnswer:
    """What an answer of the token endpoint means."""
    content = _json_object(answer.body)
    error = content.get("error")
    trouble = server_trouble(answer, registration)
    if trouble is not None:
        return Transient(trouble)
    if isinstance(error, str) and error:
        description = content.get("error_description", "")
        secrets = (refresh_token, registration.client_secret)
        said = quoted(f"{error}: {description}" if description else error, *secrets)
        log.debug("%s answered %s %s", registration.label, answer.status, said[:40])
        if error in registration.dead_grant_errors:
            return DeadGrant(said)
        return Rejected(rejection(registration, error, said))
    if answer.status == 200 and "access_token" in content:
        return _fresh(content, registration, now)
    return Transient(_nonsense(answer, registration))


def overload(answer: HttpAnswer, registration: Registration) -> TryAgain | None:
    """What an answer says where the server can't do its work now; None where nothing."""
    error = str(_json_object(answer.body).get("error"))  # Google's may be an object
    busy = answer.status in _TRANSIENT_STATUS or answer.status >= 500
    if not busy and error not in _TRANSIENT_ERRORS:
        return None
    wait = lifetime(answer.headers.get("retry-after")) or 0
    return TryAgain(
        f"{registration.label} is out of order or overloaded",
        said=f"HTTP status {answer.status}",
        todo=f"Try again in {wait:.0f} seconds." if wait else "Try again in a few minutes.",
        who=Who.PROVIDER,
        retry_after=wait,
    )


def server_trouble(answer: HttpAnswer, registration: Registration) -> TryAgain | None:
    """What an answer says of the server itself rather than of the grant; None where nothing."""
    busy = overload(answer, registration)
    if busy is not None:
        return busy
    content = _json_object(answer.body)
    if "error" not in content and "access_token" not in content:
        return _nonsense(answer, registration)
    return None


def lifetime(expires_in: object) -> float | None:
    """The seconds an access token lives, where the answer says so in a sane way."""
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | str):
        return None
    try:
        seconds = float(expires_in)
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds <= _LONGEST_LIFE else None


def rejection(registration: Registration, error: str, said: str) -> AppError:
    """An OAuth2 error that a new sign-in would not heal, and what would."""
    if error == "invalid_client" and not registration.client_secret:
        return AppError(
            f"{registration.label} wants the secret of the application {registration.application}",
            said=said,
            todo="Its owner has it: give it with --client_secret, or choose another --application.",
        )
    return AppError(
        f"{registration.label} refuses the application {registration.application}",
        said=said,
        todo="Check its client id, its secret and its permissions, or choose another with "
        "--application.",
        who=Who.ADMINISTRATOR,
    )


def _fresh(content: dict[str, Any], registration: Registration, now: float) -> RefreshAnswer:
    access, refresh = content["access_token"], content.get("refresh_token") or ""
    if not fits_the_file(access, refresh):
        return Transient(
            TryAgain(
                f"{registration.label} sent a token that can't be one",
                todo="Try again later.",
                who=Who.PROVIDER,
            )
        )
    life = lifetime(content.get("expires_in"))
    return Fresh(Tokens(access, refresh, now, now + life if life else None))


def fits_the_file(access: object, refresh: object) -> bool:
    """Whether a token file of this pair reads back; `refresh` is empty where there is none."""
    if not (isinstance(access, str) and access and isinstance(refresh, str)):
        return False
    try:
        read = parse(serialize(TokenFile(access, refresh), now=0))
    except NotATokenFile:
        return False
    return read is not None and (access, refresh) == (read.access, read.refresh)


def _nonsense(answer: HttpAnswer, registration: Registration) -> TryAgain:
    kind = quoted(answer.headers.get("content-type", "no type"))[:60]
    return TryAgain(
        f"The answer to the token request is none that {registration.label} would give",
        said=f"HTTP status {answer.status}, {kind}",
        todo="A Wi-Fi sign-in page or a proxy may stand between: open a web page, then try again.",
    )


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
