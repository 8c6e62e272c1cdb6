"""Sign-in at Microsoft, with msal."""

import warnings
from collections.abc import Mapping
from functools import partial
from typing import Any

from ...net.network import Network
from ...providers.fields import Registration
from ..token_response import TokenRequest
from ..tokens import Tokens
from .authorization_response import AuthorizationResponse
from .code_client import GRANT, Clock, exchange
from .http_session import new_session
from .microsoft_app import msal_scopes, new_app


class MicrosoftClient:
    """The authorization code flow of msal with PKCE, over our HTTP session."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._clock = clock
        self._session = new_session(network)
        self._app: Any = None
        self._flow: dict[str, Any] = {}
        self._login_hint = ""

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Request the tenant's metadata, then build the authorization URL."""
        registration = self._registration
        self._connect(login_hint)
        with warnings.catch_warnings():
            # msal recommends form_post, but then the address bar would hold no code to copy.
            warnings.filterwarnings("ignore", message=".*response_mode", category=UserWarning)
            self._flow = self._app.initiate_auth_code_flow(
                msal_scopes(registration),
                redirect_uri=redirect_uri,
                login_hint=login_hint,
                response_mode="query",
                **registration.authorize_parameters,
            )
        return self._flow["auth_uri"], self._flow["state"]

    def kept(self) -> Mapping[str, Any]:
        """The flow as msal keeps it: a dict of texts and lists."""
        return self._flow

    def restore(self, kept: Mapping[str, Any], login_hint: str) -> None:
        """Request the tenant's metadata again, and take the flow."""
        self._connect(login_hint)
        self._flow = dict(kept)

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens; msal's flow holds the PKCE verifier."""
        send = partial(
            self._app.acquire_token_by_auth_code_flow,
            self._flow,
            {"code": response.code, "state": self._flow["state"]},
        )
        request = self._request(GRANT, response.code, self._flow.get("code_verifier", ""))
        return exchange(send, self._session, request, now=self._clock())

    def _connect(self, login_hint: str) -> None:
        self._login_hint = login_hint
        self._app = new_app(self._session, self._request())

    def _request(self, grant: str = "", *secrets: str) -> TokenRequest:
        return TokenRequest(self._registration, grant, self._login_hint, secrets=secrets)
