"""Parsing of e-mail addresses; a parsed address is safe as a file name on every system.

Users copy addresses from mail programs, tables and web pages. What surrounds an address there is
removed. Nothing inside the address is ever changed, except for the case and form of its domain.
"""

import re
from unicodedata import category, normalize
from urllib.parse import unquote

from .errors import AppError, as_error
from .i18n.translation import _
from .plain_text import visible
from .spelling import intended_domain
from .verdicts import local_settings
from .verdicts.verdict import Verdict

# RFC 5321 section 4.5.3.1: 64 octets before the @, 254 in all.
_LONGEST_LOCAL = 64
_LONGEST = 254
_LONGEST_PASTE = 1000  # with a name and what else surrounds the address
_LONGEST_SHOWN = 300
# RFC 5322 atext without the characters that Windows forbids in file names (* / ? |).
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'+\-=^_`{}~.]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Most addresses: nothing surrounds them, and nothing in them changes. A list has thousands.
_USUAL = re.compile(
    rf"(?=.{{1,{_LONGEST_LOCAL}}}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    rf"@(?:{_LABEL.pattern}\.)+{_LABEL.pattern}"
)
_TYPED_BLANKS = "\t\n\v\f\r"
# Blanks, and characters without a width: BOM, zero-width spaces, marks of the writing direction.
_BLANK_CATEGORIES = ("Zs", "Zl", "Zp", "Cf")
_SEPARATORS = ",;"
# Brackets, and the quotes of English, German, French and others. Escapes are easier to tell apart.
_PAIRS = (
    *("<>", '""', "''", "``", "()", "[]"),
    *(
        "\u201c\u201d",
        "\u201e\u201c",
        "\u201e\u201d",
        "\u201d\u201d",
        "\u00ab\u00bb",
        "\u00bb\u00ab",
    ),
    *("\u2018\u2019", "\u201a\u2018", "\u2019\u2019", "\u2039\u203a", "\u203a\u2039"),
)
_MAILTO = "mailto:"
_WIDE_AT = str.maketrans("\uff20\ufe6b", "@@")  # of Chinese and Japanese keyboards
_TWO = re.compile(r"@[^@\s,;]+[\s,;]+[^@]*[^@\s,;]@")
_AT_IN_WORDS = re.compile(r"\s*(?:@|[(\[]at[)\]])\s*", re.IGNORECASE)


def parse_address(text: str) -> str:
    """Return the address with its domain in lower case and as A-labels (RFC 5890).

    Blanks, quotes, brackets, `mailto:`, a name and a separator around it are removed. Raises
    `UsageProblem`, which shows what was read, if that is not a valid address.
    """
    if len(text) <= _LONGEST and _USUAL.fullmatch(text):
        return text
    read = _without_surroundings(text)
    local, _at, domain = read.rpartition("@")
    if not local or not domain:
        raise _refused(local_settings.NOT_AN_ADDRESS, read)
    if len(read) > _LONGEST_PASTE:
        raise _refused(local_settings.ADDRESS_TOO_LONG, read)
    if _TWO.search(read):
        raise _refused(local_settings.SEVERAL_ADDRESSES, read)
    if " " in read and _parsed(read.replace(" ", "")):
        raise _refused(local_settings.ADDRESS_WITH_SPACE, read)
    if not local.isascii():
        raise _refused(local_settings.ADDRESS_NOT_ASCII, read)
    if "@" in local:
        raise _refused(local_settings.ADDRESS_WITH_SEVERAL_AT, read)
    if not _LOCAL.fullmatch(local) or ".." in local or local[0] == "." or local[-1] == ".":
        raise _refused(local_settings.ADDRESS_WITH_WRONG_CHARACTER, read)
    ascii_domain = _ascii_domain(domain)
    if not ascii_domain:
        raise _refused(local_settings.ADDRESS_WITHOUT_DOMAIN, read)
    address = f"{local}@{ascii_domain}"
    if len(local) > _LONGEST_LOCAL or len(address) > _LONGEST:
        raise _refused(local_settings.ADDRESS_TOO_LONG, read)
    return address


def domain_of(address: str) -> str:
    """The domain of a parsed address."""
    return address.rpartition("@")[2]


def same_address(one: str, other: str) -> bool:
    """Whether two addresses name the same mailbox; all providers ignore case."""
    return one.casefold() == other.casefold()


def did_you_mean(address: str) -> str:
    """A question that names the address that was probably meant; empty if there is none."""
    meant = intended_address(address)
    return _("Did you mean {address}?", address=meant) if meant else ""


def intended_address(address: str) -> str:
    """The address that was probably meant; empty if there is none."""
    if len(address) > _LONGEST_PASTE:
        return ""
    local, _at, domain = _in_common_letters(address).rpartition("@")
    meant = f"{local}@{intended_domain(domain) or domain}"
    return "" if meant == address else _parsed(meant)


def _parsed(text: str) -> str:
    """The address, or an empty text if it is not valid."""
    try:
        return parse_address(text)
    except AppError:
        return ""


def _refused(verdict: Verdict, read: str) -> AppError:
    """The error, with what was read; a word without @ is not shown, since it may be a secret."""
    shown = read if len(read) <= _LONGEST_SHOWN else f"{read[:_LONGEST_SHOWN]}…"
    error = as_error(verdict, text=visible(shown)) if "@" in read else as_error(verdict)
    question = did_you_mean(read)
    if question:
        error.add_note(question)
    return error


def _without_surroundings(text: str) -> str:
    """The address without what surrounds it; the text itself if that is not clear."""
    text = _stripped(text.translate(_WIDE_AT))
    if len(text) > _LONGEST_PASTE:
        return text
    while (inner := _stripped(_without_one_layer(text))) != text:
        text = inner
    return text


def _without_one_layer(text: str) -> str:
    if text[: len(_MAILTO)].casefold() == _MAILTO:  # RFC 6068
        return unquote(text[len(_MAILTO) :].partition("?")[0])
    if text[:1] + text[-1:] in _PAIRS and len(text) > 1:
        return text[1:-1]
    name, bracket, inside = text.rpartition("<")
    if bracket and inside.endswith(">") and _is_name_of(name, inside[:-1]):
        return inside[:-1]
    return text


def _is_name_of(name: str, address: str) -> bool:
    """Whether the text before `<address>` is a name, or the same address once more."""
    if any(category(character) == "Cc" and character != "\t" for character in name):
        return False
    return "@" not in name or _without_surroundings(name) == _without_surroundings(address)


def _stripped(text: str) -> str:
    start, end = 0, len(text)
    while start < end and _surrounds(text[start]):
        start += 1
    while end > start and _surrounds(text[end - 1]):
        end -= 1
    return text[start:end]


def _surrounds(character: str) -> bool:
    return (
        character in _TYPED_BLANKS
        or character in _SEPARATORS
        or category(character) in _BLANK_CATEGORIES
    )


def _in_common_letters(address: str) -> str:
    """The address without invisible characters, with plain letters, apostrophes and one @."""
    plain = normalize("NFKC", address.replace("\u2019", "'"))
    return _AT_IN_WORDS.sub("@", "".join(c for c in plain if category(c) != "Cf"))


def _ascii_domain(domain: str) -> str:
    """The domain in lower case and as A-labels; empty if it is not valid."""
    ascii_domain = domain.lower()
    if not domain.isascii() and len(domain) <= _LONGEST:
        import idna

        try:
            ascii_domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    return ascii_domain
