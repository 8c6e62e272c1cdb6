"""`detect`: print which provider an address belongs to."""

from argparse import Namespace
from collections.abc import Sequence

from ..address import parse_address
from ..errors import ExitCode, as_error
from ..providers.catalog import load_catalog, own_file
from ..providers.detection import detect
from ..verdicts import local_commands


def run(words: Sequence[str], options: Namespace) -> int:
    """Print the provider of one address and how it was detected."""
    if len(words) != 1:
        raise as_error(local_commands.DETECT_TAKES_ONE_ADDRESS, count=len(words))
    address = parse_address(words[0])
    found = detect(address, load_catalog(own_file()), timeout=options.timeout)
    print(found.sentence())
    return ExitCode.DONE
