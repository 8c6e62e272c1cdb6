"""What a token says of itself: who signed in, for which application, and what it allows.

The claims are not verified, so they are a hint for the user and never a proof. An ID token comes
straight from the token endpoint over TLS, which OpenID Connect accepts in place of its signature
(Core section 3.1.3.7). An access token is made for the mail server, in any form that the server
likes: Microsoft's for organisations are JWTs, Google's are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..plain_text import visible
from ..tokenfile.format import LATEST, jwt_claims

# RFC 7519, RFC 9068, OpenID Connect Core section 5.1, and for Microsoft's:
# https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
_ACCOUNT = ("email", "preferred_username", "upn", "unique_name")
_CLIENT_ID = ("appid", "azp", "client_id")
_SCOPES = ("scp", "scope")
_PERSONAL = "live.com#"  # Microsoft puts it before the address of a personal account
_LONGEST_ADDRESS = 320  # characters (RFC 5321)
_LONGEST = 1000  # characters of any other claim
_MOST = 50  # values of one claim


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a token as text without control characters; empty or None if unknown.

    `accounts` are the names of the one account that signed in, and `audience` the services that the
    token is for. `scopes` are what the user allowed, `roles` what an administrator allowed the
    application itself.
    """

    accounts: tuple[str, ...] = ()
    tenant: str = ""
    application: str = ""
    client_id: str = ""
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    issuer: str = ""
    issued_at: float | None = None
    expires_at: float | None = None


def read_claims(token: str) -> Claims | None:
    """The claims of a token; None if it is no JWT, or one that only the server can read."""
    claims = jwt_claims(token)
    if not claims:
        return None
    return Claims(
        accounts=tuple(dict.fromkeys(filter(None, map(_account, map(claims.get, _ACCOUNT))))),
        tenant=_text(claims.get("tid")),
        application=_text(claims.get("app_displayname")),
        client_id=_first(claims, _CLIENT_ID),
        scopes=tuple(_first(claims, _SCOPES).split()) or _texts(claims.get("scp")),
        roles=_texts(claims.get("roles")),
        audience=_texts(claims.get("aud")),
        issuer=_text(claims.get("iss")),
        issued_at=_moment(claims.get("iat")),
        expires_at=_moment(claims.get("exp")),
    )


def accounts_of(*tokens: str) -> tuple[str, ...]:
    """The names of the account that signed in, by the first of the tokens that says it."""
    named = (claims.accounts for token in tokens if (claims := read_claims(token)))
    return next(filter(None, named), ())


def _account(value: object) -> str:
    name = value.strip().removeprefix(_PERSONAL) if isinstance(value, str) else ""
    is_address = "@" in name and name.isprintable() and len(name) <= _LONGEST_ADDRESS
    return name if is_address else ""


def _first(claims: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next(filter(None, (_text(claims.get(name)) for name in names)), "")


def _text(value: object) -> str:
    return visible(value.strip())[:_LONGEST] if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    """The values of a claim that is one text or a list of texts."""
    listed = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_text, listed[:_MOST])))


def _moment(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < LATEST else None
