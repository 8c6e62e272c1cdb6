"""The rehearsal's OAuth2 authorization server: real HTTPS and real grants, on loopback.

One client, one account, everything in memory. It misbehaves on demand (`faults`), since it also is
the server of the quick tests, and keeps what those want to see: counters, the last requests, every
secret. So it is of no use outside a rehearsal.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import parse_qsl

from oauthlib.oauth2 import FatalClientError, OAuth2Error

from ..oauth.sign_in.certificate import Certificate, self_signed
from .consent_page import HEADERS, consent_page, refusal_page
from .endpoints import Endpoints
from .grants import Client, Grant, Grants
from .http_server import NOT_FOUND, DemoRequest, DemoResponse, HttpsServer

TENANT = "/demo"
AUTHORIZE_PATH = TENANT + "/oauth2/v2.0/authorize"
TOKEN_PATH = TENANT + "/oauth2/v2.0/token"
REVOKE_PATH = TENANT + "/oauth2/v2.0/revoke"
ISSUER = TENANT + "/v2.0"
CONFIGURATION_PATH = ISSUER + "/.well-known/openid-configuration"
HTML = "text/html; charset=utf-8"
# What of a form or query must never be seen elsewhere.
SECRET_FIELDS = ("state", "code", "code_verifier", "client_secret", "refresh_token", "token")


@dataclass(frozen=True, slots=True)
class Fault(DemoResponse):
    """Given once in place of the token endpoint's real answer.

    With `commit` the request is carried out all the same (a code is used up, a refresh token is
    rotated) and only its answer is lost; with `late` its real answer comes after `delay`. Without
    either nothing happens to the grant.
    """

    commit: bool = False
    late: bool = False


class AuthorizationServer:
    """Serves from its making until `close`, or as a context manager."""

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        account: str = "you@demo.example",
        rotating: bool = True,
        gives_refresh_token: bool = True,
        token_lifetime: int = 3600,
        client_id: str = "demo",
        client_secret: str = "",
        redirect_uris: Collection[str] = (),
        automatic_consent: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Listen; `token_lifetime` is in seconds."""
        self.certificate = certificate or self_signed()
        self.account = self.id_token_account = account
        self.client_id = client_id
        self.token_lifetime = token_lifetime
        self.automatic_consent = automatic_consent
        self.faults: deque[Fault] = deque()
        self.revocation_faults: deque[DemoResponse] = deque()
        self.revoked_kinds: list[str] = []  # the hints of all revocation requests
        self.authorize_requests = self.token_requests = 0
        self.last_authorize_query: dict[str, str] = {}
        self.last_token_form: dict[str, str] = {}
        self._clock = clock
        self._lock = threading.Lock()
        client = Client(client_id, client_secret, redirect_uris)
        self._grants = Grants(client, account, clock=clock)
        self._note_secrets({"client_secret": client_secret})
        self._endpoints = Endpoints(
            self._grants,
            rotating=rotating,
            gives_refresh_token=gives_refresh_token,
            token_lifetime=lambda: self.token_lifetime,
            claims=self._claims,
        )
        self._server = HttpsServer(self.certificate, self._route)

    def __enter__(self) -> Self:
        """It already listens."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.close()

    def close(self) -> None:
        """Stop at once, also where a request hangs."""
        self._server.close()

    @property
    def origin(self) -> str:
        """Scheme, host and port; msal's authority is this and "/demo"."""
        return f"https://localhost:{self._server.port}"

    @property
    def authorize_uri(self) -> str:
        """Where the browser goes."""
        return self.origin + AUTHORIZE_PATH

    @property
    def token_uri(self) -> str:
        """Where codes and refresh tokens become tokens."""
        return self.origin + TOKEN_PATH

    @property
    def revocation_uri(self) -> str:
        """Where tokens are taken back."""
        return self.origin + REVOKE_PATH

    @property
    def issued(self) -> set[str]:
        """Every secret given out or received so far, which nobody may print."""
        with self._lock:
            return set(self._grants.issued)

    @property
    def refreshes(self) -> int:
        """How many were granted."""
        return self._grants.refreshes

    @property
    def revocations(self) -> int:
        """How many were carried out."""
        return self._grants.revocations

    def account_of(self, access_token: str) -> str | None:
        """Whose mailbox the token opens; None when it is unknown, expired or revoked."""
        with self._lock:
            return self._grants.account_of(access_token)

    def revoke_grants(self) -> None:
        """Every refresh token so far is `invalid_grant` now, every access token invalid."""
        with self._lock:
            self._grants.revoke()

    def expire_access_tokens(self) -> None:
        """Every access token so far is invalid now; the refresh tokens work on."""
        with self._lock:
            self._grants.expire_access_tokens()

    def _route(self, request: DemoRequest) -> DemoResponse:
        route = ROUTES.get((request.method, request.path))
        if route is None:
            return NOT_FOUND
        with self._lock:
            return route(self, request)

    def _ask(self, request: DemoRequest) -> DemoResponse:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        self.authorize_requests += 1
        self.last_authorize_query = query
        self._note_secrets(query)
        if self.automatic_consent:
            return self._authorize(request, self._allow)
        return self._authorize(request, self._question)

    def _decide(self, request: DemoRequest) -> DemoResponse:
        decision = dict(parse_qsl(request.body)).get("decision")
        return self._authorize(request, self._allow if decision == "allow" else self._deny)

    def _authorize(self, request: DemoRequest, act: Callable[[str], DemoResponse]) -> DemoResponse:
        """Errors go to the application, unless its address is in doubt (RFC 6749 4.1.2.1)."""
        try:
            return act(self.origin + request.target)
        except FatalClientError as error:
            return DemoResponse(400, refusal_page(error.description), HTML, HEADERS)
        except OAuth2Error as error:
            return _see_other(error.in_uri(error.redirect_uri))
        except ValueError:
            return DemoResponse(400, refusal_page("It is malformed"), HTML, HEADERS)

    def _question(self, uri: str) -> DemoResponse:
        self._endpoints.check(uri)
        page = consent_page(self.account, self.last_authorize_query.get("login_hint", ""))
        return DemoResponse(200, page, HTML, HEADERS)

    def _allow(self, uri: str) -> DemoResponse:
        return _see_other(self._endpoints.allow(uri))

    def _deny(self, uri: str) -> DemoResponse:
        return _see_other(self._endpoints.deny(uri))

    def _give_token(self, request: DemoRequest) -> DemoResponse:
        self.token_requests += 1
        self.last_token_form = dict(parse_qsl(request.body, keep_blank_values=True))
        self._note_secrets(self.last_token_form)
        fault = self.faults.popleft() if self.faults else None
        if fault and not (fault.commit or fault.late):
            return fault
        uri = self.origin + request.target
        answer = self._endpoints.token(uri, request.body, request.headers)
        if fault and fault.late:
            return replace(answer, delay=fault.delay)
        return fault or answer

    def _revoke(self, request: DemoRequest) -> DemoResponse:
        form = dict(parse_qsl(request.body, keep_blank_values=True))
        self.revoked_kinds.append(form.get("token_type_hint", ""))
        self._note_secrets(form)
        if self.revocation_faults:
            return self.revocation_faults.popleft()
        return self._endpoints.revoke(self.origin + request.target, request.body, request.headers)

    def _describe(self, _request: DemoRequest) -> DemoResponse:
        """OpenID Connect Discovery; without it msal begins nothing."""
        known = {
            "issuer": self.origin + ISSUER,
            "authorization_endpoint": self.authorize_uri,
            "token_endpoint": self.token_uri,
            "revocation_endpoint": self.revocation_uri,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["HS256"],
        }
        return DemoResponse(body=json.dumps(known).encode())

    def _claims(self, grant: Grant) -> Mapping[str, object]:
        now = int(self._clock())
        claims = {
            "iss": self.origin + ISSUER,
            "aud": self.client_id,
            "sub": "the-only-account",
            "iat": now,
            "exp": now + self.token_lifetime,
            "nonce": grant.nonce,
            "email": self.id_token_account,
            "preferred_username": self.id_token_account,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def _note_secrets(self, form: Mapping[str, str]) -> None:
        self._grants.issued.update(form[name] for name in SECRET_FIELDS if form.get(name))


ROUTES: Mapping[tuple[str, str], Callable[[AuthorizationServer, DemoRequest], DemoResponse]] = (
    MappingProxyType(
        {
            ("GET", AUTHORIZE_PATH): AuthorizationServer._ask,
            ("POST", AUTHORIZE_PATH): AuthorizationServer._decide,
            ("POST", TOKEN_PATH): AuthorizationServer._give_token,
            ("POST", REVOKE_PATH): AuthorizationServer._revoke,
            ("GET", CONFIGURATION_PATH): AuthorizationServer._describe,
        }
    )
)


def _see_other(location: str) -> DemoResponse:
    """A 303 turns the form's POST into a GET at the application's address."""
    return DemoResponse(303, headers={**HEADERS, "Location": location})
