"""How soon the program has started: what it can answer without a network."""

import sys
from collections.abc import Iterator
from functools import partial

from .servers import ACCOUNT, servers
from .surroundings import installed_command, work_folder
from .table import Row
from .timing import in_turns, milliseconds

BARE, IMPORTS = "pass", "import argparse, json, logging"
FRESH = 45 * 60.0  # seconds that the token is still valid


def rows(*, short: bool = False) -> Iterator[Row]:
    """Ours beside a Python that imports three modules which most programs need."""
    with work_folder() as folder, servers(folder) as running:
        ours = installed_command(folder)
        file = running.write(folder / "tokens" / "token.txt", left=FRESH)
        commands = {
            BARE: [sys.executable, "-c", BARE],
            IMPORTS: [sys.executable, "-c", IMPORTS],
            "`--version`": [*ours, "--version"],
            "`--help`": [*ours, "--help"],
            "fresh": [*ours, "--refresh_only", ACCOUNT, "--token_file", str(file)],
        }
        acts = {
            name: partial(milliseconds, command, running.environment(), folder)
            for name, command in commands.items()
        }
        took = in_turns(1 if short else 25, acts)
    beside = f"`python -c '{IMPORTS}'`", took[IMPORTS]
    yield Row("`python -c pass`", took[BARE], *beside, None)
    yield Row("`--version`", took["`--version`"], *beside, 1.2)
    yield Row("`--help`", took["`--help`"], *beside, 1.2)
    yield Row("`--refresh_only`, the token is fresh", took["fresh"], *beside, 1.5)
