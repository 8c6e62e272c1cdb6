"""The form of a token file: what an editor, a shell or a copy has done to it.

Each check is a row; those that can be mended say how, in bytes to bytes. A mending that would
change a token which this program reads from the file as it is, is not done.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..tokenfile.format import LARGEST, NotATokenFile, TokenFile, parse_token_file
from .finding import MEND, SIGN_IN, Finding
from .reading import first_line

# What an editor and a shell have done takes three; a planted file could ask for thousands.
_MOST_ROUNDS = 8
_BOM = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\v\f"
_QUOTES = b"\"'`"
# A line that would send tokens elsewhere, if anybody read it; the original wrote none either.
_ENDPOINT = re.compile(
    rb"^#[ \t]*\S*(?:uri|url|endpoint)\S* is .*\n?", re.IGNORECASE | re.MULTILINE
)


def _unchanged(content: bytes) -> bytes:
    return content


@dataclass(frozen=True, slots=True)
class FormCheck:
    """`mend` gives the content back as it came where nothing can be done."""

    name: str
    applies: Callable[[bytes], bool]
    sentence: str
    mend: Callable[[bytes], bytes] = _unchanged


@dataclass(frozen=True, slots=True)
class Form:
    """What was found, and the content as it should be; `file` is None where it holds no tokens."""

    findings: tuple[Finding, ...]
    mended: bytes = field(repr=False)
    file: TokenFile | None


def check_form(content: bytes) -> Form:
    """Run all checks, each on what the ones before have mended, until nothing changes any more."""
    found: dict[str, Finding] = {}
    mended = content
    for _ in range(_MOST_ROUNDS):
        before, mended = mended, _once(mended, found)
        if mended == before:
            break
    else:
        return Form(_of_no_token_file(found, "it is wrapped in too many layers"), content, None)
    try:
        file = parse_token_file(mended)
    except NotATokenFile as exc:
        return Form(_of_no_token_file(found, str(exc)), content, None)
    if file is None:
        return Form(_of_no_token_file(found, "it holds none"), content, None)
    return Form(tuple(found.values()), mended, file)


def _of_no_token_file(found: Mapping[str, Finding], reason: str) -> tuple[Finding, ...]:
    """What explains it; it is no file to write to, so what could be mended is of no interest."""
    explained = tuple(finding for finding in found.values() if not finding.fixable)
    sentence = f"It is no token file: {reason}. imapsync sends its first line all the same"
    return explained or (Finding("no_token_file", sentence, SIGN_IN),)


def _once(content: bytes, found: dict[str, Finding]) -> bytes:
    """One round through the table; what is found is added."""
    for check in FORM_CHECKS:
        if not check.applies(content):
            continue
        mended = check.mend(content)
        if not _keeps_tokens(content, mended):
            mended = content
        fixable = mended != content
        todo = MEND if fixable else SIGN_IN
        found.setdefault(check.name, Finding(check.name, check.sentence, todo, fixable))
        content = mended
    return content


def _keeps_tokens(before: bytes, after: bytes) -> bool:
    """Whether this program reads the same tokens, but for quotes, from the mended content."""
    try:
        file = parse_token_file(before)
    except NotATokenFile:
        return True
    if file is None:
        return True
    try:
        mended = parse_token_file(after)
    except NotATokenFile:
        return False
    return mended is not None and _unquoted(mended) == _unquoted(file)


def _unquoted(file: TokenFile) -> tuple[str, str]:
    quotes = _QUOTES.decode()
    return file.access.strip(quotes), file.refresh.strip(quotes)


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
    return content if "\0" in text else text.encode()  # with zeros it would be decoded once more


def _is_cut_short(content: bytes) -> bool:
    """What programs write ends with a line end; what people write needn't."""
    return b"\n# The first " in content and content.rpartition(b"\n")[2].startswith(b"#")


def _without_bom(content: bytes) -> bytes:
    return re.sub(rb"\A(\xef\xbb\xbf)+", b"", content)


def _without_cr(content: bytes) -> bytes:
    content = b"\n".join(line.strip(b"\r") for line in content.split(b"\n"))
    return content.replace(b"\r", b"\n")  # of a Mac before 2001


def _without_blank_lines(content: bytes) -> bytes:
    return re.sub(rb"\A([ \t\v\f\r]*\n)+", b"", content)


def _stripped(content: bytes, unwanted: bytes) -> bytes:
    """Without these characters around the first two lines."""
    lines = content.split(b"\n")
    return b"\n".join([*(line.strip(unwanted) for line in lines[:2]), *lines[2:]])


FORM_CHECKS: tuple[FormCheck, ...] = (
    FormCheck(
        "utf16",
        _is_utf16,
        "It is written in UTF-16, as > does in PowerShell 5: imapsync sends a zero byte with each "
        "letter and is refused",
        _from_utf16,
    ),
    FormCheck(
        "bom",
        lambda content: content.startswith(_BOM),
        "It begins with a byte order mark, as Notepad writes it: imapsync sends it along and is "
        "refused",
        _without_bom,
    ),
    FormCheck(
        "too_large",
        lambda content: len(content) > LARGEST,
        "It is far larger than a token file can be: something else was written into it",
    ),
    FormCheck(
        "not_text",
        lambda content: b"\0" in content and not _is_utf16(content),
        "It holds zero bytes, as a disk that failed or a copy that was torn off leaves them",
    ),
    FormCheck(
        "empty",
        lambda content: not content.strip(),
        "It is empty: imapsync logs in with no token at all and is refused",
    ),
    FormCheck(
        "carriage_return",
        lambda content: b"\r" in first_line(content),
        "Its lines end in CR LF, as Windows programs write them: imapsync on Linux and macOS sends "
        "the CR along and is refused",
        _without_cr,
    ),
    FormCheck(
        "blank_first_line",
        lambda content: bool(content.strip()) and not first_line(content).strip(),
        "Its first line is blank, and imapsync reads no other: it logs in with no token at all",
        _without_blank_lines,
    ),
    FormCheck(
        "spaces",
        lambda content: first_line(content) != first_line(content).strip(_BLANKS),
        "Blanks stand around the token: imapsync sends them along, and most servers refuse it then",
        lambda content: _stripped(content, _BLANKS),
    ),
    FormCheck(
        "quotes",
        lambda content: content != _stripped(content, _QUOTES),
        "Quotes stand around a token: they are sent along as if they were part of it",
        lambda content: _stripped(content, _QUOTES),
    ),
    FormCheck(
        "json",
        lambda content: content.lstrip().startswith((b"{", b"[")),
        "It is JSON (msal's cache, Google's token.json or a server's answer): imapsync sends its "
        "first line, which is no token",
    ),
    FormCheck(
        "comment_first",
        lambda content: first_line(content).startswith(b"#"),
        "Its first line is a comment, and imapsync sends that as the token",
    ),
    FormCheck(
        "names_an_endpoint",
        lambda content: _ENDPOINT.search(content) is not None,
        "A line names an address to ask for tokens: this program neither writes nor reads such a "
        "line, so somebody has put it there",
        lambda content: _ENDPOINT.sub(b"", content),
    ),
    FormCheck(
        "cut_short",
        _is_cut_short,
        "It ends in the middle of a line: what wrote or copied it was torn off",
    ),
)
