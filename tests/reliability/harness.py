"""The real authorization server and the program, for the proofs that need both."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import proving  # noqa: F401  # the folders to import from

from bed import flow
from bed.authorization import AuthorizationServer
from bed.keys import make_keys
from bed.users import ALICE
from core.tokenfile.format import LARGEST
from core.tokenfile.save import new_path
from program import Program

SCOPE = "openid offline_access imap"
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


@contextmanager
def work_folder() -> Iterator[Path]:
    """Make a folder that every user can read; delete it afterwards."""
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_proof_") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  # a run as another user starts from here
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class Provider:
    """The bed's authorization server, with a program that uses it."""

    server: AuthorizationServer
    ca_file: Path
    folder: Path

    def program(self) -> Program:
        """Return the program in `folder`, with its own home and no browser."""
        program = Program(self.folder, self.folder / "home")
        program.configure(PROVIDER.format(issuer=self.server.issuer))
        return program

    def sign_in(self, path: Path) -> None:
        """Write a file with a new grant as the original program does: two lines and the account."""
        answer = flow.sign_in(
            self.server.issuer, self.ca_file, "public-rotating", ALICE, scope=SCOPE
        )
        path.parent.mkdir(exist_ok=True)
        text = f"{answer['access_token']}\n{answer['refresh_token']}\n# Account is {ALICE}\n"
        path.write_text(text, "ascii")

    def granted(self) -> int:
        """Return the number of refreshes so far."""
        return int(self.server.control("stats")["refreshes"])

    def refreshes(self, after: int) -> list[dict[str, Any]]:
        """Return the refreshes after the first `after`: when each was committed, and its tokens."""
        return list(self.server.control("refreshes", after=after))


@contextmanager
def provider(**knobs: Any) -> Iterator[Provider]:
    """Run oidc-provider with strict rotation: an old refresh token ends the grant."""
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
    """Whether the space for the next tokens is reserved, so that the request follows."""
    try:
        return new_path(path).stat().st_size >= LARGEST
    except OSError:
        return path.read_bytes() != before


def command(provider: Provider, path: Path, *arguments: str) -> tuple[str, ...]:
    """Return the command line for one token file."""
    return (*arguments, "--ca_file", str(provider.ca_file), "--token_file", str(path), ALICE)
