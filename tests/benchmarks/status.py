"""`status` of a folder with thousands of token files, beside a loop that only reads them."""

import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name

from .surroundings import environment, installed_command, work_folder
from .table import Row
from .timing import in_turns, milliseconds

COUNT = 5_000
LOOP = """
import os, sys
for entry in os.scandir(sys.argv[1]):
    with open(entry.path, "rb") as file:
        file.read()
"""


def rows(*, short: bool = False) -> Iterator[Row]:
    """As text and as JSON."""
    count = 100 if short else COUNT
    with work_folder() as folder:
        fill(folder / "tokens", count)
        status = [*installed_command(folder), "status"]
        commands = {
            "loop": [sys.executable, "-c", LOOP, str(folder / "tokens")],
            "text": status,
            "json": [*status, "--json"],
        }
        acts = {
            name: partial(milliseconds, command, environment(folder), folder)
            for name, command in commands.items()
        }
        took = in_turns(1 if short else 7, acts)
    yardstick = f"a loop opens and reads {count:,} files"
    yield Row(f"`status`, {count:,} files", took["text"], yardstick, took["loop"], 2.5)
    yield Row(f"`status --json`, {count:,} files", took["json"], yardstick, took["loop"], 2.5)


def fill(tokens: Path, count: int) -> None:
    """Write token files that are not due for another 20 minutes."""
    tokens.mkdir()
    now = time.time()
    for number in range(count):
        address = f"mailbox{number:04}@example.com"
        file = TokenFile(
            access="an-access-token" * 100,  # as long as Microsoft's
            refresh="a-refresh-token" * 80,
            account=address,
            provider="office365",
            application="thunderbird",
            issued_at=now - 10 * 60,
            expires_at=now + 50 * 60,
        )
        (tokens / file_name(address)).write_bytes(serialize(file, now=now))
