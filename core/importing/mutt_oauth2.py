"""The token file of mutt_oauth2, once it is decrypted.

Early versions keep the client ID in the script and not in this file.

https://gitlab.com/muttmua/mutt/-/blob/master/contrib/mutt_oauth2.py
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .found import Found, given_by, text_in, tokens_of

_TOKEN_URIS = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
}
_ANY_TENANT = "common"


def fits(table: Mapping[str, Any]) -> bool:
    """Whether a JSON object is such a file."""
    return {"registration", "access_token_expiration"} <= table.keys()


def read(table: Mapping[str, Any]) -> tuple[Found, ...]:
    """The one account of the file."""
    tenant = text_in(table, "tenant") or _ANY_TENANT
    uri = _TOKEN_URIS.get(text_in(table, "registration"), "")
    file = tokens_of(
        text_in(table, "access_token"),
        text_in(table, "refresh_token"),
        account=text_in(table, "email"),
        expires_at=_moment(text_in(table, "access_token_expiration")),
    )
    client_id = text_in(table, "client_id")
    given = given_by(
        client_id=client_id,
        client_secret=text_in(table, "client_secret"),
        token_uri=uri.format(tenant=tenant),
    )
    return (Found(file, given, client_unknown=not client_id),)


def _moment(text: str) -> float | None:
    """The time, which the script writes in the time zone of its computer."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
