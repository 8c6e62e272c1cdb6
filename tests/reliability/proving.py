"""What every proof has: options, a seed, figures, breaches, an exit code.

A proof attacks the program, prints what it counted and measured, and exits with 1 on a breach.
Import this module first: it makes the project's modules importable from any folder.
"""
# ruff: noqa: E402  # the folders that the proofs import from are named first

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
for _folder in (HERE, ROOT / "tests", ROOT):
    sys.path.insert(0, str(_folder))

import pytest

from bed.install import MissingPart

NOT_SHOWN = 3  # the exit code of a proof that this machine has no means for


@dataclass(frozen=True, slots=True)
class Options:
    """The number of cases and the seed; `short` is for the tests."""

    short: bool
    seed: int
    count: int


@dataclass(slots=True)
class Proof:
    """Prints figures and counts breaches."""

    name: str
    seed: int
    random: random.Random
    began: float = field(default_factory=time.monotonic)
    breaches: int = 0

    def figure(self, what: str, value: object) -> None:
        """Print a line of the result."""
        print(f"{what:<58} {value}", flush=True)

    def check(self, holds: bool, breach: str) -> bool:
        """Return `holds`; if it is false, count and print a breach."""
        if not holds:
            self.breaches += 1
            print(f"BREACH {breach}", flush=True)
        return holds

    def end(self) -> int:
        """Print the last figures; return the exit code."""
        self.figure("seconds", f"{time.monotonic() - self.began:.0f}")
        self.figure("breaches", self.breaches)
        return 1 if self.breaches else 0


def options(description: str, *, count: int, short: int) -> Options:
    """Read `--short`, `--seed N` and `--count N` from the command line."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help=f"{short} in place of {count}")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    parser.add_argument("--count", type=int)
    given = parser.parse_args()
    wanted = given.count or (short if given.short else count)
    return Options(given.short, given.seed, wanted)


def begin(name: str, chosen: Options) -> Proof:
    """Start a proof and print its seed."""
    numbers = random.Random(chosen.seed)  # noqa: S311  # to be repeated, not to be secret
    proof = Proof(name, chosen.seed, numbers)
    proof.figure(f"{name}: seed", chosen.seed)
    return proof


def run(prove: Any) -> None:
    """Exit with the result of the proof, or with 3 if a part of the bed is missing."""
    try:
        sys.exit(prove())
    except (MissingPart, pytest.skip.Exception) as missing:
        print(f"NOT SHOWN: {missing}")
        sys.exit(NOT_SHOWN)


def spread(values: Sequence[float]) -> str:
    """Return the median, the 99th percentile and the maximum of milliseconds."""
    ordered = sorted(values)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"median {statistics.median(ordered):.1f}, 99 % {high:.1f}, worst {ordered[-1]:.1f} ms"
