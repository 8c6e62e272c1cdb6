"""The demo's servers in a process of their own, and what a client needs to know of them."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.read import read_token_file

from .surroundings import child, environment

ACCOUNT = "you@demo.example"
OTHER = "other@demo.example"  # a second mailbox that the account's token opens
SIGNED_IN = "signed_in.txt"  # in the servers' folder
FACTS = "servers.json"
CA_FILE = "ca.pem"


@dataclass(frozen=True, slots=True)
class Servers:
    """Running servers; `folder` is also the home of a user who has the provider "demo"."""

    folder: Path
    token_uri: str
    client_id: str
    signed_in: TokenFile

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of that user, whose system trusts the servers."""
        return environment(self.folder, SSL_CERT_FILE=str(self.folder / CA_FILE), **more)

    def write(self, path: Path, *, address: str = ACCOUNT, left: float = -1.0) -> Path:
        """Write a token file whose access token expires in `left` seconds; return its path."""
        now = time.time()
        file = replace(
            self.signed_in, account=address, issued_at=now + left - 3600, expires_at=now + left
        )
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(serialize(file, now=now))
        path.chmod(0o600)
        return path

    @property
    def refresh_form(self) -> dict[str, str]:
        """The form of a refresh request (RFC 6749 section 6)."""
        return {
            "client_id": self.client_id,
            "grant_type": "refresh_token",
            "refresh_token": self.signed_in.refresh,
        }


@contextmanager
def servers(folder: Path, *, count: int = 0, slowest: float = 0.0) -> Iterator[Servers]:
    """Run the servers, with `count` token files in `folder`/tokens.

    Each answer with a token takes `slowest` seconds, or down to a third of that.
    """
    command = child("demo_servers", folder, count, slowest)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment(folder), stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline() == "ready\n"
            facts = json.loads((folder / FACTS).read_text("utf-8"))
            signed_in = read_token_file(folder / SIGNED_IN)
            assert signed_in is not None
            yield Servers(folder, facts["token_uri"], facts["client_id"], signed_in)
        finally:
            process.stdin.close()
