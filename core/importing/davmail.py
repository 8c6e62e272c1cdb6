"""DavMail's settings, and its separate file of tokens (davmail.oauth.tokenFilePath).

DavMail encrypts each refresh token with the password that the mail program sends to it, and its own
client ID is for Exchange's other interfaces. So only the addresses can be taken.

https://github.com/mguessan/davmail: src/java/davmail/Settings.java, storeRefreshToken
"""

import re

from ..errors import as_error
from ..tokenfile.format import TokenFile
from ..verdicts import local_import
from .found import Found

_MARKS = re.compile(r"^davmail\.\w+[\w.]*[ \t]*=|^[^\s=@]+@[^\s=@]+=\{AES\}", re.MULTILINE)
_TOKEN = re.compile(
    r"^(?:davmail\.oauth\.)?([^\s=@]+@[^\s=@]+?)(?:\.refreshToken)?[ \t]*=[ \t]*\S", re.MULTILINE
)


def fits(text: str) -> bool:
    """Whether a text is such a file."""
    return _MARKS.search(text) is not None


def read(text: str) -> tuple[Found, ...]:
    """The addresses with tokens. Raises `AppError` if there is none."""
    addresses = dict.fromkeys(_TOKEN.findall(text))
    if not addresses:
        raise as_error(local_import.NO_MAILBOX)
    return tuple(
        Found(
            TokenFile("", "", account=address),
            problem=as_error(local_import.ENCRYPTED_BY_DAVMAIL, address=address),
        )
        for address in addresses
    )
