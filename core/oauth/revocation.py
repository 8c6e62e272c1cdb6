"""Revokes tokens at their provider (RFC 7009)."""

import logging

from ..errors import AppError
from ..model import Registration
from ..net.network import HttpResponse, Network, quoted
from ..tokenfile.format import TokenFile
from .token_response import json_object, rejection, server_busy, unexpected_response

log = logging.getLogger(__name__)

# The token is invalid already. RFC 7009 section 2.2 demands status 200 for it, Google sends this:
# https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke
_ALREADY_INVALID = frozenset({"invalid_token"})


def revoke_tokens(registration: Registration, file: TokenFile, *, network: Network) -> None:
    """Revoke the refresh token and the access token; revoking them again does no harm.

    Raises `TryAgain` for a temporary problem and another `AppError` if the provider refuses.
    """
    secrets = (file.refresh, file.access, registration.client_secret)
    for kind, token in (("refresh_token", file.refresh), ("access_token", file.access)):
        if token:
            response = _post_revocation(registration, token, kind, network)
            problem = _error_in(response, registration, kind, secrets)
            if problem is not None:
                raise problem
            log.info("%s revoked a %s", registration.label, kind)


def _post_revocation(
    registration: Registration, token: str, kind: str, network: Network
) -> HttpResponse:
    fields = {"token": token, "token_type_hint": kind, "client_id": registration.client_id}
    if registration.client_secret:
        fields["client_secret"] = registration.client_secret
    from ..net.http import post_form

    return post_form(registration.revocation_uri, fields, network)


def _error_in(
    response: HttpResponse, registration: Registration, kind: str, secrets: tuple[str, ...]
) -> AppError | None:
    """The error in a revocation endpoint's response; None if the token is invalid now."""
    busy = server_busy(response, registration)
    if busy is not None:
        return busy
    if response.status == 200:
        # The body has no meaning, but an HTML page comes from a proxy or a Wi-Fi sign-in page.
        is_page = response.body.lstrip().startswith(b"<")
        return unexpected_response(response, registration) if is_page else None
    content = json_object(response.body)
    error = content.get("error")
    if not isinstance(error, str) or not error:
        return unexpected_response(response, registration)
    # RFC 7009 section 2.2.1: some providers revoke only refresh tokens; the access token ends with
    # them.
    if error in _ALREADY_INVALID or (kind == "access_token" and error == "unsupported_token_type"):
        return None
    detail = f"{error}: {content.get('error_description', '')}".removesuffix(": ")
    return rejection(registration, error, quoted(detail, *secrets))
