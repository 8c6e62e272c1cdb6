"""The form of a token file: damage by an editor, a shell or a copy, and its repair.

A repair that would change a token is not done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..i18n.translation import _
from ..tokenfile.format import NotATokenFile, TokenFile, parse_token_file
from .finding import GET_NEW_TOKEN, RUN_FIX, Finding
from .form_checks import FORM_CHECKS, QUOTES

# Damage by an editor and a shell takes three rounds. A malicious file could take thousands.
_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Form:
    """The findings, and the repaired content; `file` is None if this is not a token file."""

    findings: tuple[Finding, ...]
    repaired: bytes = field(repr=False)
    file: TokenFile | None


def check_form(content: bytes) -> Form:
    """Run all checks again and again, each on the repaired content, until nothing changes."""
    found: dict[str, Finding] = {}
    repaired = content
    for _round in range(_MOST_ROUNDS):
        before, repaired = repaired, _check_once(repaired, found)
        if repaired == before:
            break
    else:
        return Form(_not_a_token_file(found, _("This file is encoded many times")), content, None)
    try:
        file = parse_token_file(repaired)
    except NotATokenFile as exc:
        return Form(_not_a_token_file(found, exc.about(_("This file")).message), content, None)
    if file is None:
        return Form(_not_a_token_file(found, _("This file holds no token")), content, None)
    return Form(tuple(found.values()), repaired, file)


def _not_a_token_file(found: Mapping[str, Finding], message: str) -> tuple[Finding, ...]:
    """The findings that explain why it is not a token file, or one with this message.

    Findings that could be repaired are left out, since such a file is never changed.
    """
    explained = tuple(finding for finding in found.values() if not finding.fixable)
    message = _("{message}. imapsync still sends its first line as the token", message=message)
    return explained or (Finding("no_token_file", message, _(GET_NEW_TOKEN)),)


def _check_once(content: bytes, found: dict[str, Finding]) -> bytes:
    """Run each check once. Adds to `found`, and returns the repaired content."""
    for check in FORM_CHECKS:
        if not check.applies(content):
            continue
        repaired = check.repair(content)
        if not _keeps_tokens(content, repaired):
            repaired = content
        fixable = repaired != content
        hint = RUN_FIX if fixable else GET_NEW_TOKEN
        found.setdefault(check.name, Finding(check.name, _(check.message), _(hint), fixable))
        content = repaired
    return content


def _keeps_tokens(before: bytes, after: bytes) -> bool:
    """Whether the repaired content still contains the same tokens, without their quotes."""
    try:
        file = parse_token_file(before)
    except NotATokenFile:
        return True
    if file is None:
        return True
    try:
        repaired = parse_token_file(after)
    except NotATokenFile:
        return False
    return repaired is not None and _unquoted(repaired) == _unquoted(file)


def _unquoted(file: TokenFile) -> tuple[str, str]:
    quotes = QUOTES.decode()
    return file.access.strip(quotes), file.refresh.strip(quotes)
