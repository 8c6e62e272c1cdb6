"""Sign-in at Google, with google-auth-oauthlib."""

from collections.abc import Mapping
from typing import Any

from google_auth_oauthlib.flow import Flow

from ...net.network import Network
from ...providers.fields import Registration
from ..client_parameters import resource_of
from ..token_response import TokenRequest
from ..tokens import Tokens
from .authorization_response import AuthorizationResponse
from .code_client import GRANT, Clock
from .generic import fetch_token
from .http_session import configure_session


class GoogleClient:
    """The flow of an installed application, with PKCE S256 (google-auth-oauthlib's default)."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._network = network
        self._clock = clock
        self._flow: Any = None
        self._login_hint = ""

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Build the authorization URL; no request is sent."""
        self._login_hint = login_hint
        self._flow = self._new_flow(redirect_uri, autogenerate_code_verifier=True)
        url, state = self._flow.authorization_url(
            login_hint=login_hint,
            **resource_of(self._registration),
            **self._registration.authorize_parameters,
        )
        return url, state

    def kept(self) -> Mapping[str, Any]:
        """The verifier, and the redirect URI that the exchange repeats."""
        return {"redirect_uri": self._flow.redirect_uri, "verifier": self._flow.code_verifier}

    def restore(self, kept: Mapping[str, Any], login_hint: str) -> None:
        """Make the flow with the verifier that it had."""
        self._login_hint = login_hint
        self._flow = self._new_flow(kept["redirect_uri"], code_verifier=kept["verifier"])

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens."""
        flow = self._flow
        secrets = (response.code, str(flow.code_verifier))
        request = TokenRequest(self._registration, GRANT, self._login_hint, secrets=secrets)
        session = flow.oauth2session
        return fetch_token(flow.fetch_token, session, request, response.code, now=self._clock())

    def _new_flow(self, redirect_uri: str, **verifier: Any) -> Any:
        registration = self._registration
        client = {
            "client_id": registration.client_id,
            "client_secret": registration.client_secret,
            "auth_uri": registration.authorize_uri,
            "token_uri": registration.token_uri,
        }
        flow = Flow.from_client_config(
            {"installed": client},
            scopes=list(registration.scopes),
            redirect_uri=redirect_uri,
            **verifier,
        )
        configure_session(flow.oauth2session, self._network)
        return flow
