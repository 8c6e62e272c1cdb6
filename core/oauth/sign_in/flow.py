"""What a sign-in is to the rest of the program: begin, and finish.

The libraries do the protocol; their exceptions become ours here and in the flows.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ...errors import Actor, AppError, TryAgain
from ...model import Registration, Tokens
from ...net.network import HttpResponse, quoted
from ...tokenfile.format import jwt_claims
from ..token_response import fits_token_file, parse_lifetime, rejection, server_failure
from .authorization_response import AuthorizationResponse

Clock = Callable[[], float]


class Flow(Protocol):
    """One sign-in: made for it, used once; state and PKCE verifier live in it."""

    def begin(self, redirect_uri: str, login_hint: str) -> tuple[str, str]:
        """The authorization URL and its state; may ask the network (Microsoft's discovery)."""
        ...

    def finish(self, answer: AuthorizationResponse) -> Tokens:
        """Trade the code for tokens."""
        ...


def tokens_of(
    content: Mapping[str, Any], registration: Registration, *, asked_at: float, claims: Any
) -> Tokens:
    """The tokens in a token endpoint's answer (RFC 6749 section 5.1); claims are the id token's."""
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
        issued_at=asked_at,
        expires_at=asked_at + life if life else None,
        account=_account(claims),
    )


def claims_of(id_token: object) -> Mapping[str, Any]:
    """The claims of an id token that came straight from the token endpoint; empty for none.

    Its signature isn't checked: OpenID Connect Core 3.1.3.7 lets TLS stand for it there, and the
    claims are a hint alone.
    """
    return jwt_claims(id_token) if isinstance(id_token, str) else {}


def token_error(
    registration: Registration, error: object, description: object, *secrets: str
) -> AppError:
    """An error answer to the code (RFC 6749 section 5.2), explained without what it was told."""
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
    """For an answer that a library stumbles over; its words may quote the answer."""
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
    """Let the session raise what a server's answer says of itself, before a library reads it.

    So HTML, an overloaded server and the like mean in a sign-in what they mean in a refresh.
    """

    def hook(response: Any, *_: Any, **__: Any) -> None:
        headers = {key.lower(): value for key, value in response.headers.items()}
        answer = HttpResponse(response.status_code, headers, response.content)
        trouble = check(answer, registration)
        if trouble is not None:
            raise trouble

    session.hooks["response"] = [hook]


def _account(claims: Any) -> str:
    """The address an id token names; Microsoft says preferred_username or upn, others email."""
    names = claims if isinstance(claims, dict) else {}
    for claim in ("email", "preferred_username", "upn"):
        value = names.get(claim)
        if isinstance(value, str) and "@" in value and value.isprintable():
            return value
    return ""
