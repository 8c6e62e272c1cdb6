"""Sign-in at any OAuth2 provider that needs no code of its own, by requests-oauthlib."""

from collections.abc import Callable
from functools import partial
from typing import Any

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from ..errors import AppError, TryAgain
from ..http import trouble
from ..model import Registration, Tokens
from ..network import HttpAnswer, Network
from ..providers.values import uri_host
from ..refresh import server_trouble
from .answer import Answer
from .flow import Clock, claims_of, token_error, tokens_of
from .session import under_rules


class PlainFlow:
    """The authorization code flow with PKCE S256 (RFC 6749, RFC 7636)."""

    def __init__(self, registration: Registration, network: Network, clock: Clock) -> None:
        """Nothing is asked before `finish`."""
        self._registration = registration
        self._network = network
        self._clock = clock
        self._session: Any = None

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """Build the URL."""
        registration = self._registration
        session = OAuth2Session(
            registration.client_id,
            redirect_uri=redirect_uri,
            scope=list(registration.scopes),
            pkce="S256",
        )
        self._session = under_rules(session, self._network)
        url, state = session.authorization_url(
            registration.authorize_uri, login_hint=login_hint, **registration.authorize_parameters
        )
        return url, state

    def finish(self, answer: Answer) -> Tokens:
        """Trade the code."""
        asked_at = self._clock()
        session = self._session
        fetch = partial(session.fetch_token, self._registration.token_uri)
        content = fetch_token(fetch, session, self._registration, answer)
        claims = claims_of(content.get("id_token"))
        return tokens_of(content, self._registration, asked_at=asked_at, claims=claims)


def fetch_token(
    fetch: Callable[..., Any], session: Any, registration: Registration, answer: Answer
) -> Any:
    """oauthlib's exchange of the code over its session, with its exceptions turned into ours.

    The secret goes into the body, as in a refresh: a server that takes one way takes this one.
    """
    session.register_compliance_hook("access_token_response", _looked_at(registration))
    try:
        return fetch(
            code=answer.code,
            include_client_id=True,
            client_secret=registration.client_secret or None,
        )
    except Warning as warning:
        # oauthlib raises one where the granted scopes differ from those asked for; the code is used
        # up, the tokens are in it, and the IMAP check will tell whether they are good.
        return warning.token  # type: ignore[attr-defined]
    except OAuth2Error as exc:
        raise token_error(registration, exc.error, exc.description or "", answer.code) from None
    except requests.RequestException as exc:
        raise trouble(exc, uri_host(registration.token_uri)) from None
    except (ValueError, TypeError) as exc:  # expires_in that is no number, a body that is no object
        raise AppError(
            f"{registration.label} sent an answer that is no OAuth2",
            said=type(exc).__name__,
            todo="Sign in again; if it stays so, ask the provider.",
        ) from None


def _looked_at(registration: Registration) -> Any:
    def look(response: requests.Response) -> requests.Response:
        headers = {key.lower(): value for key, value in response.headers.items()}
        answer = HttpAnswer(response.status_code, headers, response.content)
        error: TryAgain | None = server_trouble(answer, registration)
        if error is not None:
            raise error
        return response

    return look
