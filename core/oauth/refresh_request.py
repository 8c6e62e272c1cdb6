"""The one form post that renews a token (RFC 6749 section 6), and its answers as data.

It is the same at every provider, so neither msal nor google-auth is loaded for it: that makes a
refresh quick, and msal would add scopes, ask discovery first and replay errors from its cache.
"""

import logging
from dataclasses import dataclass
from typing import Any

from ..errors import Actor, AppError, TryAgain
from ..model import Registration, Tokens
from ..net.network import HttpResponse, Network, quoted
from .token_response import (
    fits_token_file,
    json_object,
    parse_lifetime,
    rejection,
    server_failure,
    unexpected_response,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new access token, and a new refresh token where the provider rotates them."""

    tokens: Tokens


@dataclass(frozen=True, slots=True)
class DeadGrant:
    """Only a new sign-in helps."""

    detail: str


@dataclass(frozen=True, slots=True)
class Transient:
    """Time may heal it; the refresh token is as good as before."""

    error: TryAgain


@dataclass(frozen=True, slots=True)
class Rejected:
    """The request itself is wrong, so a new sign-in would fail the same way."""

    error: AppError


RefreshResult = Fresh | DeadGrant | Transient | Rejected


def post_refresh_request(
    registration: Registration, refresh_token: str, *, network: Network, now: float
) -> RefreshResult:
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
    from ..net.http import post_form  # 50 ms that a refresh which isn't needed doesn't pay

    try:
        response = post_form(registration.token_uri, fields, network)
    except TryAgain as exc:
        return Transient(exc)
    return read_refresh_response(response, registration, refresh_token, now)


def read_refresh_response(
    response: HttpResponse, registration: Registration, refresh_token: str, now: float
) -> RefreshResult:
    """What an answer of the token endpoint means."""
    content = json_object(response.body)
    error = content.get("error")
    trouble = server_failure(response, registration)
    if trouble is not None:
        return Transient(trouble)
    if isinstance(error, str) and error:
        description = content.get("error_description", "")
        secrets = (refresh_token, registration.client_secret)
        detail = quoted(f"{error}: {description}" if description else error, *secrets)
        log.debug("%s answered %s %s", registration.label, response.status, detail[:40])
        if error in registration.dead_grant_errors:
            return DeadGrant(detail)
        return Rejected(rejection(registration, error, detail))
    if response.status == 200 and "access_token" in content:
        return _fresh(content, registration, now)
    return Transient(unexpected_response(response, registration))


def _fresh(content: dict[str, Any], registration: Registration, now: float) -> RefreshResult:
    access, refresh = content["access_token"], content.get("refresh_token") or ""
    if not fits_token_file(access, refresh):
        return Transient(
            TryAgain(
                f"{registration.label} sent a token that can't be one",
                hint="Try again later.",
                actor=Actor.PROVIDER,
            )
        )
    life = parse_lifetime(content.get("expires_in"))
    return Fresh(Tokens(access, refresh, now, now + life if life else None))
