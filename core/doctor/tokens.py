"""What the token in the first line shows about its type, its expiry and its owner.

Nothing is verified, and no server is asked. Only a login at the mail server can show that it works.
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..address import same_address
from ..i18n.translation import N_, _
from ..oauth.claims import accounts_of
from ..oauth.grant import can_be_renewed
from ..times import date_and_time
from ..tokenfile.format import TokenFile, jwt_claims
from .finding import GET_NEW_TOKEN, Finding

# The beginnings of refresh tokens: Google's, Entra's, and those of personal Microsoft accounts.
_REFRESH = re.compile(r"1//|[01]\.A[\w-]{2}|M\.C\d+_")
# Claims that only ID tokens have: OpenID Connect Core sections 2 and 3.1.3.6.
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")
_JWT = "eyJ"  # {" in base64
_SHORTEST = 20  # characters; every provider's access token is much longer
_B68 = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1
# What people save in place of a token, by its form. What may be repeated before a word is looked at
# in a lookahead: without it, a long line would be tried in quadratic time.
_WRONG_KINDS = (
    (
        re.compile(r"(?i)(export\s+)?(?=\w*(token|secret|password))\w+\s*[=:].*"),
        N_("a line of settings"),
    ),
    (re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.*"), N_("a web address")),
    (re.compile(r"4/[0-9].*"), N_("an authorization code of Google")),
    (re.compile(r"GOCSPX-.*"), N_("a client secret of Google")),
    (re.compile(r"[\w.~-]{3}[0-9]Q~[\w.~-]{31,34}"), N_("a client secret of Microsoft")),
    (re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), N_("a client ID or a tenant")),
    (re.compile(r".*\.apps\.googleusercontent\.com"), N_("a client ID of Google")),
    (re.compile(r"[^@\s]+@(?=[^@\s]+\.[^@\s])[^@\s]+"), N_("a mail address")),
)
_PATH = re.compile(r"(~?/|\\\\|\.\.?[/\\]|[A-Za-z]:[/\\]).*")
_SHORTENED = re.compile(r".*(\.\.\.|\u2026)")
_OF_ACCESS_TOKENS = ("ya29.", "EwB")
_KINDS = (
    (_JWT, "JWT"),
    ("ya29.", N_("Google access token")),
    ("EwB", N_("Microsoft access token")),
)


@dataclass(frozen=True, slots=True)
class CheckedToken:
    """The content of a token file, with what is needed to check it."""

    file: TokenFile
    claims: Mapping[str, Any] = field(repr=False)
    now: float
    client_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """One row of the table. `finds` returns the values for `message`, or None if all is well."""

    name: str
    finds: Callable[[CheckedToken], Mapping[str, str] | None]
    message: str
    hint: str


def check_tokens(file: TokenFile, *, now: float, client_ids: frozenset[str]) -> tuple[Finding, ...]:
    """List what would go wrong with this token now."""
    token = CheckedToken(file, jwt_claims(file.access), now, client_ids)
    found = ((check, check.finds(token)) for check in TOKEN_CHECKS)
    return tuple(
        Finding(check.name, _(check.message, **values), _(check.hint))
        for check, values in found
        if values is not None
    )


def kind_of(token: str) -> str:
    """The type of a token, judged by how it begins; empty if it is unknown."""
    if _REFRESH.match(token):
        return N_("refresh token")
    return next((words for start, words in _KINDS if token.startswith(start)), "")


def _wrong_kind(token: CheckedToken) -> Mapping[str, str] | None:
    """What is on the first line instead of an access token, as far as its form tells."""
    access = token.file.access
    kind = _wrong_form(access)
    if not access or kind:
        return {"kind": _(kind)} if kind else None
    if kind_of(access):
        is_token = _REFRESH.match(access) or _B68.fullmatch(access)
        return None if is_token else {"kind": _("a token with characters that no token has")}
    if _is_oauthdirect(access):
        return {"kind": _("text for imapsync's --oauthdirect1 or --oauthdirect2")}
    if _PATH.fullmatch(access):
        return {"kind": _("a path")}
    if len(access) < _SHORTEST or not _B68.fullmatch(access):
        return {"kind": _("something else, perhaps a password")}
    return None


def _wrong_refresh_token(token: CheckedToken) -> Mapping[str, str] | None:
    """What is on the second line instead of a refresh token, as far as its form tells."""
    refresh = token.file.refresh
    kind = _wrong_form(refresh)
    if refresh.startswith(_OF_ACCESS_TOKENS):
        kind = N_("an access token")
    return {"kind": _(kind)} if kind else None


def _wrong_form(text: str) -> str:
    """What a text looks like that can be neither token; empty if it may be one."""
    if _SHORTENED.fullmatch(text):
        return N_("a token that was shortened on the screen")
    if kind_of(text):
        return ""
    return next((kind for form, kind in _WRONG_KINDS if form.fullmatch(text)), "")


def _is_oauthdirect(text: str) -> bool:
    """Whether it is a whole login (https://developers.google.com/gmail/imap/xoauth2-protocol)."""
    try:
        return base64.b64decode(text, validate=True).startswith((b"user=", b"n,a="))
    except ValueError:
        return False


def _no_refresh_token(token: CheckedToken) -> Mapping[str, str] | None:
    return None if can_be_renewed(token.file) else {}


def _cut(token: CheckedToken) -> Mapping[str, str] | None:
    """A JWT has three parts. An encrypted one (RFC 7516), which we can't read, has five."""
    access, dots = token.file.access, token.file.access.count(".")
    whole = dots == 4 or (dots == 2 and bool(token.claims))
    return {} if access.startswith(_JWT) and not whole else None


def _id_token(token: CheckedToken) -> Mapping[str, str] | None:
    claims, audience = token.claims, token.claims.get("aud")
    for_application = isinstance(audience, str) and audience in token.client_ids
    return {} if for_application or any(name in claims for name in _OF_ID_TOKENS) else None


def _refresh_token(token: CheckedToken) -> Mapping[str, str] | None:
    access = token.file.access
    is_refresh = _REFRESH.match(access) or access == token.file.refresh
    return {} if access and is_refresh else None


def _expired(token: CheckedToken) -> Mapping[str, str] | None:
    expires_at = token.file.expires_at
    if expires_at is None or expires_at > token.now:
        return None
    return {"time": date_and_time(expires_at)}


def _other_account(token: CheckedToken) -> Mapping[str, str] | None:
    """The account of the token and that of the file, if they differ."""
    expected = [name for name in (token.file.account, token.file.login_hint) if name]
    named = accounts_of(token.file.access)
    if not (expected and named):
        return None
    if any(same_address(one, other) for one in expected for other in named):
        return None
    return {"token_account": named[0], "file_account": expected[0]}


TOKEN_CHECKS: tuple[TokenCheck, ...] = (
    TokenCheck(
        "token_cut_short",
        _cut,
        N_("The token in the first line is incomplete. A part of it was lost when it was saved"),
        GET_NEW_TOKEN,
    ),
    TokenCheck(
        "id_token",
        _id_token,
        N_(
            "The first line is an ID token, which tells an application who signed in. A mail "
            "server needs the access token"
        ),
        GET_NEW_TOKEN,
    ),
    TokenCheck(
        "refresh_token",
        _refresh_token,
        N_("The first line is the refresh token. A mail server needs the access token"),
        GET_NEW_TOKEN,
    ),
    TokenCheck(
        "no_access_token",
        _wrong_kind,
        N_("The first line has not the form of an access token. It looks like {kind}"),
        GET_NEW_TOKEN,
    ),
    TokenCheck(
        "wrong_refresh_token",
        _wrong_refresh_token,
        N_("The second line has not the form of a refresh token. It looks like {kind}"),
        GET_NEW_TOKEN,
    ),
    TokenCheck(
        "no_refresh_token",
        _no_refresh_token,
        N_(
            "The file has no refresh token, so oauth2_imap can't refresh the access token. It is "
            "valid for about an hour"
        ),
        GET_NEW_TOKEN,
    ),
    TokenCheck(
        "expired",
        _expired,
        N_("The access token expired at {time}. The mail server refuses it"),
        N_("Refresh it: oauth2_imap ADDRESS. With --loop, oauth2_imap keeps it fresh"),
    ),
    TokenCheck(
        "other_account",
        _other_account,
        N_(
            "The token belongs to {token_account}, but the file belongs to {file_account}. The "
            "mail server may refuse the token"
        ),
        N_(
            "Sign in as the owner of the mailbox: oauth2_imap --startover ADDRESS. If another user "
            "may open the mailbox, add --login_hint with the address of that user"
        ),
    ),
)
