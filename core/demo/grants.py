"""What the demo's authorization server has granted, kept in memory.

oauthlib decides what a request must hold and how it is answered. It asks these methods about the
one client, the codes and the tokens; oauthlib's `RequestValidator` documents each of them.
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from oauthlib.oauth2 import RequestValidator

from ..net.network import LOOPBACK_HOSTS

CLIENT_ID = "demo"


class Grants(RequestValidator):  # type: ignore[misc]  # oauthlib ships no types
    """One public client, which must use PKCE, and the accounts that can sign in.

    A grant is the authorize request that the account's owner allowed. Codes and tokens lead to it.
    """

    def __init__(self, account: str) -> None:
        self.accounts: dict[str, None] = {account: None}  # a set in order
        self.codes: dict[str, Any] = {}
        self.access_tokens: dict[str, Any] = {}
        self.refresh_tokens: dict[str, Any] = {}

    def account_of(self, access_token: str) -> str | None:
        """Return whose mailbox the token opens; None if the token isn't valid."""
        grant = self.access_tokens.get(access_token)
        return None if grant is None else self.who_allows(grant)

    def who_allows(self, request: Any) -> str:
        """Return the account that an authorize request means by its hint, or else the first one."""
        hint = request.login_hint
        return hint if hint in self.accounts else next(iter(self.accounts))

    def withdraw(self, account: str) -> None:
        """Take back what the account has granted, as its owner or an administrator would.

        Access tokens live on until they expire, as at Microsoft: no mail server asks about them.
        """
        tokens = self.refresh_tokens
        for token in [t for t, grant in tokens.items() if account == self.who_allows(grant)]:
            del tokens[token]

    def grant_of(self, request: Any) -> Any:
        """Return the grant that a validated token request rests on."""
        if request.grant_type == "refresh_token":
            return self.refresh_tokens[request.refresh_token]
        return self.codes[request.code]

    # The client.

    def authenticate_client(self, request: Any) -> bool:
        request.client = SimpleNamespace(client_id=CLIENT_ID)
        return bool(request.client_id == CLIENT_ID)

    def validate_client_id(self, client_id: str, request: Any) -> bool:
        return client_id == CLIENT_ID

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any) -> bool:
        """Any port and path on loopback (RFC 8252 section 7.3)."""
        parts = urlsplit(redirect_uri)
        return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_HOSTS

    def get_default_redirect_uri(self, client_id: str, request: Any) -> None:
        """There is none: the request must name it."""

    def get_default_scopes(self, client_id: str, request: Any) -> list[str]:
        return ["mail"]

    def _always(self, *_: Any) -> bool:
        return True

    is_pkce_required = validate_response_type = validate_grant_type = _always
    validate_scopes = is_within_original_scope = _always

    # Codes.

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Any) -> None:
        self.codes[code["code"]] = request

    def validate_code(self, client_id: str, code: str, client: Any, request: Any) -> bool:
        if code not in self.codes:
            return False
        request.scopes = self.codes[code].scopes
        return True

    def get_code_challenge(self, code: str, request: Any) -> Any:
        return self.codes[code].code_challenge

    def get_code_challenge_method(self, code: str, request: Any) -> Any:
        return self.codes[code].code_challenge_method

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any
    ) -> bool:
        return bool(self.codes[code].redirect_uri == redirect_uri)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any) -> None:
        """A code works once."""
        del self.codes[code]

    # Tokens.

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any) -> bool:
        return refresh_token in self.refresh_tokens

    def get_original_scopes(self, refresh_token: str, request: Any) -> Any:
        return self.refresh_tokens[refresh_token].scopes

    def save_bearer_token(self, token: dict[str, Any], request: Any) -> None:
        """A new refresh token replaces the old one."""
        grant = self.grant_of(request)
        self.access_tokens[token["access_token"]] = grant
        if "refresh_token" in token:
            self.refresh_tokens.pop(request.refresh_token, None)
            self.refresh_tokens[token["refresh_token"]] = grant
