"""`detect`: print which provider an address belongs to."""

from argparse import Namespace
from collections.abc import Sequence

from ..address import parse_address
from ..errors import ExitCode, UsageProblem
from ..providers.catalog import load_catalog, own_file
from ..providers.detection import detect


def run(words: Sequence[str], options: Namespace) -> int:
    """Print the provider of one address and how it was detected."""
    if len(words) != 1:
        raise UsageProblem("detect takes one word", hint="Write oauth2_imap detect ADDRESS")
    address = parse_address(words[0])
    found = detect(address, load_catalog(own_file()), timeout=options.timeout)
    print(found.sentence())
    return ExitCode.DONE
