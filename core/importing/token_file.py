"""Token files: those of both versions of the Perl script, and those of this program."""

from dataclasses import replace

from ..errors import as_error
from ..tokenfile.format import NotATokenFile, TokenFile, parse_token_file
from ..verdicts import local_import
from .found import Found


def fits(text: str) -> bool:
    """Whether a text is a token file."""
    return _parsed(text) is not None


def read(text: str) -> tuple[Found, ...]:
    """The one account of the file. The address may be missing: it may be in the file's name."""
    file = _parsed(text) or TokenFile("", "")
    if not file.store_entry:
        return (Found(file),)
    problem = as_error(local_import.IN_SECRET_STORE, address=file.account)
    return (Found(replace(file, access="", store_entry=""), problem=problem),)


def _parsed(text: str) -> TokenFile | None:
    try:
        return parse_token_file(text.encode())
    except NotATokenFile:
        return None
