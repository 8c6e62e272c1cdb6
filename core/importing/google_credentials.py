"""Google's JSON files: the credentials of google-auth, and those of its predecessor oauth2client.

The command `gcloud auth application-default login` writes the same form.

https://google-auth.readthedocs.io/en/latest/reference/google.oauth2.credentials.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..errors import as_error
from ..verdicts import local_import
from .found import Found, given_by, text_in, tokens_of

# google-auth leaves it out, or has the endpoint of its own time.
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
# What gcloud itself asks for. Its client ID may not have the scope for mail.
# https://cloud.google.com/sdk/gcloud/reference/auth/application-default/login
_GCLOUD = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com"
_SCOPE_OF_GCLOUD = "https://www.googleapis.com/auth/cloud-platform"


def fits(table: Mapping[str, Any]) -> bool:
    """Whether a JSON object has such credentials."""
    is_google = "token_uri" in table or table.get("type") == "authorized_user"
    return is_google and "client_id" in table and "refresh_token" in table


def read(table: Mapping[str, Any]) -> tuple[Found, ...]:
    """The one account of the file, which in most cases has no address."""
    client_id = text_in(table, "client_id")
    scopes = _scopes(table.get("scopes"))
    if client_id == _GCLOUD and not scopes:
        scopes = (_SCOPE_OF_GCLOUD,)
    file = tokens_of(
        text_in(table, "token") or text_in(table, "access_token"),
        text_in(table, "refresh_token"),
        account=text_in(table, "account") or _address(table.get("id_token")),
        expires_at=_moment(text_in(table, "expiry") or text_in(table, "token_expiry")),
    )
    given = given_by(
        client_id=client_id,
        client_secret=text_in(table, "client_secret"),
        token_uri=text_in(table, "token_uri") or _TOKEN_URI,
    )
    return (Found(file, given, scopes),)


def is_service_account(table: Mapping[str, Any]) -> bool:
    """Whether a JSON object is the key of a service account."""
    return table.get("type") == "service_account"


def refuse_service_account(_table: Mapping[str, Any]) -> tuple[Found, ...]:
    """Raise the error that says what to do with such a key."""
    raise as_error(local_import.SERVICE_ACCOUNT)


def is_client_file(table: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a registered application, as Google's console exports it."""
    return isinstance(table.get("installed") or table.get("web"), dict)


def refuse_client_file(table: Mapping[str, Any]) -> tuple[Found, ...]:
    """Raise the error that says what to do with it."""
    client = table.get("installed") or table["web"]
    raise as_error(local_import.CLIENT_FILE, client_id=text_in(client, "client_id"))


def _scopes(value: object) -> tuple[str, ...]:
    """The granted scopes: google-auth writes a list, some scripts one text."""
    words = value.split() if isinstance(value, str) else value
    return tuple(map(str, words)) if isinstance(words, list) else ()


def _address(id_token: object) -> str:
    """The address in an ID token that oauth2client has decoded."""
    return text_in(id_token, "email") if isinstance(id_token, dict) else ""


def _moment(text: str) -> float | None:
    """The time in UTC, as both libraries write it: with Z, or without a time zone."""
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None
