"""What can damage a token file, each a row of a table.

If the damage can be repaired, the row has a function from the old bytes to the repaired bytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..i18n.translation import N_
from ..tokenfile.format import LARGEST
from .reading import first_line

_BOM = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\v\f"
# Blanks that a web page or a mail program adds, and that can't be seen (in UTF-8).
_INVISIBLE = re.compile(
    rb"(\xc2\xa0|\xe2\x80[\x80-\x8f\xaf]|\xe2\x81\xa0|\xe3\x80\x80|\xef\xbb\xbf)"
)
_BEARER = re.compile(rb"\Abearer[ \t]+", re.IGNORECASE)
QUOTES = b"\"'`"
# A line that would send tokens to another server, if a program read it. The Perl script does not
# write such lines either.
_ENDPOINT = re.compile(
    rb"^#[ \t]*(?=\S*(?:uri|url|endpoint))\S* is .*\n?", re.IGNORECASE | re.MULTILINE
)


def _unchanged(content: bytes) -> bytes:
    return content


@dataclass(frozen=True, slots=True)
class FormCheck:
    """One row of the table; `repair` returns the content unchanged if it can't be repaired."""

    name: str
    applies: Callable[[bytes], bool]
    message: str
    repair: Callable[[bytes], bytes] = _unchanged


def _is_utf16(content: bytes) -> bool:
    return content.startswith(_UTF16_MARKS) or b"\0" in content[:2]


def _from_utf16(content: bytes) -> bytes:
    order = "utf-16" if content.startswith(_UTF16_MARKS) else "utf-16-le"
    if content[:1] == b"\0":
        order = "utf-16-be"
    try:
        text = content.decode(order)
    except UnicodeDecodeError:
        return content
    return content if "\0" in text else text.encode()  # with zeros it would be decoded again


def _is_cut_short(content: bytes) -> bool:
    """Programs end the last line with a line end. Only files that a program wrote are checked."""
    return b"\n# The first " in content and content.rpartition(b"\n")[2].startswith(b"#")


def _without_bom(content: bytes) -> bytes:
    return re.sub(rb"\A(\xef\xbb\xbf)+", b"", content)


def _without_cr(content: bytes) -> bytes:
    content = b"\n".join(line.strip(b"\r") for line in content.split(b"\n"))
    return content.replace(b"\r", b"\n")  # line ends of a Mac before 2001


def _without_blank_lines(content: bytes) -> bytes:
    return re.sub(rb"\A([ \t\v\f\r]*\n)+", b"", content)


def _without_invisible(content: bytes) -> bytes:
    """Remove such blanks from the first two lines; no token has one."""
    lines = content.split(b"\n")
    return b"\n".join([*(_INVISIBLE.sub(b"", line) for line in lines[:2]), *lines[2:]])


def _without_third_line(content: bytes) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join([*lines[:2], *(line for line in lines[2:] if not _is_extra(line))])


def _is_extra(line: bytes) -> bool:
    return bool(line.strip()) and not line.startswith(b"#")


def _stripped(content: bytes, unwanted: bytes) -> bytes:
    """Remove these characters from both ends of the first two lines."""
    lines = content.split(b"\n")
    return b"\n".join([*(line.strip(unwanted) for line in lines[:2]), *lines[2:]])


FORM_CHECKS: tuple[FormCheck, ...] = (
    FormCheck(
        "utf16",
        _is_utf16,
        N_(
            "The file is encoded in UTF-16. PowerShell 5 writes such files with >. imapsync sends "
            "a zero byte with each letter, and the server refuses the token"
        ),
        _from_utf16,
    ),
    FormCheck(
        "bom",
        lambda content: content.startswith(_BOM),
        N_(
            "The file begins with a byte order mark. Notepad writes one. imapsync sends it as part "
            "of the token, and the server refuses the token"
        ),
        _without_bom,
    ),
    FormCheck(
        "too_large",
        lambda content: len(content) > LARGEST,
        N_("The file is much larger than a token file. It must contain something else"),
    ),
    FormCheck(
        "not_text",
        lambda content: b"\0" in content and not _is_utf16(content),
        N_("The file contains zero bytes. A failed disk or an interrupted copy leaves such bytes"),
    ),
    FormCheck(
        "empty",
        lambda content: not content.strip(),
        N_("The file is empty. imapsync logs in without a token, and the server refuses the login"),
    ),
    FormCheck(
        "carriage_return",
        lambda content: b"\r" in first_line(content),
        N_(
            "The lines end with CR LF. Windows programs write such lines. On Linux and macOS, "
            "imapsync sends the CR as part of the token, and the server refuses the token"
        ),
        _without_cr,
    ),
    FormCheck(
        "blank_first_line",
        lambda content: bool(content.strip()) and not first_line(content).strip(),
        N_(
            "The first line is blank. imapsync reads only the first line, so it logs in without a "
            "token"
        ),
        _without_blank_lines,
    ),
    FormCheck(
        "spaces",
        lambda content: first_line(content) != first_line(content).strip(_BLANKS),
        N_(
            "There are spaces around the token. imapsync sends them as part of the token, and most "
            "servers then refuse the token"
        ),
        lambda content: _stripped(content, _BLANKS),
    ),
    FormCheck(
        "invisible",
        lambda content: content != _without_invisible(content),
        N_(
            "There are invisible characters around a token, as web pages have them. They are sent "
            "as part of the token, and the server refuses the token"
        ),
        _without_invisible,
    ),
    FormCheck(
        "bearer",
        lambda content: _BEARER.match(content) is not None,
        N_(
            "The first line begins with the word Bearer. imapsync sends it as part of the token, "
            "and the server refuses the token"
        ),
        lambda content: _BEARER.sub(b"", content),
    ),
    FormCheck(
        "no_token",
        lambda content: first_line(content).strip() in (b"null", b"None"),
        N_("The first line is the word that a script wrote because it got no token"),
    ),
    FormCheck(
        "third_line",
        lambda content: sum(map(_is_extra, content.split(b"\n")[2:])) == 1,
        N_("The file has a third line without a #, which other programs write. It is not needed"),
        _without_third_line,
    ),
    FormCheck(
        "quotes",
        lambda content: content != _stripped(content, QUOTES),
        N_("There are quotes around a token. They are sent as part of the token"),
        lambda content: _stripped(content, QUOTES),
    ),
    FormCheck(
        "json",
        lambda content: content.lstrip().startswith((b"{", b"[")),
        N_(
            "The file is JSON, for example msal's cache, Google's token.json or a server response. "
            "imapsync sends its first line, which is not a token"
        ),
    ),
    FormCheck(
        "comment_first",
        lambda content: first_line(content).startswith(b"#"),
        N_("The first line is a comment. imapsync sends it as the token"),
    ),
    FormCheck(
        "names_an_endpoint",
        lambda content: _ENDPOINT.search(content) is not None,
        N_(
            "A line contains the address of a token endpoint. oauth2_imap does not write or read "
            "such a line, so someone else has added it"
        ),
        lambda content: _ENDPOINT.sub(b"", content),
    ),
    FormCheck(
        "cut_short",
        _is_cut_short,
        N_(
            "The file ends in the middle of a line. The program that wrote or copied it was "
            "interrupted"
        ),
    ),
)
