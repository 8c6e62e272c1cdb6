"""Sign-in at Microsoft, with msal."""

import warnings
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msal
import requests

from ...model import FlowKind, Tokens
from ...net.network import Network
from ...providers.fields import Registration
from ...verdicts.verdict import Origin, Symptom
from ..answer import json_object, read_answer
from ..token_response import TokenRequest, error_in, error_of
from .authorization_response import AuthorizationResponse
from .code_client import GRANT, Clock, exchange, http_response, on_response, post, replace_body
from .http_session import new_session

_AUTHORIZE = "/oauth2/v2.0/authorize"
# msal adds these scopes itself and raises ValueError if they are passed to it.
_RESERVED = frozenset({"openid", "profile", "offline_access"})
# What msal needs of the tenant's metadata.
_ENDPOINTS = ("authorization_endpoint", "token_endpoint")


class MicrosoftClient:
    """The authorization code flow of msal with PKCE, over our HTTP session."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._clock = clock
        self._session = new_session(network)
        self._app: Any = None  # created by begin(), since its constructor sends a request
        self._flow: dict[str, Any] = {}
        self._login_hint = ""

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Request the tenant's metadata, then build the authorization URL."""
        registration = self._registration
        self._login_hint = login_hint
        on_response(self._session, self._read_metadata)
        try:
            self._app = post(self._new_app, registration)
        except ValueError:  # an address without a tenant
            symptom = Symptom(Origin.TOKEN, "invalid_tenant", flow=FlowKind.MICROSOFT)
            raise error_of(symptom, self._request()) from None
        with warnings.catch_warnings():
            # msal recommends form_post, but then the address bar would hold no code to copy.
            warnings.filterwarnings("ignore", message=".*response_mode", category=UserWarning)
            self._flow = self._app.initiate_auth_code_flow(
                [scope for scope in registration.scopes if scope not in _RESERVED],
                redirect_uri=redirect_uri,
                login_hint=login_hint,
                response_mode="query",
                **registration.authorize_parameters,
            )
        return self._flow["auth_uri"], self._flow["state"]

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens; msal's flow holds the PKCE verifier."""
        send = partial(
            self._app.acquire_token_by_auth_code_flow,
            self._flow,
            {"code": response.code, "state": self._flow["state"]},
        )
        request = self._request(GRANT, response.code, self._flow.get("code_verifier", ""))
        return exchange(send, self._session, request, now=self._clock())

    def _new_app(self) -> Any:
        registration = self._registration
        kind = (
            msal.ConfidentialClientApplication
            if registration.client_secret
            else msal.PublicClientApplication
        )
        return kind(
            registration.client_id,
            client_credential=registration.client_secret or None,
            authority=registration.authorize_uri.removesuffix(_AUTHORIZE),
            instance_discovery=False,  # the catalog or the user names the host
            http_client=self._session,
        )

    def _read_metadata(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Hand msal the tenant's endpoints; raises the `AppError` that another answer means.

        msal takes each status of 4xx for an unknown tenant, a filter's too.
        """
        metadata = json_object(response.content)
        endpoints = [metadata.get(name) for name in _ENDPOINTS]
        if response.status_code != 200 or not all(isinstance(uri, str) for uri in endpoints):
            answer = read_answer(response.content)
            raise error_in(http_response(response), answer, self._request())
        # The code and the secret must not be sent to another host, whatever the metadata says.
        registration = self._registration
        expected = (registration.authorize_uri, registration.token_uri)
        if [_origin(str(uri)) for uri in endpoints] != [_origin(uri) for uri in expected]:
            symptom = Symptom(Origin.NETWORK, "endpoint_elsewhere")
            raise error_of(symptom, self._request(), detail=" ".join(map(str, endpoints)))
        replace_body(response, metadata)

    def _request(self, grant: str = "", *secrets: str) -> TokenRequest:
        return TokenRequest(self._registration, grant, self._login_hint, secrets=secrets)


def _origin(uri: str) -> tuple[str, str]:
    """The scheme, and the host with its port; empty if the address is none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.lower()
