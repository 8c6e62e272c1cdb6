"""The interface to the libraries: build the authorization URL, then exchange the code for tokens.

The sign-in libraries implement the protocol, but they don't read answers: each would take another
part of them, and a code works once. `exchange` reads the answer and hands the library a clean one.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests

from ...net.faults import network_error
from ...net.response import HttpResponse
from ...providers.fields import Registration
from ...providers.values import uri_host
from ..token_response import TokenRequest, read_tokens
from ..tokens import Tokens
from .authorization_response import AuthorizationResponse

Clock = Callable[[], float]
GRANT = "authorization_code"


class CodeClient(Protocol):
    """A library's part of a single sign-in, with its state and its PKCE verifier.

    A sign-in can be finished by another client, in a later run: `restore` takes what `kept` gave.
    """

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """The authorization URL and its state; at Microsoft this requests the tenant's metadata."""
        ...

    def kept(self) -> Mapping[str, Any]:
        """What `restore` needs, as JSON can hold it. It is secret: the verifier is in it."""
        ...

    def restore(self, kept: Mapping[str, Any], login_hint: str) -> None:
        """Go on where `begin` has ended; at Microsoft this requests the tenant's metadata."""
        ...

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens; raises the `AppError` that the answer means."""
        ...


def exchange(
    send: Callable[[], object], session: requests.Session, request: TokenRequest, *, now: float
) -> Tokens:
    """Let a library send the code over its session; return the tokens in the answer.

    Raises the `AppError` that the answer, or a fault of the network, means.
    """
    tokens: list[Tokens] = []

    def read(response: requests.Response, *_: Any, **__: Any) -> None:
        tokens.append(read_tokens(http_response(response), request, now=now))
        _simplify(response, tokens[0])

    on_response(session, read)
    post(send, request.registration)
    return tokens[0]


def on_response(session: requests.Session, hook: Callable[..., None]) -> None:
    """Call this function with each response, before the library sees it."""
    session.hooks["response"] = [hook]


def post(send: Callable[[], object], registration: Registration) -> object:
    """Let a library send a request; a fault of the network becomes an `AppError`."""
    try:
        return send()
    except requests.RequestException as exc:
        # Its message may quote the request.
        raise network_error(exc, uri_host(registration.token_uri)) from None


def http_response(response: requests.Response) -> HttpResponse:
    """The response of a library's session as `core.net` has it."""
    headers = {key.lower(): value for key, value in response.headers.items()}
    return HttpResponse(response.status_code, headers, response.content)


def replace_body(response: requests.Response, content: object) -> None:
    """Replace a response by a success with this content in JSON."""
    response.status_code = 200
    response.headers["Content-Type"] = "application/json"
    response.encoding = "utf-8"
    response._content = json.dumps(content).encode("ascii")


def _simplify(response: requests.Response, tokens: Tokens) -> None:
    """Leave only what makes a library content.

    The id token is left out, since a wrong clock or an odd claim must not cost the sign-in: its
    account is only a hint. The scopes are left out too: oauthlib raises an exception if they are
    not those that were asked for.
    """
    content = {"access_token": tokens.access, "token_type": "Bearer"}
    if tokens.refresh:
        content["refresh_token"] = tokens.refresh
    replace_body(response, content)
