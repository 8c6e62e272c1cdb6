"""Sign-in at Microsoft, by msal."""

import json
import warnings
from typing import Any

import msal
import requests

from ..errors import AppError, TryAgain, Who
from ..http import trouble
from ..model import Registration, Tokens
from ..network import Network, quoted
from ..providers.values import uri_host
from .answer import Answer
from .flow import Clock, token_error, tokens_of
from .session import new_session

_AUTHORIZE = "/oauth2/v2.0/authorize"
# msal adds these by itself and refuses them from others.
_RESERVED = frozenset({"openid", "profile", "offline_access"})


class MicrosoftFlow:
    """msal's authorization code flow with PKCE, over our session."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        """Nothing is asked yet: msal's own constructor asks discovery, so it waits for `begin`."""
        self._registration = registration
        self._network = network
        self._clock = clock
        self._app: Any = None
        self._flow: dict[str, Any] = {}

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Ask the tenant's discovery, then build the URL."""
        registration = self._registration
        self._app = self._discover()
        with warnings.catch_warnings():
            # It wants form_post, which would leave no code in the address bar to copy.
            warnings.filterwarnings("ignore", message=".*response_mode", category=UserWarning)
            self._flow = self._app.initiate_auth_code_flow(
                [scope for scope in registration.scopes if scope not in _RESERVED],
                redirect_uri=redirect_uri,
                login_hint=login_hint,
                response_mode="query",
                **registration.authorize_parameters,
            )
        return self._flow["auth_uri"], self._flow["state"]

    def finish(self, answer: Answer) -> Tokens:
        """Trade the code; PKCE's verifier is in msal's flow."""
        asked_at = self._clock()
        try:
            content = self._app.acquire_token_by_auth_code_flow(
                self._flow, {"code": answer.code, "state": self._flow["state"]}
            )
        except (requests.RequestException, msal.exceptions.MsalError) as exc:
            raise self._trouble(exc) from None  # their messages may quote the request
        except ValueError as exc:  # the answer is no JSON
            raise TryAgain(
                f"The answer to the token request is none that {self._registration.label} would "
                "give",
                said=type(exc).__name__,
                todo="Try again in a few minutes.",
            ) from None
        if "error" in content:
            description = content.get("error_description", "")
            raise token_error(self._registration, content["error"], description, answer.code)
        claims = content.get("id_token_claims")
        return tokens_of(content, self._registration, asked_at=asked_at, claims=claims)

    def _discover(self) -> Any:
        registration = self._registration
        kind = (
            msal.ConfidentialClientApplication
            if registration.client_secret
            else msal.PublicClientApplication
        )
        try:
            return kind(
                registration.client_id,
                client_credential=registration.client_secret or None,
                authority=registration.authorize_uri.removesuffix(_AUTHORIZE),
                instance_discovery=False,  # the data, or the person, named the host: no need to ask
                http_client=new_session(self._network),
            )
        except requests.RequestException as exc:
            raise self._trouble(exc) from exc
        except ValueError as exc:
            if isinstance(exc.__context__, json.JSONDecodeError):
                raise self._trouble(exc) from exc
            raise AppError(
                f"{registration.label} doesn't know the tenant {registration.tenant}",
                said=quoted(exc.__context__ or exc),
                todo="Check --tenant: common, your organisation's domain, or its id.",
                who=Who.ADMINISTRATOR,
            ) from exc

    def _trouble(self, exc: Exception) -> TryAgain:
        return trouble(exc, uri_host(self._registration.token_uri))
