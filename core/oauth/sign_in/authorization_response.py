"""What the sign-in page answered (RFC 6749 §4.1.2), by whichever way it came back.

It does not ask the provider anything: whether the code is worth something shows in the exchange.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

from ...errors import Actor, AppError, TryAgain
from ...net.network import quoted

# RFC 6749 appendix A.11: a code is made of VSCHAR.
_CODE = re.compile(r"[\x20-\x7e]+")
# In these a "+" is a plus: codes hold it, and pages that don't encode it exist; a space they don't.
_PLUS_IS_LITERAL = ("code", "state")
# RFC 6749 §4.1.2.1: the two that are the server's trouble and may pass.
_TRANSIENT_ERRORS = ("server_error", "temporarily_unavailable")


class NotThisAnswer(AppError):
    """What came isn't the answer to this sign-in; the wait for it can go on."""


@dataclass(frozen=True, slots=True)
class AuthorizationResponse:
    """An authorization response that carries a code and belongs to this sign-in."""

    code: str = field(repr=False)
    state: str = field(repr=False)


def parse_form(text: str) -> dict[str, str]:
    """The parameters of a query or form body, without empty ones (RFC 6749 §3.1).

    Raises ValueError where a name comes twice with different values: nobody knows which one counts.
    """
    parameters: dict[str, str] = {}
    for pair in text.split("&"):
        name, _, raw = pair.partition("=")
        value = unquote(raw) if name in _PLUS_IS_LITERAL else unquote_plus(raw)
        if value and parameters.setdefault(unquote_plus(name), value) != value:
            raise ValueError("a parameter comes twice")
    return parameters


def same_state(given: str, expected: str) -> bool:
    """Whether two states are equal, in a time that doesn't tell where they differ."""
    return hmac.compare_digest(
        given.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass")
    )


def is_code(text: str) -> bool:
    """Whether the RFC allows this as a code."""
    return _CODE.fullmatch(text) is not None


def read_parameters(parameters: Mapping[str, str], state: str) -> AuthorizationResponse:
    """The answer in an authorization response.

    Raises `NotThisAnswer` for none and for another sign-in's; another `AppError` for an `error`,
    also for one without a state: it can only end this sign-in.
    """
    given = parameters.get("state", "")
    if given and not same_state(given, state):
        raise NotThisAnswer(
            "This answer belongs to another sign-in",
            hint="Use the page that was opened last, or start the sign-in again",
        )
    if parameters.get("error"):
        raise _error_in(parameters, state)
    code = parameters.get("code", "")
    if not is_code(code):
        raise NotThisAnswer(
            "The sign-in page's answer carries no code", hint="Start the sign-in again"
        )
    if not given:
        raise NotThisAnswer(
            "The answer doesn't say which sign-in it belongs to", hint="Start the sign-in again"
        )
    return AuthorizationResponse(code=code, state=given)


def _error_in(parameters: Mapping[str, str], state: str) -> AppError:
    error = parameters["error"]
    description = parameters.get("error_description", "")
    secrets = (state, parameters.get("code", ""))
    detail = quoted(f"{error}: {description}" if description else error, *secrets)
    if error == "access_denied":
        return AppError(
            "Access was refused, by you or by the sign-in page",
            detail=detail,
            hint="Sign in again and accept the request; if the page doesn't offer that, "
            "ask your administrator to allow the application",
        )
    if error in _TRANSIENT_ERRORS:
        return TryAgain(
            "The sign-in page has trouble of its own",
            detail=detail,
            hint="Try again in a few minutes",
            actor=Actor.PROVIDER,
        )
    return AppError(
        "The sign-in page answered with an error",
        detail=detail,
        hint="Sign in again; if it stays, show this message to your administrator",
    )
