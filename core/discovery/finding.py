"""What a source of discovery says about a mail domain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ..model import IMAPS_PORT
from ..providers import values

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The mail server and the sign-in server of a domain; empty where the source says nothing.

    All values are checked and of bounded length. `issuer` is the address of a sign-in server
    (RFC 8414), or what the source knows of it: ISPDB names Google's `accounts.google.com`. `label`
    is the provider's own name, and `name` its id at the source, often a domain.
    """

    issuer: str = ""
    authorize_uri: str = ""
    token_uri: str = ""
    scopes: tuple[str, ...] = ()
    imap_host: str = ""
    imap_port: int = IMAPS_PORT
    imap_starttls: bool = False
    imap_takes_oauth: bool = False
    name: str = ""
    label: str = ""


def valid(check: Callable[[object], _Value], value: object, otherwise: _Value) -> _Value:
    """The value that a check of `providers.values` returns, or another one if it is invalid."""
    try:
        return check(value)
    except values.Invalid:
        return otherwise
