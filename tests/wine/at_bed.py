"""The terminal program in Windows, with the bed."""

from __future__ import annotations

from pathlib import Path

from bed.fixtures import Bed
from bed.users import ALICE
from bed.walker import walk
from program import Program
from wine.prefix import windows_path


def trusting(bed: Bed) -> tuple[str, str]:
    """Return the option that makes a program in Windows trust the bed's certificates."""
    return ("--ca_file", windows_path(bed.ca_file))


def token_file(program: Program, name: str = f"oauth2_tokens_{ALICE}.txt") -> Path:
    """Return the path where the program saves it."""
    return program.folder / "tokens" / name


def sign_in(bed: Bed, program: Program, *options: str) -> Path:
    """Sign Alice in by another computer's browser; return the path of her token file."""
    with program.start("--remotebrowser", ALICE, *options, *trusting(bed)) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        running.type(walk(link, ALICE))
        done = running.finish()
    assert 0 == done.code, done.err
    return token_file(program)
