"""Which kinds of files can be imported. The content tells the kind, not the name of the file.

To add a kind, add it to the table for its form: JSON, or other text.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from ..errors import as_error
from ..verdicts import local_import
from ..verdicts.verdict import Verdict
from . import davmail, emailproxy, google_credentials, msal_cache, mutt_oauth2, script, token_file
from .found import Found, ReadCall

LARGEST = 4 << 20  # bytes; a cache of msal has some kilobytes for each account
# A longer text was not written by hand, and could keep a regular expression busy for minutes. cmd
# takes lines of 8191 characters:
# https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
_LONGEST_TEXT, _LONGEST_LINE = 1 << 19, 8191
_PGP_TEXT = "-----BEGIN PGP MESSAGE-----"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class JsonKind(NamedTuple):
    """A kind of JSON file. Its top level is an object."""

    fits: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any]], tuple[Found, ...]]


class TextKind(NamedTuple):
    """Another kind of text file."""

    fits: Callable[[str], bool]
    read: Callable[[str, ReadCall], tuple[Found, ...]]


class Refused(NamedTuple):
    """A kind that can't be read, by how its content begins."""

    beginnings: tuple[bytes, ...]
    verdict: Verdict


REFUSED_KINDS = (
    # RFC 9580 section 4.2: packets of the types 1 and 3, in the old and in the new form.
    Refused(
        (b"\x84", b"\x85", b"\x8c", b"\x8d", b"\xc1", b"\xc3", _PGP_TEXT.encode()),
        local_import.ENCRYPTED_WITH_PGP,
    ),
    # https://docs.python.org/3/library/pickletools.html: the opcode PROTO, and a protocol.
    Refused(tuple(bytes((0x80, n)) for n in range(2, 8)), local_import.PYTHON_PICKLE),
)
JSON_KINDS = (
    JsonKind(mutt_oauth2.fits, mutt_oauth2.read),
    JsonKind(google_credentials.fits, google_credentials.read),
    JsonKind(google_credentials.is_service_account, google_credentials.refuse_service_account),
    JsonKind(google_credentials.is_client_file, google_credentials.refuse_client_file),
    JsonKind(msal_cache.fits, msal_cache.read),
)
TEXT_KINDS = (
    TextKind(emailproxy.fits, lambda text, _: emailproxy.read(text)),
    TextKind(davmail.fits, lambda text, _: davmail.read(text)),
    TextKind(token_file.fits, lambda text, _: token_file.read(text)),
    TextKind(script.fits, script.read),  # the last: many texts name the program
)


def read_content(content: bytes, read_call: ReadCall) -> tuple[Found, ...]:
    """What a file says about each of its mailboxes.

    Raises `AppError` if the kind is unknown, or is one that can't be read.
    """
    if len(content) > LARGEST:
        raise as_error(local_import.FILE_TOO_LARGE)
    kind = _kind_of(content)
    if kind is None:
        raise as_error(local_import.UNKNOWN_FILE)
    return kind(read_call)


def is_known(content: bytes) -> bool:
    """Whether the kind of a file is known."""
    return _kind_of(content) is not None


def _kind_of(content: bytes) -> Callable[[ReadCall], tuple[Found, ...]] | None:
    """What reads the content; None if its kind is unknown."""
    for refused in REFUSED_KINDS:
        if content.startswith(refused.beginnings):
            return partial(_refuse, refused.verdict)
    text = _text(content)
    table = _json_object(text)
    for kind in JSON_KINDS if table else ():
        if kind.fits(table):
            return partial(_read_table, kind, table)
    for other in TEXT_KINDS if not table and _is_readable(text) else ():
        if other.fits(text):
            return partial(other.read, text)
    return None


def _read_table(kind: JsonKind, table: Mapping[str, Any], _: ReadCall) -> tuple[Found, ...]:
    return kind.read(table)


def _refuse(verdict: Verdict, _: ReadCall) -> tuple[Found, ...]:
    raise as_error(verdict)


def _text(content: bytes) -> str:
    """The text; PowerShell 5 writes UTF-16, and old scripts have an old code page."""
    coding = "utf-16" if content.startswith(_UTF16_MARKS) else "utf-8-sig"
    try:
        return content.decode(coding)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _is_readable(text: str) -> bool:
    lines = text.splitlines()
    return len(text) <= _LONGEST_TEXT and all(len(line) <= _LONGEST_LINE for line in lines)


def _json_object(text: str) -> dict[str, Any]:
    """The JSON object; empty if the text is something else."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}
