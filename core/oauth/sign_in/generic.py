"""Sign-in at any provider that needs no special code, with requests-oauthlib."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import requests
from requests_oauthlib import OAuth2Session

from ...net.network import Network
from ...providers.fields import Registration
from ..client_parameters import credentials_of, resource_of
from ..token_response import TokenRequest
from ..tokens import Tokens
from .authorization_response import AuthorizationResponse
from .code_client import GRANT, Clock, exchange
from .http_session import configure_session


class PlainClient:
    """The authorization code flow with PKCE S256 (RFC 6749, RFC 7636)."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._network = network
        self._clock = clock
        self._session: Any = None
        self._login_hint = ""

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Build the authorization URL; no request is sent."""
        registration = self._registration
        self._start(redirect_uri, login_hint)
        url, state = self._session.authorization_url(
            registration.authorize_uri,
            login_hint=login_hint,
            **resource_of(registration),
            **registration.authorize_parameters,
        )
        return url, state

    def kept(self) -> Mapping[str, Any]:
        """The verifier, and the redirect URI that the exchange repeats."""
        session = self._session
        return {"redirect_uri": session.redirect_uri, "verifier": session._code_verifier}

    def restore(self, kept: Mapping[str, Any], login_hint: str) -> None:
        """Make the session with the verifier that it had."""
        self._start(kept["redirect_uri"], login_hint)
        self._session._code_verifier = kept["verifier"]

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens."""
        session = self._session
        fetch = partial(session.fetch_token, self._registration.token_uri)
        secrets = (response.code, str(session._code_verifier))
        request = TokenRequest(self._registration, GRANT, self._login_hint, secrets=secrets)
        return fetch_token(fetch, session, request, response.code, now=self._clock())

    def _start(self, redirect_uri: str, login_hint: str) -> None:
        self._login_hint = login_hint
        session = OAuth2Session(
            self._registration.client_id,
            redirect_uri=redirect_uri,
            scope=list(self._registration.scopes),
            pkce="S256",
        )
        self._session = configure_session(session, self._network)


def fetch_token(
    fetch: Callable[..., object], session: Any, request: TokenRequest, code: str, *, now: float
) -> Tokens:
    """Exchange the code with oauthlib; the application shows who it is as in a refresh."""
    registration = request.registration
    credentials = credentials_of(registration)

    def add_headers(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers.update(credentials.headers)
        return prepared

    send = partial(
        fetch,
        code=code,
        auth=add_headers,
        include_client_id="client_id" in credentials.fields,
        client_secret=credentials.fields.get("client_secret"),
        **resource_of(registration),
    )
    return exchange(send, session, request, now=now)
