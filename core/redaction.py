"""Removes what looks like a secret from texts for the log, a report and the window.

The program never passes a secret to a logger. This is a second line of defence.
"""

import logging
import re
from functools import cache

from .plain_text import visible

_NEXT_LINE = "\n    "
# The names and numbers of errors: invalid_grant, BadRequest, expired, AADSTS50076, 50105, 5.7.139.
# A code or a state is random: it has digits between its letters, or longer runs of letters.
_WORD = r"(?:[A-Z]{2,16}|[A-Z]?[a-z]{2,14})"
_NEXT_WORD = rf"(?:[_.-]{_WORD}|[A-Z][a-z]{{2,13}}|As|At|By|Id|In|Is|No|Of|On|Or|To)"
_NUMBER = r"(?:[A-Z]{1,8}-?\d{1,8}|\d{1,7}|\d{1,3}(?:\.\d{1,3}){1,3}|0x[0-9A-Fa-f]{1,8})"
_ERROR = rf"(?-i:{_WORD}{_NEXT_WORD}{{0,6}}|{_NUMBER})"
_END = r"[^0-9A-Za-z\s\"'&,}]{0,9}(?:[\s\"'&,}]|$)"
_ERRORS = rf"{_ERROR}(?:[/:;=()|]{{1,4}}{_ERROR}){{0,9}}{_END}"  # limited, so that no text is slow
_ONE_WORD = rf"(?-i:[A-Z]?[a-z]{{2,14}}){_END}"  # in a query it may be a short code, as Yahoo's are
# What may stand around a quoted name or value: also the quotes of JSON in JSON, of Python's bytes,
# of a query and of HTML.
_QUOTE = r"(?:b?\\*[\"']|\\+u0022|%22|&quot;)?"
_IS = rf"{_QUOTE}\s*(?:=|%3D)\s*{_QUOTE}"
_SAYS = rf"{_QUOTE}\s*(?::|%3A)\s*{_QUOTE}"
_VALUE = r"(?:[^\s\"'&,}\\]|\\(?!\\*[\"']|\\*u0022)){6,}"
_ALWAYS = (
    "access_token|refresh_token|id_token|code_verifier|device_code|client_secret|client_assertion"
    "|assertion|password"
)
# A word begins here, or after the code of a character: "\n", "\x01", "%3D".
_START = (
    r"(?:(?<![a-z0-9])|(?<=\\[bnrt])|(?<=\\x[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=%[0-9a-f]{2}))"
)
_SLASH = r"(?:\\?/|%2F)"
# Secrets that can be recognised without a name before them.
_FORMS = (
    r"eyJ[\w-]{8,}(?:\.[\w-]*){0,4}",  # a JWT, and Microsoft's codes in that form
    r"ya29\.[\w.~-]{6,}",  # Google's access tokens, refresh tokens, codes and client secrets
    rf"1{_SLASH}{{2}}0[\w%.-]{{6,}}",
    rf"4{_SLASH}[01][\w%.-]{{10,}}",
    r"GOCSPX-[\w-]{6,}",
    r"M\.[A-Z]\d[\w.!*$%-]{6,}",  # Microsoft's, for personal accounts
    r"Ew[A-Z][\w+/=]{20,}",
    r"0\.A[\w.-]{6,}",  # Microsoft's, for organisations
    r"1\.A[\w.-]{24,}",
    r"[\w.~-]{3}\dQ~[\w.~-]{20,}",
    r"dXNlc[\w+/=]{20,}",  # the credentials of XOAUTH2: base64 of "user="
)
_SECRET = (
    r"(?i)("
    rf"(?:{_ALWAYS})(?:{_SAYS}|{_IS})"
    rf"|{_START}(?:code|state|token){_IS}(?:(?={_ONE_WORD})|(?!{_ERRORS}))"
    rf"|{_START}(?:(?:code|state|token){_SAYS}|(?:bearer|basic)\s+)(?!{_ERRORS})"
    rf"){_VALUE}"
    rf"|{_START}(?-i:{'|'.join(_FORMS)})"
)


class RedactingFilter(logging.Filter):
    """Removes everything that looks like a token, a code or a secret from log messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record's message; returns True, since no record is dropped."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, None
        return True


@cache
def _secret() -> re.Pattern[str]:
    """The compiled pattern. It takes milliseconds, and most runs log nothing."""
    return re.compile(_SECRET)


def redact(text: str) -> str:
    """Replace everything in the text that looks like a secret by an ellipsis."""
    return _secret().sub(lambda match: (match[1] or "") + "…", text)


class LogFormatter(logging.Formatter):
    """Redacts tracebacks too, since the text of an exception may come from a server.

    Text from outside is plain text: it can't control a terminal that shows the log. Further lines
    are indented, so that none looks like a record of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        lines = redact(super().format(record)).split("\n")
        return _NEXT_LINE.join(visible(line) for line in lines)
