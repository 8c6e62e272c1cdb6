"""The authorization response of the sign-in page (RFC 6749 §4.1.2).

Nothing here contacts the provider. Whether the code is valid shows when it is exchanged for tokens.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

from ...errors import AppError, TryAgain
from ...net.network import quoted
from ...verdicts.verdict import Actor

# RFC 6749 appendix A.11: a code consists of VSCHAR.
_CODE = re.compile(r"[\x20-\x7e]+")
# In these parameters "+" is a plus sign and not a space: codes may hold it, and some pages send it
# unencoded. They never hold a space.
_PLUS_IS_LITERAL = ("code", "state")
# RFC 6749 §4.1.2.1: these two are temporary problems of the server.
_TRANSIENT_ERRORS = ("server_error", "temporarily_unavailable")


class NotThisAnswer(AppError):
    """The input is not the response to this sign-in; the program can go on waiting."""


@dataclass(frozen=True, slots=True)
class AuthorizationResponse:
    """An authorization response that holds a code and belongs to this sign-in."""

    code: str = field(repr=False)
    state: str = field(repr=False)


def parse_form(text: str) -> dict[str, str]:
    """The parameters of a query or form body, without empty ones (RFC 6749 §3.1).

    Raises ValueError if a parameter occurs twice with different values.
    """
    parameters: dict[str, str] = {}
    for pair in text.split("&"):
        name, _, raw = pair.partition("=")
        value = unquote(raw) if name in _PLUS_IS_LITERAL else unquote_plus(raw)
        if value and parameters.setdefault(unquote_plus(name), value) != value:
            raise ValueError("a parameter comes twice")
    return parameters


def same_state(given: str, expected: str) -> bool:
    """Whether two states are equal; the comparison takes constant time."""
    return hmac.compare_digest(
        given.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass")
    )


def is_code(text: str) -> bool:
    """Whether the text is a valid code according to the RFC."""
    return _CODE.fullmatch(text) is not None


def read_parameters(parameters: Mapping[str, str], state: str) -> AuthorizationResponse:
    """Read the parameters of an authorization response.

    Raises `NotThisAnswer` if they hold no code or belong to another sign-in, and another `AppError`
    if they hold an `error`. An error needs no state, since it can only end this sign-in.
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
