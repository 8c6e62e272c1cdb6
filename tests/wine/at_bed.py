"""The terminal program in Windows, at the bed."""

from __future__ import annotations

from pathlib import Path

from bed.fixtures import Bed
from bed.users import ALICE
from bed.walker import walk
from program import Program
from wine.prefix import windows_path


def trusting(bed: Bed) -> tuple[str, str]:
    """The option by which a program in Windows trusts the bed's certificates."""
    return ("--ca_file", windows_path(bed.ca_file))


def token_file(program: Program, name: str = f"oauth2_tokens_{ALICE}.txt") -> Path:
    """Where the program puts it."""
    return program.folder / "tokens" / name


def sign_in(bed: Bed, program: Program, *options: str) -> Path:
    """Alice signs in, in another computer's browser; the usual token file."""
    with program.start("--remotebrowser", ALICE, *options, *trusting(bed)) as running:
        link = running.line_with("The link: ").partition(": ")[2].strip()
        running.type(walk(link, ALICE))
        done = running.finish()
    assert 0 == done.code, done.err
    return token_file(program)
