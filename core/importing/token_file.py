"""Token files: those of both versions of the Perl script, and those of this program."""

from ..errors import as_error
from ..tokenfile.format import NotATokenFile, TokenFile, parse_token_file
from ..verdicts import local_import
from .found import Found


def fits(content: bytes) -> bool:
    """Whether the content is a token file."""
    return _parsed(content) is not None


def read(content: bytes) -> tuple[Found, ...]:
    """The one account of the file. The address may be missing: it may be in the file's name."""
    file = _parsed(content) or TokenFile("", "")
    if not file.store_entry:
        return (Found(file),)
    problem = as_error(local_import.IN_SECRET_STORE, address=file.account)
    return (Found(TokenFile("", "", account=file.account), problem=problem),)


def _parsed(content: bytes) -> TokenFile | None:
    try:
        return parse_token_file(content)
    except NotATokenFile:
        return None
