"""Files of other programs: recorded ones, and what the real libraries write in this process."""

import base64
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import msal
from google.oauth2.credentials import Credentials

RECORDED = Path(__file__).parent / "importable"  # by its record.py
ADDRESS = "you@example.com"
ACCESS, REFRESH = "made-up-access-token-of-you", "made-up-refresh-token-of-you"
CLIENT_ID = "00000000-1111-2222-3333-444444444444"
TENANT = "11111111-aaaa-bbbb-cccc-222222222222"
MICROSOFT = "https://login.microsoftonline.com"
IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All"
_B64 = base64.urlsafe_b64encode


def recorded(name: str) -> bytes:
    """A file that a real program has written."""
    return (RECORDED / name).read_bytes()


def msal_cache(*scopes: str, tenant: str = TENANT) -> str:
    """What msal itself writes after a sign-in for these scopes."""
    cache = msal.SerializableTokenCache()
    claims: dict[str, object] = {
        "preferred_username": ADDRESS,
        "oid": "o",
        "tid": tenant,
        "sub": "s",
        "aud": "a",
    }
    claims |= {"exp": time.time() + 3600, "iat": time.time(), "iss": "i"}
    cache.add(
        {
            "client_id": CLIENT_ID,
            "scope": scopes,
            "token_endpoint": f"{MICROSOFT}/{tenant}/oauth2/v2.0/token",
            "response": {
                "access_token": ACCESS,
                "refresh_token": REFRESH,
                "expires_in": 3600,
                "token_type": "Bearer",
                "client_info": _B64(json.dumps({"uid": "u", "utid": tenant}).encode()).decode(),
                "id_token": f"e30.{_B64(json.dumps(claims).encode()).decode()}.x",
            },
        }
    )
    return str(cache.serialize())


def google_credentials(**more: Any) -> Credentials:
    """Credentials as google-auth-oauthlib returns them after a sign-in."""
    values: dict[str, Any] = {
        "token": ACCESS,
        "refresh_token": REFRESH,
        "token_uri": "https://oauth2.googleapis.com/token",
        "client_id": CLIENT_ID,
        "client_secret": "made-up-client-secret",
        "scopes": ["https://mail.google.com/"],
        "expiry": datetime(2026, 1, 2, 3, 4, 5),  # as google-auth wants it
    }
    return Credentials(**{**values, **more})  # type: ignore[no-untyped-call]


def google_json(**more: Any) -> str:
    """What google-auth itself writes for them."""
    return str(google_credentials(**more).to_json())  # type: ignore[no-untyped-call]
