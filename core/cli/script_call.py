"""Reads a call of oauth2_imap or of the Perl script, as it stands in a script to import."""

from collections.abc import Sequence

from ..address import parse_address
from ..importing.found import Found
from ..tokenfile.format import TokenFile
from .arguments import described, parse_arguments


def read_call(words: Sequence[str]) -> Found:
    """What a call says about its mailbox. Raises `UsageProblem` if it is not valid."""
    parsed = parse_arguments(words)
    options = parsed.options
    address = next((word for word in parsed.words if "@" in word), "")
    file = TokenFile(
        "",
        "",
        account=parse_address(address),
        provider=options.provider,
        application=options.application,
        login_hint=options.login_hint,
    )
    given = {name: value for name, value in described(options).items() if value}
    if options.client_secret is not None:
        given["client_secret"] = options.client_secret
    return Found(file, given, token_file=options.token_file)
