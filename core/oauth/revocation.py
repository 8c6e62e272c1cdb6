"""Revokes tokens at their provider (RFC 7009)."""

import logging

from ..errors import AppError
from ..i18n.translation import english
from ..net.network import Network
from ..net.response import HttpResponse
from ..providers.fields import Registration
from ..tokenfile.format import TokenFile
from ..verdicts.verdict import Kind
from .answer import read_answer
from .client_parameters import credentials_of
from .token_response import TokenRequest, error_in

log = logging.getLogger(__name__)


def revoke_tokens(registration: Registration, file: TokenFile, *, network: Network) -> None:
    """Revoke the refresh token and the access token; revoking them again does no harm.

    Raises the `AppError` that a refusal, or a fault of the network, means.
    """
    secrets = (file.refresh, file.access)
    request = TokenRequest(registration, "revocation", file.account, secrets=secrets)
    for kind, token in (("refresh_token", file.refresh), ("access_token", file.access)):
        if token:
            response = _post_revocation(registration, token, kind, network)
            problem = _error_in(response, request, kind)
            if problem is not None:
                raise problem
            log.info("%s revoked a %s", english(registration.label), kind)


def _post_revocation(
    registration: Registration, token: str, kind: str, network: Network
) -> HttpResponse:
    from ..net.http import post_form

    credentials = credentials_of(registration)
    fields = {"token": token, "token_type_hint": kind, **credentials.fields}
    return post_form(registration.revocation_uri, fields, network, credentials.headers)


def _error_in(response: HttpResponse, request: TokenRequest, kind: str) -> AppError | None:
    """The error in a revocation endpoint's response; None if the token is invalid now."""
    answer = read_answer(response.body)
    # The body of a success has no meaning, but an HTML page comes from a proxy or a Wi-Fi page.
    is_page = response.body.lstrip().startswith(b"<")
    if 200 <= response.status < 300 and not answer.is_error and not is_page:
        return None
    # RFC 7009 section 2.2.1: some providers revoke only refresh tokens; the access token ends with
    # them.
    if kind == "access_token" and answer.error == "unsupported_token_type":
        return None
    error = error_in(response, answer, request)
    # A token that is invalid already needs no revocation. RFC 7009 section 2.2 demands status 200
    # for it; Google sends an error:
    # https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke
    return None if error.kind is Kind.DEAD_GRANT else error
