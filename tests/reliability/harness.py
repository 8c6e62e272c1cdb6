"""What the proofs share: options, figures, breaches, the real authorization server, the program.

A proof hurts the program on purpose, prints what it counted and measured, and exits 1 on a breach.
"""
# ruff: noqa: E402  # the folders that the proofs import from are named first

from __future__ import annotations

import argparse
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
for _folder in (HERE, ROOT / "tests", ROOT):
    sys.path.insert(0, str(_folder))

import pytest

from bed import flow
from bed.authorization import AuthorizationServer
from bed.install import MissingPart
from bed.keys import make_keys
from bed.users import ALICE
from core.tokenfile.format import LARGEST
from core.tokenfile.save import new_path
from program import Program

SCOPE = "openid offline_access imap"
NOT_SHOWN = 3  # the exit code of a proof that this machine has no means for
# The least a person configures for a provider of their own.
PROVIDER = """
[providers.bed]
authorize_uri = "{issuer}/auth"
token_uri = "{issuer}/token"
scopes = ["openid", "offline_access", "imap"]
refresh_repeats_scope = false
imap_host = "localhost"
imap_port = 993
domains = ["example.test"]
default_application = "rotating"

[providers.bed.applications.rotating]
client_id = "public-rotating"
redirect_uri = "http://localhost"
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How often, and with which random numbers; `short` is what CI has time for."""

    short: bool
    seed: int
    count: int


@dataclass(slots=True)
class Proof:
    """Prints figures, and collects what must not be."""

    name: str
    seed: int
    began: float = field(default_factory=time.monotonic)
    breaches: int = 0

    @property
    def random(self) -> random.Random:
        """The random numbers that the seed gives, from the first one on."""
        return random.Random(self.seed)  # noqa: S311  # to be repeated, not to be secret

    def figure(self, what: str, value: object) -> None:
        """A line of the result."""
        print(f"{what:<58} {value}", flush=True)

    def check(self, holds: bool, breach: str) -> bool:
        """Whether it holds; where not, it is a breach."""
        if not holds:
            self.breaches += 1
            print(f"BREACH {breach}", flush=True)
        return holds

    def end(self) -> int:
        """The exit code, after the last figures."""
        self.figure("seconds", f"{time.monotonic() - self.began:.0f}")
        self.figure("breaches", self.breaches)
        return 1 if self.breaches else 0


def options(description: str, *, count: int, short: int) -> Options:
    """From the command line: `--short`, `--seed N`, `--count N`."""
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
    """A proof, its seed said."""
    proof = Proof(name, chosen.seed)
    proof.figure(f"{name}: seed", chosen.seed)
    return proof


def run(prove: Any) -> None:
    """Exit as the proof says; where a part of the bed is missing, say so and exit 3."""
    try:
        sys.exit(prove())
    except (MissingPart, pytest.skip.Exception) as missing:
        print(f"NOT SHOWN: {missing}")
        sys.exit(NOT_SHOWN)


def spread(values: Sequence[float]) -> str:
    """Median, 99th percentile and maximum of milliseconds."""
    ordered = sorted(values)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"median {statistics.median(ordered):.1f}, 99 % {high:.1f}, worst {ordered[-1]:.1f} ms"


@contextmanager
def work_folder() -> Iterator[Path]:
    """Gone after the run; anybody may look through it."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_proof_") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  # a run as another user starts from here
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class Provider:
    """The bed's authorization server, and a program that knows it."""

    server: AuthorizationServer
    ca_file: Path
    folder: Path

    def program(self) -> Program:
        """The program in `folder`, with a home of its own and no browser."""
        program = Program(self.folder, self.folder / "home")
        program.configure(PROVIDER.format(issuer=self.server.issuer))
        return program

    def sign_in(self, path: Path) -> None:
        """A new grant, as the original would leave it in a file: two lines, and the account."""
        answer = flow.sign_in(
            self.server.issuer, self.ca_file, "public-rotating", ALICE, scope=SCOPE
        )
        path.parent.mkdir(exist_ok=True)
        text = f"{answer['access_token']}\n{answer['refresh_token']}\n# Account is {ALICE}\n"
        path.write_text(text, "ascii")

    def granted(self) -> int:
        """How many refreshes so far."""
        return int(self.server.control("stats")["refreshes"])

    def refreshes(self, after: int) -> list[dict[str, Any]]:
        """Those granted after so many: when the server committed them, and the pair it gave."""
        return list(self.server.control("refreshes", after=after))


@contextmanager
def provider(**knobs: Any) -> Iterator[Provider]:
    """oidc-provider with strict rotation: an old refresh token used again ends the grant."""
    with work_folder() as folder:
        keys = make_keys(folder / "keys")
        server = AuthorizationServer(folder, keys)
        server.start()
        try:
            server.control("config", **knobs)
            yield Provider(server, keys.ca, folder)
        finally:
            server.stop()


def has_place(path: Path, before: bytes) -> bool:
    """The place for the next pair is whole, so the question is about to be sent."""
    try:
        return new_path(path).stat().st_size >= LARGEST
    except OSError:
        return path.read_bytes() != before


def command(provider: Provider, path: Path, *arguments: str) -> tuple[str, ...]:
    """A command line for one token file."""
    return (*arguments, "--ca_file", str(provider.ca_file), "--token_file", str(path), ALICE)
