"""Grants as a strict provider keeps them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

from core.demo.grants import CLIENT_ID, Grants
from faulty_servers import device_codes


class StrictGrants(Grants):
    """Access tokens expire, what is used twice ends its grant, and the client may have a secret."""

    def __init__(self, account: str, client_secret: str, clock: Callable[[], float]) -> None:
        """With a `client_secret` the client must show it, and may do without PKCE."""
        super().__init__(account)
        self.refreshes = self.revocations = 0
        self._client_secret = client_secret
        self._clock = clock
        self.device_codes: device_codes.DeviceCodes | None = None
        self._expiry: dict[str, float] = {}
        self._used: dict[str, Any] = {}  # codes and refresh tokens, with their grant

    def account_of(self, access_token: str) -> str | None:
        """Whose mailbox the token opens; None when it is unknown, expired or revoked."""
        if self._expiry.get(access_token, 0) <= self._clock():
            return None
        return super().account_of(access_token)

    def grant_of(self, request: Any) -> Any:
        """A client that asks for itself (RFC 6749 section 4.4) needs no grant of a user.

        For a device code it is the request, since nothing else names the scopes here.
        """
        if request.grant_type in ("client_credentials", device_codes.GRANT):
            return request
        return super().grant_of(request)

    def validate_device_code(self, client_id: str, device_code: str, request: Any) -> str | None:
        """What the user has decided so far."""
        request.scopes = ["mail", "openid"]
        return self.device_codes.state_of(device_code) if self.device_codes else None

    def end_all(self) -> None:
        """Every grant so far ends, and with it its code and its tokens."""
        for held in (self.codes, self.access_tokens, self.refresh_tokens):
            held.clear()

    def authenticate_client(self, request: Any) -> bool:
        """A public client that shows a secret is mistaken (Microsoft's AADSTS700025)."""
        request.client = SimpleNamespace(client_id=CLIENT_ID)
        return (CLIENT_ID, self._client_secret) == _credentials(request)

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Only a secret can stand in for it."""
        return not self._client_secret

    def validate_code(self, client_id: str, code: str, client: Any, request: Any) -> bool:
        """A second use ends the grant (RFC 6749 section 4.1.2)."""
        self._end_if_used(code)
        return super().validate_code(client_id, code, client, request)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any) -> None:
        """Remember that it was used."""
        self._used[code] = self.codes[code]
        super().invalidate_authorization_code(client_id, code, request)

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any) -> bool:
        """An older one ends the grant (RFC 9700 section 4.14.2)."""
        self._end_if_used(refresh_token)
        return super().validate_refresh_token(refresh_token, client, request)

    def save_bearer_token(self, token: dict[str, Any], request: Any) -> None:
        """Note when the access token expires, and that a refresh token was used."""
        self._expiry[token["access_token"]] = self._clock() + token["expires_in"]
        if request.grant_type == "refresh_token":
            self.refreshes += 1
            if "refresh_token" in token:
                self._used[request.refresh_token] = self.grant_of(request)
        super().save_bearer_token(token, request)

    def revoke_token(self, token: str, token_type_hint: str | None, request: Any) -> None:
        """A refresh token takes its whole grant along; one that nobody knows is no error."""
        if token in self.refresh_tokens:
            self._end(self.refresh_tokens[token])
        self.access_tokens.pop(token, None)
        self.revocations += 1

    def _end_if_used(self, code_or_token: str) -> None:
        if code_or_token in self._used:
            self._end(self._used[code_or_token])

    def _end(self, grant: Any) -> None:
        for held in (self.codes, self.access_tokens, self.refresh_tokens):
            for key in [key for key, its in held.items() if its is grant]:
                del held[key]


def _credentials(request: Any) -> tuple[str | None, str]:
    """Client id and secret from the form, else by Basic (RFC 6749 section 2.3.1)."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.client_id, request.client_secret or ""
    client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
