"""Finds domains of big mail providers that are spelled wrong, to ask "Did you mean gmail.com?".

It only serves as a hint beside an error. No address is ever changed by it.
"""

# Where many people have a mailbox. The first one that is similar enough is named.
_BIG = (
    *("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "googlemail.com"),
    *("live.com", "msn.com", "aol.com", "ymail.com", "protonmail.com", "fastmail.com", "zoho.com"),
    *("gmx.de", "gmx.net", "web.de", "t-online.de", "orange.fr", "wanadoo.fr", "laposte.net"),
    *("hotmail.co.uk", "hotmail.fr", "hotmail.de", "yahoo.fr", "yahoo.de", "yahoo.co.uk"),
    *("libero.it", "mail.ru", "yandex.ru", "comcast.net", "verizon.net", "btinternet.com"),
)
# Domains that exist, although they are similar to one above.
_REAL = frozenset(
    {"mail.com", "email.com", "gmx.com", "gmx.at", "gmx.ch", "me.com", "mac.com", "aim.com"}
    | {"yandex.com", "zoho.eu", "ya.ru", "fastmail.fm", "rocketmail.com", "free.fr", "sfr.fr"}
)
# One-letter mistakes are counted only in names of this length: "live" is near to many words.
_SHORTEST = 5


def intended_domain(domain: str) -> str:
    """The big provider's domain that was probably meant; empty if there is none.

    `domain` is what the user wrote after the @, perhaps without an end like `.com`.
    """
    domain = domain.casefold().replace(",", ".").strip(".")
    while ".." in domain:
        domain = domain.replace("..", ".")
    if domain in _REAL or len(domain) > 2 * max(map(len, _BIG)):
        return ""
    if domain in _BIG:
        return domain
    return next((big for big in _BIG if _is_similar(domain, big)), "")


def _is_similar(domain: str, big: str) -> bool:
    name, _, end = domain.partition(".")
    big_name, _, big_end = big.partition(".")
    if name == big_name:
        return not end or _is_one_mistake(end, big_end) or big in ("gmail.com", "icloud.com")
    if f"{big_name}{big_end}" == domain:  # the dot is missing
        return True
    return end in ("", big_end) and len(big_name) >= _SHORTEST and _is_one_mistake(name, big_name)


def _is_one_mistake(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing or too much, or two neighbours are swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(one) != len(other):
        longer, shorter = (left, right) if len(left) > len(right) else (right, left)
        return longer[1:] == shorter
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:]
