"""Checks for single values in providers.toml and in options; each returns the converted value.

Each raises `Invalid`, whose rule never repeats the value: it may be a secret on the wrong line.
"""

import os
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qs, urlsplit

from ..model import ClientAuthentication, FlowKind
from ..net.network import LOOPBACK_HOSTS
from ..verdicts import local_settings as rules

# Parameters of RFC 6749, 7636, 7521, 8707, 9101, 9126 and OpenID Connect that the sign-in
# sets itself, that would replace what it sets, or that are secrets: this address is public.
_SET_BY_SIGN_IN = frozenset(
    {
        "access_token",
        "assertion",
        "client_assertion",
        "client_assertion_type",
        "client_id",
        "client_info",
        "client_secret",
        "code",
        "code_challenge",
        "code_challenge_method",
        "code_verifier",
        "device_code",
        "grant_type",
        "id_token_hint",
        "login_hint",
        "nonce",
        "password",
        "redirect_uri",
        "refresh_token",
        "registration",
        "request",
        "request_uri",
        "resource",
        "response_mode",
        "response_type",
        "scope",
        "self",  # this, "uri" and "url" are arguments of the libraries
        "state",
        "uri",
        "url",
        "username",
    }
)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
# RFC 3986, and the braces of {tenant}. No backslash: only browsers take it for a slash.
_URI = re.compile(r"[A-Za-z0-9:/?#\[\]@!$&'()*+,;=\-._~%{}]*")
_ANY_DOMAIN = "example.com"  # in place of a placeholder, for a check
_STORE_ENTRY = re.compile(r"([0-9a-f]{32})?")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")


class Invalid(ValueError):
    """A value is invalid; `rule` is a sentence that says what is allowed."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def name(value: object) -> str:
    """The name of a provider or an application, which may become part of a file name."""
    return _matching(_NAME, value, rules.MUST_BE_NAME)


def non_empty_text(value: object) -> str:
    """One line of text, not empty."""
    if not text(value).strip():
        raise Invalid(rules.MUST_NOT_BE_EMPTY)
    return text(value)


def text(value: object) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value.isprintable():
        raise Invalid(rules.MUST_BE_LINE)
    return value


def full_path(value: object) -> str:
    """The full path of a file, so that it doesn't depend on the current folder."""
    if not os.path.isabs(text(value)):
        raise Invalid(rules.MUST_BE_FULL_PATH)
    return text(value)


def store_entry(value: object) -> str:
    """The name of an entry in the system's secret store; empty for none."""
    return _matching(_STORE_ENTRY, value, rules.MUST_BE_STORE_ENTRY)


def texts(value: object) -> tuple[str, ...]:
    """A list of lines of text."""
    if not isinstance(value, list):
        raise Invalid(rules.MUST_BE_LIST)
    return tuple(text(item) for item in value)


def hosts(value: object) -> tuple[str, ...]:
    """A list of host names or domains."""
    return tuple(host(item) for item in texts(value))


def scopes(value: object) -> tuple[str, ...]:
    """A list of scopes, at least one."""
    if not texts(value):
        raise Invalid(rules.MUST_HAVE_SCOPE)
    return tuple(non_empty_text(item) for item in texts(value))


def text_set(value: object) -> frozenset[str]:
    """A list whose order has no meaning."""
    return frozenset(texts(value))


def suffixes(value: object) -> tuple[str, ...]:
    """Suffixes of host names; each begins with a dot."""
    ends = texts(value)
    if not all(end.startswith(".") and end == end.lower() for end in ends):
        raise Invalid(rules.MUST_BE_SUFFIXES)
    return ends


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Invalid(rules.MUST_BE_BOOLEAN)
    return value


def parameters(value: object) -> dict[str, str]:
    """Additional parameters of the authorization request."""
    if not isinstance(value, dict):
        raise Invalid(rules.MUST_BE_PARAMETERS)
    _refuse_set_by_sign_in(value)
    return {text(key): text(item) for key, item in value.items()}


def flow(value: object) -> FlowKind:
    """Which library does the sign-in."""
    if value not in list(FlowKind):
        raise Invalid(rules.MUST_BE_FLOW)
    return FlowKind(str(value))


def client_authentication(value: object) -> ClientAuthentication:
    """How the client secret is sent."""
    if value not in list(ClientAuthentication):
        raise Invalid(rules.MUST_BE_CLIENT_AUTHENTICATION)
    return ClientAuthentication(str(value))


def host(value: object) -> str:
    """A host name in lower case."""
    return _matching(_HOST, value, rules.MUST_BE_HOST)


def port(value: object) -> int:
    """A TCP port."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:
        raise Invalid(rules.MUST_BE_PORT)
    return value


def tenant(value: object) -> str:
    """A Microsoft tenant: common, organizations, consumers, a domain or an id."""
    return _matching(_TENANT, value, rules.MUST_BE_TENANT)


def is_tenant(line: str) -> bool:
    """Whether the text is a valid tenant."""
    return _TENANT.fullmatch(line) is not None


def endpoint(value: object) -> str:
    """An endpoint with an https address, whose query sets no parameter of the sign-in.

    Opening a `file:` address could run a program, and with http everyone on the way could read the
    code.
    """
    address = page(value)
    _refuse_set_by_sign_in(parse_qs(urlsplit(address).query, keep_blank_values=True))
    return address


def page(value: object) -> str:
    """The https address of a web page."""
    parts = _uri(value)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise Invalid(rules.MUST_BE_HTTPS)
    return str(value)


def pages(value: object) -> tuple[str, ...]:
    """Addresses of web pages for the user."""
    return tuple(page(item) for item in texts(value))


def resource(value: object) -> str:
    """The server that the tokens are for: an absolute address without a fragment (RFC 8707)."""
    parts = _uri(value)
    if not parts.scheme or parts.fragment or "{" in str(value):
        raise Invalid(rules.MUST_BE_RESOURCE)
    return str(value)


def page_templates(value: object) -> tuple[str, ...]:
    """Addresses of web pages in which `{domain}` stands for a mail domain."""
    for item in texts(value):
        if "{" in page(item.replace("{domain}", _ANY_DOMAIN)):
            raise Invalid(rules.MUST_BE_ADDRESS)
    return texts(value)


def server_templates(value: object) -> tuple[str, ...]:
    """Host names in which `{domain}` stands for a mail domain; each may have a port."""
    for item in texts(value):
        name, colon, number = item.replace("{domain}", _ANY_DOMAIN).partition(":")
        host(name)
        if colon:
            port(int(number) if number.isdecimal() and len(number) < 6 else None)
    return texts(value)


def redirect_uri(value: object) -> str:
    """The address to which the sign-in page sends the browser with the answer.

    It is a loopback address, or an https page from which the user copies the answer.
    """
    parts = _uri(value)
    loopback = parts.hostname in LOOPBACK_HOSTS
    if not parts.hostname or parts.scheme not in (("http", "https") if loopback else ("https",)):
        raise Invalid(rules.MUST_BE_REDIRECT)
    if parts.fragment or "@" in parts.netloc:
        raise Invalid(rules.MUST_BE_PLAIN_REDIRECT)
    return str(value)


def uri_host(uri: str) -> str:
    """The host of an address, or an empty string."""
    return _uri(uri).hostname or ""


def _uri(value: object) -> SplitResult:
    line = text(value)
    if not _URI.fullmatch(line):
        raise Invalid(rules.MUST_BE_ADDRESS)
    try:
        parts = urlsplit(line)
        _ = parts.port  # raises ValueError if it is not a number
    except ValueError as exc:
        raise Invalid(rules.MUST_BE_ADDRESS) from exc
    return parts


def _refuse_set_by_sign_in(names: Iterable[object]) -> None:
    if _SET_BY_SIGN_IN & {str(name).strip().lower() for name in names}:
        raise Invalid(rules.MUST_NOT_SET_PARAMETER)


def _matching(pattern: re.Pattern[str], value: object, rule: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Invalid(rule)
    return value
