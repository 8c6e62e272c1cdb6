"""The interface of a sign-in: build the authorization URL, then exchange the code for tokens.

The sign-in libraries implement the protocol. Here and in the flows their exceptions are turned
into `AppError`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ...errors import AppError, TryAgain
from ...model import Registration, Tokens
from ...net.network import HttpResponse, quoted
from ...tokenfile.format import jwt_claims
from ...verdicts.verdict import Actor
from ..token_response import fits_token_file, parse_lifetime, rejection, server_failure
from .authorization_response import AuthorizationResponse

Clock = Callable[[], float]


class Flow(Protocol):
    """A single sign-in with its state and its PKCE verifier; used once."""

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """The authorization URL and its state; at Microsoft this requests the tenant's metadata."""
        ...

    def finish(self, response: AuthorizationResponse) -> Tokens:
        """Exchange the code for tokens."""
        ...


def tokens_of(
    content: Mapping[str, Any], registration: Registration, *, requested_at: float, claims: Any
) -> Tokens:
    """Read the tokens in a token endpoint's response (RFC 6749 section 5.1).

    `claims` are those of the id token. Raises `AppError` if the tokens are unusable.
    """
    access, refresh = content.get("access_token"), content.get("refresh_token") or ""
    if not fits_token_file(access, refresh):
        raise AppError(
            f"{registration.label} sent no usable token",
            hint="Sign in again; if it stays so, choose another --application.",
            actor=Actor.PROVIDER,
        )
    life = parse_lifetime(content.get("expires_in"))
    return Tokens(
        access=str(access),
        refresh=str(refresh),
        issued_at=requested_at,
        expires_at=requested_at + life if life else None,
        account=_account(claims),
    )


def claims_of(id_token: object) -> Mapping[str, Any]:
    """The claims of an id token that came directly from the token endpoint; empty if none.

    The signature isn't checked: OpenID Connect Core 3.1.3.7 accepts TLS instead, and the claims are
    only a hint.
    """
    return jwt_claims(id_token) if isinstance(id_token, str) else {}


def token_error(
    registration: Registration, error: object, description: object, *secrets: str
) -> AppError:
    """The error for an error response to the code (RFC 6749 section 5.2), without the secrets."""
    secrets = (registration.client_secret, *secrets)
    detail = quoted(f"{error}: {description}" if description else error, *secrets)
    if error == "invalid_grant":
        return AppError(
            f"{registration.label} doesn't take the code",
            detail=detail,
            hint="Codes last minutes and work once: sign in again.",
        )
    return rejection(registration, str(error), detail)


def malformed_response(registration: Registration, exc: Exception) -> AppError:
    """The error for a response that a library can't read.

    The exception's text isn't shown, since it may quote the response.
    """
    return AppError(
        f"{registration.label} sent an answer that is no OAuth2",
        detail=type(exc).__name__,
        hint="Sign in again; if it stays so, ask the provider.",
        actor=Actor.PROVIDER,
    )


ResponseCheck = Callable[[HttpResponse, Registration], TryAgain | None]


def check_responses(
    session: Any, registration: Registration, check: ResponseCheck = server_failure
) -> None:
    """Make the session raise the error that `check` finds in a response.

    The library then never sees such a response, and a sign-in reports a server's problems in the
    same way as a refresh.
    """

    def hook(response: Any, *_: Any, **__: Any) -> None:
        headers = {key.lower(): value for key, value in response.headers.items()}
        error = check(HttpResponse(response.status_code, headers, response.content), registration)
        if error is not None:
            raise error

    session.hooks["response"] = [hook]


def _account(claims: Any) -> str:
    """The account in an id token; Microsoft uses preferred_username or upn, others email."""
    names = claims if isinstance(claims, dict) else {}
    for claim in ("email", "preferred_username", "upn"):
        value = names.get(claim)
        if isinstance(value, str) and "@" in value and value.isprintable():
            return value
    return ""
