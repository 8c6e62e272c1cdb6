"""The configuration of email-oauth2-proxy, and its separate cache of tokens (--cache-store).

A section named like an address is an account. Its tokens are encrypted with the password that the
mail program sends to the proxy, so only the registration can be taken.

https://github.com/simonrob/email-oauth2-proxy
"""

import re
from collections.abc import Mapping
from configparser import ConfigParser, Error, RawConfigParser

from ..errors import as_error
from ..tokenfile.format import TokenFile
from ..verdicts import local_import
from .found import Found, given_by

_MARKS = re.compile(r"^\[emailproxy\]|^(token_url|token_salt|permission_url)\s*=", re.MULTILINE)
_EXAMPLE = "*** your"
_WITHOUT_USER = ("client_credentials", "service_account", "password")  # values of oauth2_flow
# Its names of the fields of a registration.
_FIELDS = {
    "client_id": "client_id",
    "client_secret": "client_secret",
    "permission_url": "authorize_uri",
    "token_url": "token_uri",
    "redirect_uri": "redirect_uri",
}


def fits(text: str) -> bool:
    """Whether a text is such a file."""
    return _MARKS.search(text) is not None


def read(text: str) -> tuple[Found, ...]:
    """The accounts of the file; raises `AppError` if it can't be read or has none."""
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except Error as exc:  # its message quotes the line, which may be a secret
        raise as_error(local_import.UNKNOWN_FILE) from exc
    names = [name for name in parser.sections() if name.rpartition("@")[0]]
    if not names:
        raise as_error(local_import.NO_MAILBOX)
    return tuple(_found(name, _values(parser, name)) for name in names)


def _values(parser: ConfigParser | RawConfigParser, name: str) -> Mapping[str, str]:
    """The values of an account: its own, then those of its domain, then those of all accounts."""
    sections = (f"@{name.rpartition('@')[2]}", "@") if _inherits(parser) else ()
    values: dict[str, str] = {}
    for section in (*reversed(sections), name):
        values |= dict(parser[section]) if parser.has_section(section) else {}
    return values


def _inherits(parser: RawConfigParser) -> bool:
    try:
        return parser.getboolean("emailproxy", "allow_catch_all_accounts", fallback=False)
    except ValueError:
        return False


def _found(address: str, values: Mapping[str, str]) -> Found:
    given = given_by(**{name: values.get(key, "") for key, name in _FIELDS.items()})
    if scopes := tuple(values.get("oauth2_scope", "").split()):
        given = {**given, "scopes": scopes}
    is_encrypted = values.get("refresh_token") or values.get("access_token")
    verdict = local_import.ENCRYPTED_BY_PROXY if is_encrypted else local_import.NO_TOKENS
    if any(_EXAMPLE in str(value) for value in given.values()):
        given, verdict = {}, local_import.EXAMPLE_VALUES
    if values.get("oauth2_flow") in _WITHOUT_USER:
        given, verdict = {}, local_import.TOKENS_WITHOUT_SIGN_IN
    problem = as_error(verdict, address=address)
    return Found(TokenFile("", "", account=address), given, problem=problem)
