"""What the rehearsal's authorization server has granted, in oauthlib's terms.

oauthlib decides what a request must hold and how it is answered; here is what it asks about: the
client, the codes, the tokens. Kept in memory alone. Not locked: its server does that.
"""

import base64
import hmac
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from oauthlib.oauth2 import RequestValidator

from ..net.network import LOOPBACK_HOSTS

# RFC 6749 section 4.1.2 recommends at most ten minutes.
CODE_LIFETIME = 600
DEFAULT_SCOPES = ["mail"]


@dataclass(frozen=True, slots=True)
class Client:
    """The one registered application; without a secret it is a public client and must use PKCE."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    redirect_uris: Collection[str] = ()


@dataclass(slots=True)
class Grant:
    """One consent of the account's owner, and the refresh token that stands for it now."""

    account: str
    scopes: list[str]
    nonce: str | None = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    alive: bool = True


@dataclass(slots=True)
class Code:
    """An authorization code, bound to what the authorize request said."""

    grant: Grant
    redirect_uri: str
    challenge: str | None = field(repr=False)
    challenge_method: str | None
    expires_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Whose it is and until when."""

    grant: Grant
    expires_at: float


class Grants(RequestValidator):  # type: ignore[misc]  # oauthlib ships no types
    """Codes, tokens and the client, as oauthlib asks for them."""

    def __init__(
        self, client: Client, account: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Nothing is granted yet."""
        self.client = client
        self.account = account
        self.clock = clock
        self.issued: set[str] = set()
        self.refreshes = self.revocations = 0
        self._codes: dict[str, Code] = {}
        self._access_tokens: dict[str, AccessToken] = {}
        # Every one there ever was: the reuse of an old one is to be noticed.
        self._refresh_tokens: dict[str, Grant] = {}

    def account_of(self, access_token: str) -> str | None:
        """Whose mailbox the token opens; None when it is unknown, expired or revoked."""
        found = self._access_tokens.get(access_token)
        if found is None or not found.grant.alive or found.expires_at <= self.clock():
            return None
        return found.grant.account

    def revoke(self) -> None:
        """Every grant so far ends, and with it its tokens."""
        for code in self._codes.values():
            code.grant.alive = False

    def expire_access_tokens(self) -> None:
        """The access tokens so far end; the grants live on."""
        self._access_tokens.clear()

    def grant_of(self, request: Any) -> Grant:
        """What a validated token request rests on."""
        if request.grant_type == "refresh_token":
            return self._refresh_tokens[request.refresh_token]
        return self._codes[request.code].grant

    # The client.

    def authenticate_client(self, request: Any) -> bool:
        """Id and secret, by Basic or from the form.

        oauthlib asks it of every client. A public one has the empty secret; if it shows another,
        it is mistaken (Microsoft's AADSTS700025).
        """
        client_id, secret = _credentials(request)
        expected = self.client.client_secret.encode()
        if client_id != self.client.client_id or not hmac.compare_digest(secret.encode(), expected):
            return False
        request.client = self.client
        return True

    def validate_client_id(self, client_id: str, request: Any) -> bool:
        """There is one client."""
        return client_id == self.client.client_id

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any) -> bool:
        """Any port and path on loopback (RFC 8252 section 7.3), or a registered address."""
        parts = urlsplit(redirect_uri)
        on_loopback = parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_HOSTS
        return on_loopback or redirect_uri in self.client.redirect_uris

    def get_default_redirect_uri(self, client_id: str, request: Any) -> None:
        """There is none: the request must name it."""

    def validate_response_type(
        self, client_id: str, response_type: str, client: Any, request: Any
    ) -> bool:
        """The code flow alone."""
        return response_type == "code"

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any
    ) -> bool:
        """Whatever the endpoint has a handler for."""
        return True

    def get_default_scopes(self, client_id: str, request: Any) -> list[str]:
        """For a request that names none."""
        return DEFAULT_SCOPES

    def validate_scopes(self, client_id: str, scopes: list[str], client: Any, request: Any) -> bool:
        """Anything is granted."""
        return True

    # Codes.

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Only a secret can stand in for it."""
        return not self.client.client_secret

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Any) -> None:
        """Consent was given."""
        self.issued.add(code["code"])
        self._codes[code["code"]] = Code(
            grant=Grant(self.account, list(request.scopes), request.nonce),
            redirect_uri=request.redirect_uri,
            challenge=request.code_challenge,
            challenge_method=request.code_challenge_method,
            expires_at=self.clock() + CODE_LIFETIME,
        )

    def validate_code(self, client_id: str, code: str, client: Any, request: Any) -> bool:
        """Known, fresh and unused; a second use ends the grant (RFC 6749 section 4.1.2)."""
        found = self._codes.get(code)
        if found is None:
            return False
        if found.used:
            found.grant.alive = False
        request.user = found.grant.account
        request.scopes = found.grant.scopes
        return found.grant.alive and found.expires_at > self.clock()

    def get_code_challenge(self, code: str, request: Any) -> str | None:
        """None where the authorize request had none."""
        return self._codes[code].challenge

    def get_code_challenge_method(self, code: str, request: Any) -> str | None:
        """None where the authorize request had none."""
        return self._codes[code].challenge_method

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Any,
        request: Any,
    ) -> bool:
        """The very address that the code was sent to."""
        return self._codes[code].redirect_uri == redirect_uri

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any) -> None:
        """A code works once."""
        self._codes[code].used = True

    # Tokens.

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any) -> bool:
        """The newest of a living grant; an older one ends the grant (RFC 9700 section 4.14.2)."""
        grant = self._refresh_tokens.get(refresh_token)
        if grant is None:
            return False
        if grant.refresh_token != refresh_token:
            grant.alive = False
        request.user = grant.account
        return grant.alive

    def get_original_scopes(self, refresh_token: str, request: Any) -> list[str]:
        """What was consented to."""
        return self._refresh_tokens[refresh_token].scopes

    def is_within_original_scope(
        self, request_scopes: list[str], refresh_token: str, request: Any
    ) -> bool:
        """Anything is granted."""
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Any) -> None:
        """The answer is decided; from here on an older refresh token is dead."""
        grant = self.grant_of(request)
        self._access_tokens[token["access_token"]] = AccessToken(
            grant, self.clock() + token["expires_in"]
        )
        if new := token.get("refresh_token"):
            grant.refresh_token = new
            self._refresh_tokens[new] = grant
        self.refreshes += request.grant_type == "refresh_token"
        secret = ("access_token", "refresh_token", "id_token")
        self.issued.update(token[name] for name in secret if name in token)

    def revoke_token(self, token: str, token_type_hint: str | None, request: Any) -> None:
        """A refresh token takes its whole grant along; one that nobody knows is no error."""
        if grant := self._refresh_tokens.get(token):
            grant.alive = False
        self._access_tokens.pop(token, None)
        self.revocations += 1


def _credentials(request: Any) -> tuple[str | None, str]:
    """Client id and secret from the form, else by Basic (RFC 6749 section 2.3.1)."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.client_id, request.client_secret or ""
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None, ""
    return unquote_plus(client_id), unquote_plus(secret)
