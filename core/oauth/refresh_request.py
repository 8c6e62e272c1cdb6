"""The request that refreshes a token (RFC 6749 section 6), and its possible results.

The request is the same for every provider, so it needs neither msal nor google-auth. That makes a
refresh fast. Besides, msal would add scopes, request the provider's metadata first and repeat old
errors from its cache.
"""

import logging
from dataclasses import dataclass
from typing import Any

from ..errors import AppError, TryAgain
from ..model import Registration, Tokens
from ..net.network import HttpResponse, Network, quoted
from ..verdicts.verdict import Actor
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
    """A new access token, and a new refresh token if the provider rotates them."""

    tokens: Tokens


@dataclass(frozen=True, slots=True)
class DeadGrant:
    """The provider doesn't accept the refresh token any more: a new sign-in is needed."""

    detail: str


@dataclass(frozen=True, slots=True)
class Transient:
    """A temporary problem; the refresh token is still valid."""

    error: TryAgain


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider rejects the application; a new sign-in would fail too."""

    error: AppError


RefreshResult = Fresh | DeadGrant | Transient | Rejected


def post_refresh_request(
    registration: Registration, refresh_token: str, *, network: Network, now: float
) -> RefreshResult:
    """Send the refresh token to the provider and return one of the four results."""
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": registration.client_id,
    }
    if registration.client_secret:  # Microsoft refuses a public client that sends an empty one
        fields["client_secret"] = registration.client_secret
    if registration.refresh_repeats_scope:
        fields["scope"] = " ".join(registration.scopes)
    from ..net.http import post_form  # imported late, since it takes 50 ms

    try:
        response = post_form(registration.token_uri, fields, network)
    except TryAgain as exc:
        return Transient(exc)
    return read_refresh_response(response, registration, refresh_token, now)


def read_refresh_response(
    response: HttpResponse, registration: Registration, refresh_token: str, now: float
) -> RefreshResult:
    """The meaning of a token endpoint's response to a refresh request."""
    content = json_object(response.body)
    error = content.get("error")
    failure = server_failure(response, registration)
    if failure is not None:
        return Transient(failure)
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
