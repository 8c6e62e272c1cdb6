"""The token cache of msal, Microsoft's library, as its SerializableTokenCache writes it.

The cache has tokens by account, client ID and scopes. A refresh token of Microsoft gives access
tokens for all scopes of its application, so the one for Graph gives one for IMAP too.

https://learn.microsoft.com/entra/msal/python/advanced/msal-python-token-cache-serialization
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import as_error
from ..verdicts import local_import
from .found import Found, given_by, text_in, tokens_of

_MAIL = "imap.accessasuser.all"
_TABLES = ("AccessToken", "RefreshToken", "Account")
_ENDPOINTS = "https://{environment}/{tenant}/oauth2/v2.0/"
_ANY_TENANT = "common"

Entry = Mapping[str, Any]


def fits(table: Mapping[str, Any]) -> bool:
    """Whether a JSON object is such a cache."""
    return any(isinstance(table.get(name), dict) for name in _TABLES)


def read(table: Mapping[str, Any]) -> tuple[Found, ...]:
    """Each account with each client ID that has a refresh token. Raises `AppError` if none has."""
    accounts = {_account_id(entry): entry for entry in _entries(table, "Account")}
    refresh_tokens = [e for e in _entries(table, "RefreshToken") if text_in(e, "secret")]
    if not refresh_tokens:
        raise as_error(local_import.NO_MAILBOX)
    return tuple(
        _found(entry, accounts.get(_account_id(entry), {}), _access(table, entry))
        for entry in refresh_tokens
    )


def _found(refresh: Entry, account: Entry, access: Entry) -> Found:
    tenant = text_in(access, "realm") or text_in(account, "realm") or _ANY_TENANT
    endpoints = _ENDPOINTS.format(environment=text_in(refresh, "environment"), tenant=tenant)
    file = tokens_of(
        text_in(access, "secret"),
        text_in(refresh, "secret"),
        account=text_in(account, "username"),
        issued_at=_moment(access, "cached_at"),
        expires_at=_moment(access, "expires_on"),
    )
    given = given_by(
        client_id=text_in(refresh, "client_id"),
        authorize_uri=f"{endpoints}authorize",
        token_uri=f"{endpoints}token",
    )
    return Found(file, given)


def _access(table: Mapping[str, Any], refresh: Entry) -> Entry:
    """The access token for IMAP of the same account and client ID; empty if there is none."""
    wanted = (_account_id(refresh), text_in(refresh, "client_id"))
    fitting = (
        entry
        for entry in _entries(table, "AccessToken")
        if wanted == (_account_id(entry), text_in(entry, "client_id"))
        and _MAIL in text_in(entry, "target").casefold()
    )
    return next(fitting, {})


def _entries(table: Mapping[str, Any], name: str) -> Iterator[Entry]:
    entries = table.get(name)
    values = entries.values() if isinstance(entries, dict) else ()
    return (entry for entry in values if isinstance(entry, dict))


def _account_id(entry: Entry) -> tuple[str, str]:
    return text_in(entry, "home_account_id"), text_in(entry, "environment")


def _moment(entry: Entry, name: str) -> float | None:
    """A time, which msal writes as a text in seconds since the epoch."""
    text = text_in(entry, name)
    return float(text) if text.isdecimal() and len(text) < 12 else None
