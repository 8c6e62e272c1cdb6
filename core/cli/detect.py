"""`detect`: print which provider an address belongs to."""

import json
from collections.abc import Sequence

from ..address import parse_address
from ..errors import AppError, ExitCode, as_error
from ..paths import own_providers_file
from ..providers.catalog import load_catalog
from ..providers.detection import Detection, detect
from ..verdicts import local_commands
from .options import Options
from .output import error_object, print_lines


def run(words: Sequence[str], options: Options) -> int:
    """Print the provider of one address and how it was detected, as text or as JSON."""
    if len(words) != 1:
        raise as_error(local_commands.DETECT_TAKES_ONE_ADDRESS, count=len(words))
    address = parse_address(words[0])
    try:
        found = detect(address, load_catalog(own_providers_file()), timeout=options.timeout)
    except AppError as exc:
        if options.json:
            print_lines(_as_json(address, None, exc))
        raise
    print_lines(_as_json(address, found, None) if options.json else found.sentence())
    return ExitCode.DONE


def _as_json(address: str, found: Detection | None, error: AppError | None) -> str:
    return json.dumps(
        {
            "address": address,
            "provider": found.provider if found else None,
            "mx_host": found.mx_host or None if found else None,
            "error": error_object(error) if error else None,
        }
    )
