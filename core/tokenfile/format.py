"""What a token file says: two lines for imapsync, and `#` lines for people and for later runs.

imapsync takes the first line and removes one LF, nothing else: so LF on every system, no BOM, no
blank first line. The `#` lines name things by key and never hold an endpoint or a secret, since a
file may have been planted.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .. import __version__

LARGEST = 1 << 17  # bytes; Microsoft's pairs have some 5,000
_TOKEN = re.compile(r"[\x21-\x7e]{1,32768}")  # RFC 6749 appendix A.12 and A.17, less the space
_SHORTEST_TOKEN = 8
_PROTECTED = (
    "# The refresh token lives in the system's store of secrets, under the entry named below"
)
_STORE_ENTRY = re.compile(r"[0-9a-f]{32}")
_LATEST = 1 << 33  # seconds: the year 2242; beyond it a time is nonsense


class NotATokenFile(ValueError):
    """Says what the content looks like instead."""


@dataclass(frozen=True, slots=True)
class TokenFile:
    """The content of a token file; empty or None where it doesn't say.

    `signed_in_at` is when the grant began, so it tells the age of the refresh token. Where
    `store_entry` names an entry of the system's store the refresh token is kept there, and never
    written into the file.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    account: str = ""
    provider: str = ""
    application: str = ""
    tenant: str = ""
    login_hint: str = ""
    issued_at: float | None = None
    expires_at: float | None = None
    signed_in_at: float | None = None
    store_entry: str = ""

    @property
    def renewable(self) -> bool:
        """Whether there is a refresh token, here or in the store."""
        return bool(self.refresh or self.store_entry)


def parse_token_file(content: bytes) -> TokenFile | None:
    """Read what the original, or this program, or a hand wrote; None where it holds no token.

    A BOM and CR LF are forgiven here, since the next save mends them.
    """
    if len(content) > LARGEST:
        raise NotATokenFile(f"it has more than {LARGEST} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise NotATokenFile("it holds no text") from exc
    lines = text.split("\n")  # each is stripped where it is looked at
    tokens, facts = _tokens(lines), _facts(lines)
    if not any(tokens):
        return None
    access, refresh = tokens
    return TokenFile(
        access=access,
        refresh=refresh,
        account=facts.get("account", ""),
        provider=facts.get("provider", ""),
        application=facts.get("application", ""),
        tenant=facts.get("tenant", ""),
        login_hint=facts.get("login hint", ""),
        issued_at=_time(facts.get("issued", "")) or _jwt_time(access, "iat"),
        expires_at=_time(facts.get("expiry", "")) or _jwt_time(access, "exp"),
        signed_in_at=_time(facts.get("sign-in", "")),
        store_entry="" if refresh else _store_entry(facts.get("store entry", "")),
    )


def serialize(file: TokenFile, *, now: float) -> bytes:
    """The whole content; `parse_token_file` gives back what went in (times to the second).

    It runs when the old refresh token may be dead already, so nothing in it may fail.
    """
    written = time.asctime(time.localtime(now))  # English whatever the locale, as Perl's localtime
    facts = {
        "Provider": file.provider,
        "Application": file.application,
        "Tenant": file.tenant,
        "Login hint": file.login_hint,
        "Sign-in": _stamp(file.signed_in_at),
        "Issued": _stamp(file.issued_at),
        "Expiry": _stamp(file.expires_at),
        "Store entry": file.store_entry,
    }
    lines = [
        file.access,
        "" if file.store_entry else file.refresh,
        "# The first   line is the access  token",
        "# The second  line is the refresh token",
        f"# Account is {file.account}",
        f"# File generated on {written} by oauth2_imap {__version__}",
        *([_PROTECTED] if file.store_entry else []),
        *(f"# {key} is {value}" for key, value in facts.items() if value),
    ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def is_token(text: str) -> bool:
    """Whether a provider's token can stand on a line of its own."""
    return _TOKEN.fullmatch(text) is not None


def _tokens(lines: list[str]) -> tuple[str, str]:
    first, second = [*lines, "", ""][:2]
    access, refresh = first.strip(), second.strip()
    if refresh.startswith("#"):
        refresh = ""
    if access.startswith("#"):
        access = ""
    for token in (access, refresh):
        if token and not (is_token(token) and len(token) >= _SHORTEST_TOKEN):
            raise NotATokenFile("its first two lines are no tokens")
    if any(line.strip() and not line.startswith("#") for line in lines[2:]):
        raise NotATokenFile("it holds more than two lines of tokens")
    if access[:1] in ("{", '"', "<", "["):
        raise NotATokenFile("it is written in another format")
    return access, refresh


def _facts(lines: list[str]) -> Mapping[str, str]:
    """What the `#` lines say by key; the first of two counts."""
    found: dict[str, str] = {}
    for line in lines:  # also of the first two, where a token is missing
        key, _, value = line.partition(" is ")
        if key.startswith("#") and value.strip():
            found.setdefault(key[1:].strip().lower(), value.strip())
    return found


def _store_entry(text: str) -> str:
    """Only a name that this program could have given: it may become part of a path."""
    return text if _STORE_ENTRY.fullmatch(text) else ""


def _stamp(moment: float | None) -> str:
    if moment is None:
        return ""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> float | None:
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return moment if 0 < moment < _LATEST else None


def jwt_claims(token: str) -> Mapping[str, Any]:
    """The payload of a JWT (RFC 7519), unverified: a hint, no more; empty where it is none."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _jwt_time(token: str, claim: str) -> float | None:
    """A time out of a JWT's payload: a hint for the schedule."""
    try:
        moment = float(jwt_claims(token)[claim])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return moment if 0 < moment < _LATEST else None
