"""What the token in the first line tells of itself: its kind, its time, its owner.

Nothing is verified and nobody is asked: only the mail server's word would be proof.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..address import same_address
from ..tokenfile.format import TokenFile, jwt_claims
from .finding import SIGN_IN, Finding

# How Google's and Microsoft's refresh tokens begin (Entra's, then those of personal accounts).
_REFRESH = re.compile(r"1//|[01]\.A[\w-]{2}|M\.C\d+_")
# Where a JWT is for the application itself: OpenID Connect Core sections 2 and 3.1.3.6.
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")
_OWNERS = ("upn", "preferred_username", "unique_name", "email")
_JWT = "eyJ"  # {" in base64
_KINDS = ((_JWT, "a JWT"), ("ya29.", "Google's form"), ("EwB", "Microsoft's form"))


@dataclass(frozen=True, slots=True)
class CheckedToken:
    """A token file that can be read, with what is needed to judge it."""

    file: TokenFile
    claims: Mapping[str, Any] = field(repr=False)
    now: float
    client_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """`finds` gives what stands for `{}` in the sentence, or None where all is well."""

    name: str
    finds: Callable[[CheckedToken], str | None]
    sentence: str
    todo: str


def check_tokens(file: TokenFile, *, now: float, client_ids: frozenset[str]) -> tuple[Finding, ...]:
    """What would go wrong with this token, at this moment."""
    held = CheckedToken(file, jwt_claims(file.access), now, client_ids)
    found = ((check, check.finds(held)) for check in TOKEN_CHECKS)
    return tuple(
        Finding(check.name, check.sentence.format(detail), check.todo)
        for check, detail in found
        if detail is not None
    )


def kind_of(token: str) -> str:
    """The form of a token in words, never a part of it; empty where it can't be told."""
    if _REFRESH.match(token):
        return "the form of a refresh token"
    return next((words for start, words in _KINDS if token.startswith(start)), "")


def _cut(held: CheckedToken) -> str | None:
    """A JWT has three parts, an encrypted one (RFC 7516), which nobody here can read, five."""
    token, dots = held.file.access, held.file.access.count(".")
    whole = dots == 4 or (dots == 2 and bool(held.claims))
    return "" if token.startswith(_JWT) and not whole else None


def _id_token(held: CheckedToken) -> str | None:
    claims, audience = held.claims, held.claims.get("aud")
    for_application = isinstance(audience, str) and audience in held.client_ids
    return "" if for_application or any(name in claims for name in _OF_ID_TOKENS) else None


def _refresh_token(held: CheckedToken) -> str | None:
    access = held.file.access
    is_refresh = _REFRESH.match(access) or access == held.file.refresh
    return "" if access and is_refresh else None


def _expired(held: CheckedToken) -> str | None:
    expires_at = held.file.expires_at
    if expires_at is None or expires_at > held.now:
        return None
    return datetime.fromtimestamp(expires_at).strftime("%Y-%m-%d %H:%M")


def _other_account(held: CheckedToken) -> str | None:
    """Whom the token names, where the file doesn't name them."""
    expected = [name for name in (held.file.account, held.file.login_hint) if name]
    named = [held.claims[key] for key in _OWNERS if isinstance(held.claims.get(key), str)]
    if not (expected and named):
        return None
    if any(same_address(one, other) for one in expected for other in named):
        return None
    return f"{named[0]!a}, and the file {expected[0]}"


TOKEN_CHECKS: tuple[TokenCheck, ...] = (
    TokenCheck(
        "token_cut_short",
        _cut,
        "The token in the first line isn't whole: a part of it was lost on the way into the file",
        SIGN_IN,
    ),
    TokenCheck(
        "id_token",
        _id_token,
        "The first line holds an id token, which tells an application who signed in; a mail server "
        "wants the access token",
        SIGN_IN,
    ),
    TokenCheck(
        "refresh_token",
        _refresh_token,
        "The first line holds a refresh token; a mail server wants the access token there",
        SIGN_IN,
    ),
    TokenCheck(
        "expired",
        _expired,
        "The access token expired at {}: the mail server refuses it",
        "Refresh it: oauth2_imap ADDRESS; with --loop it stays fresh",
    ),
    TokenCheck(
        "other_account",
        _other_account,
        "The token names {}: the mail server may refuse it",
        "Sign in as the owner, or name who signs in with --login_hint: oauth2_imap --startover "
        "ADDRESS",
    ),
)
