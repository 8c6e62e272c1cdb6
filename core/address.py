"""Parsing of e-mail addresses; a parsed address is safe as a file name on every system."""

import re

from .errors import as_error
from .verdicts import local_settings

# RFC 5321 section 4.5.3.1: 64 octets before the @, 254 in all.
_LONGEST_LOCAL = 64
_LONGEST = 254
# RFC 5322 atext without the characters that Windows forbids in file names (* / ? |).
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'+\-=^_`{}~.]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def parse_address(text: str) -> str:
    """Return the address with its domain in lower case and as A-labels (RFC 5890).

    Raises `UsageProblem` if the text is not a valid address.
    """
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        raise as_error(local_settings.NOT_AN_ADDRESS)
    if not local.isascii():
        raise as_error(local_settings.ADDRESS_NOT_ASCII)
    if not _LOCAL.fullmatch(local) or ".." in local or local[0] == "." or local[-1] == ".":
        raise as_error(local_settings.ADDRESS_WITH_WRONG_CHARACTER)
    address = f"{local}@{_ascii_domain(domain)}"
    if len(local) > _LONGEST_LOCAL or len(address) > _LONGEST:
        raise as_error(local_settings.ADDRESS_TOO_LONG)
    return address


def domain_of(address: str) -> str:
    """The domain of a parsed address."""
    return address.rpartition("@")[2]


def same_address(one: str, other: str) -> bool:
    """Whether two addresses name the same mailbox; all providers ignore case."""
    return one.casefold() == other.casefold()


def _ascii_domain(domain: str) -> str:
    ascii_domain = domain.lower()
    if not domain.isascii() and len(domain) <= _LONGEST:
        import idna

        try:
            ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as exc:
            raise as_error(local_settings.ADDRESS_WITHOUT_DOMAIN) from exc
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise as_error(local_settings.ADDRESS_WITHOUT_DOMAIN)
    return ascii_domain
