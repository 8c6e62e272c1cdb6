"""The content of a token file: two lines for imapsync, and `#` lines for users and later runs.

imapsync takes the first line and removes one LF, nothing else. So a line ends with LF on every
system, there is no BOM, and the first line is not blank. A `#` line of ours has fixed words and a
value (`_LINES`). It never holds an endpoint or a secret, since somebody else may have placed the
file.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .. import __version__
from ..errors import AppError
from ..model import DEFAULT_GRANT
from ..verdicts import local_files

LARGEST = 1 << 17  # bytes; Microsoft's two tokens take about 5,000
_TOKEN = re.compile(r"[\x21-\x7e]+")  # RFC 6749 appendix A.12 and A.17, but no space
LONGEST_TOKEN = 32768  # characters; Microsoft's take about 2,500
_SHORTEST_TOKEN = 8
_MORE_LINES = 1  # other programs write an ID token, a time or the address on a third line
_PROTECTED = "# The refresh token is in the system's store of secrets, under the entry named below"
_STORE_ENTRY = re.compile(r"[0-9a-f]{32}")
LATEST = 1 << 33  # seconds: the year 2242; a later time is a mistake


class _Line(NamedTuple):
    """A `#` line of ours: its words before the value, and the field of a `TokenFile` that it is.

    Where the line is missing, the value is `default`.
    """

    words: str
    field: str
    is_time: bool = False
    default: str = ""


_ACCOUNT = _Line("Account is", "account")  # the original script writes it too
# In the order of the file. Add a line here, and its field to `TokenFile` and `parse_token_file`.
_LINES = (
    _Line("Provider is", "provider"),
    _Line("Application is", "application"),
    _Line("Tenant is", "tenant"),
    _Line("Login hint is", "login_hint"),
    _Line("Grant is", "grant", default=DEFAULT_GRANT),
    _Line("Signed in at", "signed_in_at", is_time=True),
    _Line("Refresh token expires", "refresh_expires_at", is_time=True),
    _Line("Issued is", "issued_at", is_time=True),
    _Line("Expiry is", "expires_at", is_time=True),
    _Line("Store entry is", "store_entry"),
)
_EARLIER_LINES = (_Line("Sign-in is", "signed_in_at", is_time=True),)  # read, but not written
_FIELDS = {line.words.lower(): line.field for line in (_ACCOUNT, *_LINES, *_EARLIER_LINES)}
_FACT = re.compile(
    r"#\s*(" + "|".join(words.replace(" ", r"\s+") for words in _FIELDS) + r")\s(.*)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)


class NotATokenFile(AppError):
    """The content is something else; the verdict says what it looks like."""

    def about(self, path: object) -> "NotATokenFile":
        """The same error, with the name of the file."""
        return NotATokenFile(self.verdict, **{**self.parameters, "path": path})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class TokenFile:
    """The content of a token file; a value that isn't in the file is empty or None.

    `grant` names the way to new tokens (oauth/grant.py), perhaps one that is not known here.
    `signed_in_at` is when the grant began, and so the age of the refresh token, which the provider
    accepts until `refresh_expires_at`. `store_entry` names an entry of the system's store of
    secrets: the refresh token is kept there, and is not written into the file. `usable` says
    whether imapsync can use the file as it is: it sends the whole first line as the token.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    account: str = ""
    provider: str = ""
    application: str = ""
    tenant: str = ""
    login_hint: str = ""
    grant: str = DEFAULT_GRANT
    issued_at: float | None = None
    expires_at: float | None = None
    signed_in_at: float | None = None
    refresh_expires_at: float | None = None
    store_entry: str = ""
    usable: bool = field(default=True, compare=False)

    @property
    def has_refresh_token(self) -> bool:
        """Whether there is a refresh token, in the file or in the store."""
        return bool(self.refresh or self.store_entry)


def parse_token_file(content: bytes) -> TokenFile | None:
    """Read a token file; None if it holds no token. Raises `NotATokenFile`.

    The file may come from this program, the Perl script or an editor. A BOM, CR LF, blanks, a blank
    first line and a third line are accepted, since the next save removes them.
    """
    if len(content) > LARGEST:
        raise NotATokenFile(local_files.TOKEN_FILE_TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise NotATokenFile(local_files.TOKEN_FILE_NOT_TEXT) from exc
    lines = text.split("\n")  # each line is stripped later, where it is read
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
        login_hint=facts.get("login_hint", ""),
        grant=facts.get("grant", DEFAULT_GRANT),
        issued_at=_time(facts.get("issued_at", "")) or _jwt_time(access, "iat"),
        expires_at=_time(facts.get("expires_at", "")) or _jwt_time(access, "exp"),
        signed_in_at=_time(facts.get("signed_in_at", "")),
        refresh_expires_at=_time(facts.get("refresh_expires_at", "")),
        store_entry="" if refresh else _store_entry(facts.get("store_entry", "")),
        usable=bool(access) and content.partition(b"\n")[0] == access.encode(),
    )


def serialize(file: TokenFile, *, now: float) -> bytes:
    """The bytes of a token file; `parse_token_file` returns the same values, times to the second.

    It must not fail: when it runs, the old refresh token may already be invalid.
    """
    written = time.asctime(time.localtime(now))  # always English, like Perl's localtime
    lines = [
        file.access,
        "" if file.store_entry else file.refresh,
        "# The first   line is the access  token",
        "# The second  line is the refresh token",
        f"# {_ACCOUNT.words} {_on_one_line(file.account)}",
        f"# File generated on {written} by oauth2_imap {__version__}",
        *([_PROTECTED] if file.store_entry else []),
        *(f"# {line.words} {value}" for line in _LINES if (value := _value(file, line))),
    ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def is_token(text: str) -> bool:
    """Whether a provider's token can be written on a line of a token file."""
    return len(text) <= LONGEST_TOKEN and _TOKEN.fullmatch(text) is not None


def _tokens(lines: list[str]) -> tuple[str, str]:
    """The access token and the refresh token, either of which may be empty."""
    words = [_token_in(line) for line in [*lines, "", "", ""][:3]]
    if not words[0] and all(is_token(word) for word in words[1:]):
        words, lines = words[1:], lines[1:]  # an editor has added a blank line
    access, refresh = words[0], words[1]
    if access.startswith(("{", '"', "<", "[")):
        raise NotATokenFile(local_files.TOKEN_FILE_OF_OTHER_FORMAT)
    for token in filter(None, (access, refresh)):
        if len(token) < _SHORTEST_TOKEN or not _TOKEN.fullmatch(token):
            raise NotATokenFile(local_files.TOKEN_FILE_WITHOUT_TOKENS)
        if len(token) > LONGEST_TOKEN:
            raise NotATokenFile(local_files.TOKEN_TOO_LONG, length=len(token))
    if sum(bool(line.strip()) and not line.startswith("#") for line in lines[2:]) > _MORE_LINES:
        raise NotATokenFile(local_files.TOKEN_FILE_WITH_MORE_LINES)
    return access, refresh


def _token_in(line: str) -> str:
    """The token on a line; empty for a comment, and for what scripts write if there is none."""
    word = line.strip()
    if word[:7].lower() == "bearer ":
        word = word[7:].lstrip()
    return "" if word.startswith("#") or word in ("null", "None") else word


def _facts(lines: list[str]) -> Mapping[str, str]:
    """The values of our `#` lines by field; of two lines for the same field the first counts."""
    found: dict[str, str] = {}
    for line in lines:  # the first two as well: a token may be missing there
        if (fact := _FACT.match(line)) and (value := fact[2].strip()):
            found.setdefault(_FIELDS[" ".join(fact[1].lower().split())], value)
    return found


def _value(file: TokenFile, line: _Line) -> str:
    """The value that a line says; empty if it is unknown, or what a missing line means."""
    value = getattr(file, line.field)
    text = _stamp(value) if line.is_time else _on_one_line(value)
    return "" if text == line.default else text


def _on_one_line(value: str) -> str:
    """The value without line ends: it must not become a line of its own."""
    return value.replace("\n", " ").strip()


def _store_entry(text: str) -> str:
    """The entry's name if this program could have chosen it, else empty: it may go into a path."""
    return text if _STORE_ENTRY.fullmatch(text) else ""


def _stamp(moment: float | None) -> str:
    if moment is None:
        return ""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # it would be another moment on another computer
        return None
    return moment.timestamp() if 0 < moment.timestamp() < LATEST else None


def jwt_claims(token: str) -> Mapping[str, Any]:
    """The payload of a JWT (RFC 7519), not verified, so only a hint; empty if it isn't a JWT."""
    if token.count(".") != 2:
        return {}
    import base64  # imported late, since most access tokens are no JWT, or the file has their times
    import json

    payload = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _jwt_time(token: str, claim: str) -> float | None:
    """A time from a JWT's payload: a hint for when to refresh."""
    try:
        moment = float(jwt_claims(token)[claim])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return moment if 0 < moment < LATEST else None
