"""Sign-in at any provider that needs no special code, with requests-oauthlib."""

from collections.abc import Callable
from functools import partial
from typing import Any

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from ...model import Registration, Tokens
from ...net.faults import network_error
from ...net.network import Network
from ...providers.values import uri_host
from .authorization_response import AuthorizationResponse
from .flow import Clock, check_responses, claims_of, malformed_response, token_error, tokens_of
from .http_session import configure_session


class PlainFlow:
    """The authorization code flow with PKCE S256 (RFC 6749, RFC 7636)."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        self._registration = registration
        self._network = network
        self._clock = clock
        self._session: Any = None

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Build the authorization URL; no request is sent."""
        registration = self._registration
        session = OAuth2Session(
            registration.client_id,
            redirect_uri=redirect_uri,
            scope=list(registration.scopes),
            pkce="S256",
        )
        self._session = configure_session(session, self._network)
        url, state = session.authorization_url(
            registration.authorize_uri, login_hint=login_hint, **registration.authorize_parameters
        )
        return url, state

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens."""
        requested_at = self._clock()
        session = self._session
        fetch = partial(session.fetch_token, self._registration.token_uri)
        verifier = str(session._code_verifier)
        content = fetch_token(fetch, session, self._registration, response, verifier)
        claims = claims_of(content.get("id_token"))
        return tokens_of(content, self._registration, requested_at=requested_at, claims=claims)


def fetch_token(
    fetch: Callable[..., Any],
    session: Any,
    registration: Registration,
    response: AuthorizationResponse,
    verifier: str,
) -> Any:
    """Exchange the code with oauthlib; its exceptions are turned into `AppError`.

    The client secret is sent in the body, as in a refresh, so one way works for both.
    """
    check_responses(session, registration)
    try:
        return fetch(
            code=response.code,
            include_client_id=True,
            client_secret=registration.client_secret or None,
        )
    except Warning as warning:
        # oauthlib raises a Warning if the granted scopes differ from the requested ones. The code
        # has been used, and the Warning holds the tokens. The IMAP login tells whether they work.
        return warning.token  # type: ignore[attr-defined]
    except OAuth2Error as exc:
        secrets = (response.code, verifier)
        raise token_error(registration, exc.error, exc.description or "", *secrets) from None
    except requests.RequestException as exc:
        raise network_error(exc, uri_host(registration.token_uri)) from None
    except (ValueError, TypeError, OverflowError) as exc:  # for example an invalid expires_in
        raise malformed_response(registration, exc) from None
