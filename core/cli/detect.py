"""`detect`: print which provider each address belongs to, and what shows it."""

from collections.abc import Sequence

from ..address import parse_address
from ..detection.clues import Clue
from ..detection.detect import Detection, examine
from ..errors import ExitCode, as_error
from ..paths import own_providers_file
from ..providers.catalog import load_catalog
from ..verdicts import local_commands
from .arguments import network_of
from .json_lines import Format, json_line
from .options import Options
from .output import Console, error_object, print_lines


def run(words: Sequence[str], options: Options) -> int:
    """Print the provider of each address, as text or as JSON; the first error's exit code."""
    if not words:
        raise as_error(local_commands.DETECT_NEEDS_ADDRESS)
    addresses = [parse_address(word) for word in words]
    catalog, network = load_catalog(own_providers_file()), network_of(options)
    template = "{address}: {found}" if len(addresses) > 1 else "{found}"
    errors = []
    for address in addresses:
        found = examine(address, catalog, network=network)
        if options.json:
            print_lines(json_line(Format.DETECTION, _object(address, found)))
        elif found.error is None:
            print_lines(template.format(address=address, found=found.sentence()))
        if found.error is not None:
            Console().error(found.error, address, mailbox=[address])
            errors.append(found.error)
    return errors[0].exit_code if errors else ExitCode.DONE


def _object(address: str, found: Detection) -> dict[str, object]:
    return {
        "address": address,
        "provider": None if found.error else found.provider,
        "candidates": [
            {"provider": name, "weight": weight} for name, weight in found.weights.items()
        ],
        "clues": [_clue_object(clue) for clue in found.clues],
        "unanswered": found.unanswered,
        "error": error_object(found.error) if found.error else None,
    }


def _clue_object(clue: Clue) -> dict[str, object]:
    return {
        "reason": clue.reason,
        "seen": clue.seen or None,
        "provider": clue.provider or None,
        "weight": clue.weight,
    }
