"""A small client that gets tokens by the code flow with PKCE, for tests that only need tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from .walker import walk
from .web import Client

REDIRECT = "http://127.0.0.1:9/"  # never fetched
SCOPE = "openid offline_access imap"


class Refused(Exception):
    """The token endpoint refused; `error` is its code, for example invalid_grant."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def authorize_url(
    issuer: str, client_id: str, *, verifier: str, redirect: str = REDIRECT, scope: str = SCOPE
) -> str:
    """Return the address that a program opens in the browser."""
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect,
        "scope": scope,
        "state": secrets.token_urlsafe(),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{issuer}/auth?{urlencode(query)}"


def sign_in(
    issuer: str, ca_file: Path, client_id: str, user: str, *, scope: str = SCOPE
) -> dict[str, Any]:
    """Sign in a user who consents; return the token endpoint's response."""
    verifier = secrets.token_urlsafe(48)
    back = walk(authorize_url(issuer, client_id, verifier=verifier, scope=scope), user)
    grant = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "redirect_uri": REDIRECT,
        "client_id": client_id,
        "code_verifier": verifier,
    }
    return request_token(issuer, ca_file, grant)


def refresh(issuer: str, ca_file: Path, client_id: str, refresh_token: str) -> dict[str, Any]:
    """Refresh; return the token endpoint's response."""
    grant = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": client_id,
    }
    return request_token(issuer, ca_file, grant)


def request_token(issuer: str, ca_file: Path, grant: dict[str, str]) -> dict[str, Any]:
    """Send a grant to the token endpoint; return its response."""
    answer: dict[str, Any] = json.loads(Client(ca_file=ca_file).post(f"{issuer}/token", grant).text)
    if "error" in answer:
        raise Refused(answer["error"])
    return answer
