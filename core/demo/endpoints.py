"""The endpoints of RFC 6749 and RFC 7009, assembled from oauthlib for the rehearsal's one client.

No sockets and no page here: addresses and forms come in, redirect addresses and answers go out.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from oauthlib.oauth2 import (
    AccessDeniedError,
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    OAuth2Error,
    RefreshTokenGrant,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.errors import (
    InvalidRequestError,
    UnsupportedCodeChallengeMethodError,
)

from .grants import Grant, Grants
from .http_server import DemoResponse


class Endpoints:
    """Answers authorize, token and revocation requests; what is granted is kept by `grants`."""

    def __init__(
        self,
        grants: Grants,
        *,
        rotating: bool,
        gives_refresh_token: bool,
        token_lifetime: Callable[[], int],
        claims: Callable[[Grant], Mapping[str, object]],
    ) -> None:
        """`claims` are those of the id token, given where the scope has `openid`."""
        self._grants = grants
        self._claims = claims
        self._id_token_key = secrets.token_bytes(32)
        bearer = BearerToken(grants, expires_in=lambda _request: token_lifetime())
        by_code = AuthorizationCodeGrant(grants, refresh_token=gives_refresh_token)
        by_code.custom_validators.pre_auth.append(_refuse_unsupported)
        by_refresh = RefreshTokenGrant(grants, issue_new_refresh_tokens=rotating)
        by_code.register_token_modifier(self._add_id_token)
        by_refresh.register_token_modifier(self._add_id_token)
        by_name = {"authorization_code": by_code, "refresh_token": by_refresh}
        self._authorize = AuthorizationEndpoint("code", bearer, {"code": by_code})
        self._token = TokenEndpoint("authorization_code", bearer, by_name)
        self._revocation = RevocationEndpoint(grants)

    def check(self, uri: str) -> None:
        """Raise oauthlib's error, or ValueError, where the authorize request isn't in order."""
        self._authorize.validate_authorization_request(uri)

    def allow(self, uri: str) -> str:
        """Where the browser goes with the code, or with an error; raises as `check` does."""
        headers, _, _ = self._authorize.create_authorization_response(uri)
        return str(headers["Location"])

    def deny(self, uri: str) -> str:
        """Where the browser goes with the refusal; raises as `check` does."""
        _, asked = self._authorize.validate_authorization_request(uri)
        denial = AccessDeniedError("The owner said no.", state=asked["state"])
        return str(denial.in_uri(asked["redirect_uri"]))

    def token(self, uri: str, form: str, headers: Mapping[str, str]) -> DemoResponse:
        """Exchange a code or a refresh token."""
        return _answer(self._token.create_token_response, uri, form, headers)

    def revoke(self, uri: str, form: str, headers: Mapping[str, str]) -> DemoResponse:
        """Take back a token."""
        return _answer(self._revocation.create_revocation_response, uri, form, headers)

    def _add_id_token(self, token: dict[str, Any], _handler: Any, request: Any) -> dict[str, Any]:
        if "openid" in request.scopes:
            claims = self._claims(self._grants.grant_of(request))
            token["id_token"] = _signed(claims, self._id_token_key)
        return token


def _answer(
    respond: Callable[..., tuple[Mapping[str, str], str, int]],
    uri: str,
    form: str,
    headers: Mapping[str, str],
) -> DemoResponse:
    """What an endpoint of oauthlib says to a form, errors too."""
    try:
        extra, body, status = respond(uri, "POST", form, headers)
    except OAuth2Error as error:
        extra, body, status = error.headers, error.json, error.status_code
    except ValueError:
        extra, body, status = {}, '{"error": "invalid_request"}', 400
    named = {name: value for name, value in extra.items() if name != "Content-Type"}
    return DemoResponse(status, body.encode(), headers=named)


def _refuse_unsupported(request: Any) -> dict[str, object]:
    if request.code_challenge and request.code_challenge_method != "S256":
        raise UnsupportedCodeChallengeMethodError(request=request)
    if request.response_mode not in (None, "query"):
        raise InvalidRequestError("response_mode must be query", request=request)
    return {}


def _signed(claims: Mapping[str, object], key: bytes) -> str:
    """A JWT with HS256 (RFC 7515 appendix A.1); nobody but this server could check it."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(key, signed, hashlib.sha256)).rstrip(b"=")
    return (signed + b"." + signature).decode()
