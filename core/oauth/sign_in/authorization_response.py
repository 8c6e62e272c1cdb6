"""The authorization response of the sign-in page (RFC 6749 §4.1.2).

Nothing here contacts the provider. Whether the code is valid shows when it is exchanged for tokens.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus

from ...errors import AppError, Misconfigured, as_error
from ...net.network import quoted
from ...providers.fields import Registration
from ...verdicts.local_sign_in import (
    ANSWER_OF_ANOTHER_SERVER,
    ANSWER_OF_ANOTHER_SIGN_IN,
    ANSWER_WITHOUT_CODE,
    ANSWER_WITHOUT_STATE,
)
from ...verdicts.match import match
from ...verdicts.verdict import Origin, Symptom
from ..answer import answer_of
from ..registration_facts import facts_of, parameters_of

# RFC 6749 appendix A.11: a code consists of VSCHAR.
_CODE = re.compile(r"[\x20-\x7e]+")
# In these parameters "+" is a plus sign and not a space: codes may hold it, and some pages send it
# unencoded. They never hold a space.
_PLUS_IS_LITERAL = ("code", "state")
# What is read from a response must not be ambiguous. Other parameters may come twice.
_UNAMBIGUOUS = ("code", "state", "error", "iss")


class NotThisAnswer(AppError):
    """The input is not the response to this sign-in; the program can go on waiting."""


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """The sign-in that waits for a response: what the response is compared with.

    `url` is the authorization URL, with this `state`; `address` is the account that should sign in.
    """

    registration: Registration
    address: str
    url: str = field(repr=False)
    state: str = field(repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """The values for the texts of an error; none is a secret."""
        return parameters_of(self.registration, self.address)


@dataclass(frozen=True, slots=True)
class AuthorizationResponse:
    """An authorization response that holds a code and belongs to this sign-in."""

    code: str = field(repr=False)
    state: str = field(repr=False)


def parse_form(text: str) -> dict[str, str]:
    """The parameters of a query or form body, without empty ones (RFC 6749 §3.1).

    Of a parameter that comes twice, the first value counts. Raises ValueError if the code, the
    state, the error or the issuer comes twice with different values.
    """
    parameters: dict[str, str] = {}
    for pair in text.split("&"):
        raw_name, _, raw = pair.partition("=")
        name = unquote_plus(raw_name)
        value = unquote(raw) if name in _PLUS_IS_LITERAL else unquote_plus(raw)
        if value and parameters.setdefault(name, value) != value and name in _UNAMBIGUOUS:
            raise ValueError(f"the parameter {name} comes twice")
    return parameters


def same_state(given: str, expected: str) -> bool:
    """Whether two states are equal; the comparison takes constant time."""
    return hmac.compare_digest(
        given.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass")
    )


def is_code(text: str) -> bool:
    """Whether the text is a valid code according to the RFC."""
    return _CODE.fullmatch(text) is not None


def symptom_of(
    pending: PendingSignIn, *, error: str, words: str, suberror: str = "", **facts: Any
) -> Symptom:
    """What an error of the sign-in page is recognised by; `facts` replace the registration's."""
    return Symptom(
        Origin.AUTHORIZATION,
        error,
        suberror,
        words=words,
        **{**facts_of(pending.registration), **facts},
    )


def read_parameters(parameters: Mapping[str, str], pending: PendingSignIn) -> AuthorizationResponse:
    """Read the parameters of an authorization response.

    Raises `NotThisAnswer` if they hold no code or belong to another sign-in, `Misconfigured` if
    they come from another server, and the error of the sign-in page if they hold one. An error
    needs neither state nor issuer, since it can only end this sign-in.
    """
    given = parameters.get("state", "")
    if given and not same_state(given, pending.state):
        raise NotThisAnswer(ANSWER_OF_ANOTHER_SIGN_IN, **pending.parameters)
    if parameters.get("error"):
        raise _error_in(parameters, pending)
    code = parameters.get("code", "")
    if not is_code(code):
        raise NotThisAnswer(ANSWER_WITHOUT_CODE, **pending.parameters)
    if not given:
        raise NotThisAnswer(ANSWER_WITHOUT_STATE, **pending.parameters)
    _refuse_other_server(parameters.get("iss", ""), pending)
    return AuthorizationResponse(code=code, state=given)


def _refuse_other_server(issuer: str, pending: PendingSignIn) -> None:
    """Raise `Misconfigured` if the answer comes from another server than the one that was asked.

    Else a server that the user was led to could make this program send it the code of another
    server (RFC 9207 section 1).
    """
    registration = pending.registration
    missing = registration.sends_issuer and not issuer
    if registration.issuer and (missing or issuer not in ("", registration.issuer)):
        raise Misconfigured(
            ANSWER_OF_ANOTHER_SERVER,
            detail=f"iss {quoted(issuer)}" if issuer else "",
            issuer=registration.issuer,
            **pending.parameters,
        )


def _error_in(parameters: Mapping[str, str], pending: PendingSignIn) -> AppError:
    answer = answer_of(parameters)
    symptom = symptom_of(
        pending,
        error=answer.error,
        suberror=answer.suberror,
        words=answer.words,
        codes=answer.codes,
    )
    secrets = (pending.state, parameters.get("code", ""))
    detail = quoted(": ".join(filter(None, (answer.error, answer.words))), *secrets)
    return as_error(match(symptom), detail=detail, **pending.parameters)
