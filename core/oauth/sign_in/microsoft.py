"""Sign-in at Microsoft, with msal."""

import json
import warnings
from typing import Any
from urllib.parse import urlsplit

import msal
import requests

from ...errors import AppError, TryAgain
from ...model import Registration, Tokens
from ...net.faults import network_error
from ...net.network import Network, quoted
from ...providers.values import uri_host
from ...verdicts.verdict import Actor
from ..token_response import server_busy
from .authorization_response import AuthorizationResponse
from .flow import Clock, check_responses, malformed_response, token_error, tokens_of
from .http_session import new_session

_AUTHORIZE = "/oauth2/v2.0/authorize"
# msal adds these scopes itself and raises ValueError if they are passed to it.
_RESERVED = frozenset({"openid", "profile", "offline_access"})
# msal raises these if a response has an unexpected form.
_PARSE_ERRORS = (ValueError, TypeError, LookupError, AttributeError, RuntimeError, OverflowError)


class MicrosoftFlow:
    """The authorization code flow of msal with PKCE, over our HTTP session."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._clock = clock
        self._session = new_session(network)
        # msal would report status 429 as an unknown tenant.
        check_responses(self._session, registration, server_busy)
        self._app: Any = None  # created by begin(), since its constructor sends a request
        self._flow: dict[str, Any] = {}

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Request the tenant's metadata, then build the authorization URL."""
        registration = self._registration
        self._app = self._discover()
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
        requested_at = self._clock()
        registration = self._registration
        check_responses(self._session, registration)
        try:
            content = self._app.acquire_token_by_auth_code_flow(
                self._flow, {"code": response.code, "state": self._flow["state"]}
            )
        except (requests.RequestException, msal.exceptions.MsalError) as exc:
            raise self._network_error(exc) from None  # their messages may quote the request
        except _PARSE_ERRORS as exc:
            raise malformed_response(registration, exc) from None
        if content.get("error"):
            description = content.get("error_description", "")
            secrets = (response.code, self._flow.get("code_verifier", ""))
            raise token_error(registration, content["error"], description, *secrets)
        claims = content.get("id_token_claims")
        return tokens_of(content, registration, requested_at=requested_at, claims=claims)

    def _discover(self) -> Any:
        registration = self._registration
        kind = (
            msal.ConfidentialClientApplication
            if registration.client_secret
            else msal.PublicClientApplication
        )
        try:
            app = kind(
                registration.client_id,
                client_credential=registration.client_secret or None,
                authority=registration.authorize_uri.removesuffix(_AUTHORIZE),
                instance_discovery=False,  # the catalog or the user names the host
                http_client=self._session,
            )
        except requests.RequestException as exc:
            raise self._network_error(exc) from exc
        except _PARSE_ERRORS as exc:
            raise self._discovery_error(exc) from exc
        # The code and the secret must not be sent to another host, whatever the metadata says.
        if urlsplit(app.authority.token_endpoint).netloc != urlsplit(registration.token_uri).netloc:
            raise AppError(
                f"{registration.label} names a token endpoint on another host than it should",
                detail=quoted(urlsplit(app.authority.token_endpoint).hostname),
                hint="Check --authorize_uri and --token_uri.",
                actor=Actor.ADMINISTRATOR,
            )
        return app

    def _discovery_error(self, exc: Exception) -> AppError:
        """The error for an exception of msal; it raises ValueError for a status of 4xx."""
        cause = exc.__context__
        label, tenant = self._registration.label, self._registration.tenant
        if isinstance(exc, ValueError) and not isinstance(cause, json.JSONDecodeError):
            return AppError(
                f"{label} doesn't know the tenant {tenant}",
                detail=quoted(cause or exc),
                hint="Check --tenant: common, your organisation's domain, or its id.",
                actor=Actor.ADMINISTRATOR,
            )
        return TryAgain(
            f"The description of the tenant {tenant} is none that {label} would give",
            detail=type(exc).__name__,
            hint="A Wi-Fi sign-in page or a proxy may stand between: open a web page, then try "
            "again.",
        )

    def _network_error(self, exc: Exception) -> AppError:
        return network_error(exc, uri_host(self._registration.token_uri))
