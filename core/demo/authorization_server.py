"""The demo's OAuth2 authorization server: real HTTPS and real grants, on loopback.

It has one public client, and keeps everything in memory.
"""

import base64
import json
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from oauthlib.oauth2 import AccessDeniedError, FatalClientError, OAuth2Error, WebApplicationServer

from ..oauth.sign_in.certificate import Certificate
from .consent_page import HEADERS, consent_page, refusal_page
from .grants import CLIENT_ID, Grants
from .http_server import DemoRequest, DemoResponse, HttpServer

AUTHORIZE_PATH = "/demo/oauth2/v2.0/authorize"
TOKEN_PATH = "/demo/oauth2/v2.0/token"  # noqa: S105  # not a password
ISSUER = "/demo/v2.0"
TOKEN_LIFETIME = 3600  # seconds
_HTML = "text/html; charset=utf-8"


class AuthorizationServer(HttpServer):
    """Asks for consent on a page, or consents at once with `automatic_consent`."""

    def __init__(
        self, certificate: Certificate, grants: Grants, *, automatic_consent: bool
    ) -> None:
        """Bind a free port; `grants` remembers codes and tokens."""
        super().__init__(certificate)
        self.grants = grants
        self.automatic_consent = automatic_consent
        self.authorize_uri = self.origin + AUTHORIZE_PATH
        self.token_uri = self.origin + TOKEN_PATH
        self.oauth = WebApplicationServer(grants, token_expires_in=TOKEN_LIFETIME)
        self.oauth.auth_grant.register_token_modifier(self._add_id_token)
        self.oauth.refresh_grant.register_token_modifier(self._add_id_token)
        self.routes = {
            ("GET", AUTHORIZE_PATH): self._authorize,
            ("POST", AUTHORIZE_PATH): self._authorize,
            ("POST", TOKEN_PATH): self._token,
            ("GET", ISSUER + "/.well-known/openid-configuration"): self._describe,
        }
        self._lock = threading.Lock()

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Return the endpoint's response; requests are handled one after the other."""
        endpoint = self.routes.get((request.method, request.path))
        if endpoint is None:
            return DemoResponse(404)
        with self._lock:
            return endpoint(request)

    def withdraw(self, account: str) -> None:
        """Refuse each refresh of this account from now on; a new sign-in gets other tokens."""
        with self._lock:
            self.grants.withdraw(account)

    def claims(self, grant: Any) -> Mapping[str, object]:
        """Return what the id token of a grant says."""
        now, account = int(time.time()), self.grants.who_allows(grant)
        return {
            "iss": self.origin + ISSUER,
            "aud": CLIENT_ID,
            "sub": account,
            "iat": now,
            "exp": now + TOKEN_LIFETIME,
            "nonce": grant.nonce,
            "preferred_username": account,
        }

    def _authorize(self, request: DemoRequest) -> DemoResponse:
        """Ask for consent, or send the browser back with a code or an error.

        Errors go to the application, unless its address is in doubt (RFC 6749 4.1.2.1).
        """
        form = dict(parse_qsl(request.body))
        decision = "allow" if self.automatic_consent else form.get("decision")
        uri = self.origin + request.target
        try:
            _, asked = self.oauth.validate_authorization_request(uri)
            if decision is None:
                account = self.grants.who_allows(asked["request"])
                page = consent_page(account, asked["request"].login_hint or "")
                return DemoResponse(200, page, _HTML, HEADERS)
            if decision != "allow":
                raise AccessDeniedError("The user denied access", request=asked["request"])
            headers, _, _ = self.oauth.create_authorization_response(uri)
            location = headers["Location"]
        except FatalClientError as error:
            return DemoResponse(400, refusal_page(error.description), _HTML, HEADERS)
        except OAuth2Error as error:
            location = error.in_uri(error.redirect_uri)
        except ValueError:
            return DemoResponse(400, refusal_page("The request is malformed"), _HTML, HEADERS)
        # A 303 turns the POST of the page's form into a GET at the application's address.
        return DemoResponse(303, headers={**HEADERS, "Location": location})

    def _token(self, request: DemoRequest) -> DemoResponse:
        """Exchange a code or a refresh token for tokens."""
        _, body, status = self.oauth.create_token_response(
            self.token_uri, "POST", request.body, request.headers
        )
        return DemoResponse(status, body.encode(), headers={"Cache-Control": "no-store"})

    def _describe(self, _request: DemoRequest) -> DemoResponse:
        """OpenID Connect Discovery; msal needs it."""
        known = {
            "issuer": self.origin + ISSUER,
            "authorization_endpoint": self.authorize_uri,
            "token_endpoint": self.token_uri,
        }
        return DemoResponse(body=json.dumps(known).encode())

    def _add_id_token(self, token: dict[str, Any], _handler: Any, request: Any) -> dict[str, Any]:
        if "openid" in request.scopes:
            token["id_token"] = _unsigned(self.claims(self.grants.grant_of(request)))
        return token


def _unsigned(claims: Mapping[str, object]) -> str:
    """An unsecured JWT (RFC 7515 appendix A.5): no client could check a signature."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return "".join(base64.urlsafe_b64encode(part).decode().rstrip("=") + "." for part in parts)
