"""No token, code, verifier, state or secret is printed or logged, at the chattiest setting.

The values are the real ones: the authorization server lists all that it issued and received.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bed.secret_service import SecretService
from core.model import FlowKind
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.imap_server import Behaviour, FaultyImapServer
from faulty_servers.responses import Fault
from program import Finished, Program

ADDRESS = "you@demo.example"
SECRET = "a-secret-of-the-client-0123456789"
BROWSER = Path(__file__).parent / "consenting_browser.py"


@dataclass(frozen=True, slots=True)
class Stage:
    """A program with a whole provider around it."""

    program: Program
    server: FaultyAuthorizationServer
    mailbox: FaultyImapServer
    ca_file: Path

    def run(self, *arguments: str, stdin: str = "") -> Finished:
        """Run at DEBUG."""
        options = ("--debug", "--timeout", "20", "--ca_file", str(self.ca_file))
        return self.program.run(*options, "--provider", "own", *arguments, ADDRESS, stdin=stdin)

    @property
    def file(self) -> Path:
        """The token file."""
        return self.program.folder / "tokens" / f"oauth2_tokens_{ADDRESS}.txt"

    def age(self) -> None:
        """Make the token an hour old, as far as the file tells."""
        text = self.file.read_text("ascii")
        lines = [x for x in text.split("\n") if not x.startswith(("# Issued", "# Expiry"))]
        self.file.write_text("\n".join(lines), "ascii")
        os.utime(self.file, (0, 0))

    def told(self, *runs: Finished) -> str:
        """All that was printed, logged or written as a comment, and the names of all files."""
        logs = self.program.home.rglob("*.log*")
        written = [log.read_text("utf-8") for log in logs]
        names = [str(path) for path in self.program.folder.rglob("*")]
        comments = self.file.read_text("ascii").split("\n")[2:] if self.file.exists() else []
        assert written, "no log was written, so this shows nothing"
        return "\n".join([r.out + r.err for r in runs] + written + names + comments)


@pytest.fixture(params=list(FlowKind))
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """One for each kind of flow, with a client that has a secret."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    with (
        FaultyAuthorizationServer(client_secret=SECRET, automatic_consent=True) as server,
        FaultyImapServer(server.account_of, certificate=server.certificate) as mailbox,
    ):
        ca_file = tmp_path / "ca.pem"
        ca_file.write_bytes(server.certificate.certificate_pem)
        environ = {"BROWSER": f"{sys.executable} {BROWSER} {ca_file} %s"}
        program = Program(folder, home, environ)
        program.configure(f"""
[providers.own]
flow = "{request.param}"
authorize_uri = "{server.authorize_uri}"
token_uri = "{server.token_uri}"
revocation_uri = "{server.revocation_uri}"
tenant = "demo"
scopes = ["openid", "imap", "offline_access"]
imap_host = "localhost"
imap_port = {mailbox.port}

[providers.own.applications.desktop]
client_id = "demo"
client_secret = "{SECRET}"
""")
        yield Stage(program, server, mailbox, ca_file)


def _leaked(stage: Stage, *runs: Finished) -> list[str]:
    told = stage.told(*runs)
    issued = {value for value in stage.server.issued if len(value) >= 8}
    assert len(issued) >= 3
    # A refusal may quote the other side, but what it quotes is no secret of the exchange.
    return [value[:6] + "…" for value in issued | {SECRET} if value in told]


def test_sign_in_and_refresh_tell_nothing(stage: Stage) -> None:
    """A sign-in and two refreshes at DEBUG: not one of the values shows up."""
    runs = [stage.run() for _ in range(3)]
    assert [0, 0, 0] == [run.code for run in runs], runs[0].err
    assert 2 == stage.server.refreshes
    assert [] == _leaked(stage, *runs)


def test_failures_tell_nothing(stage: Stage) -> None:
    """Neither do errors of the token endpoint and of the mailbox, whatever they echo."""
    runs = [stage.run()]
    content = stage.file.read_text("ascii").split("\n")
    echo = f'{{"error": "invalid_grant", "error_description": "bad {content[1]} {SECRET}"}}'
    stage.server.faults.append(Fault(status=400, body=echo.encode()))
    stage.mailbox.behaviour = Behaviour.REFUSE
    runs.append(stage.run())
    stage.age()
    stage.server.faults.append(Fault(status=503, body=b"<html>busy"))
    runs.append(stage.run("--refresh_only", "--min_left", "1000"))
    stage.server.faults.append(Fault(status=200, body=b'{"access_token": "a\\nb"}'))
    runs.append(stage.run("--startover"))
    stage.server.revoke_grants()
    runs.append(stage.run("--refresh_only", "--min_left", "1000"))
    assert [0, 5, 4, 4, 3] == [run.code for run in runs], "\n".join(run.err for run in runs)
    assert [] == _leaked(stage, *runs)
    assert [] == [line for run in runs for line in run.err.split("\n") if "Traceback" in line]


@pytest.mark.only_on("linux", reason="the program would use the person's own store")
def test_protection_tells_nothing(stage: Stage, secret_service: SecretService) -> None:
    """Neither do a protected sign-in, the way back and there again, and a store that is locked."""
    runs = [stage.run("--protect")]
    stage.age()
    runs.append(stage.run("--refresh_only"))
    runs += [stage.run("--refresh_only", "--no_protect"), stage.run("--refresh_only", "--protect")]
    assert "" == stage.file.read_text("ascii").split("\n")[1]
    secret_service.lock()
    stage.age()
    runs.append(stage.run("--refresh_only"))
    assert [0, 0, 0, 0, 1] == [run.code for run in runs], "\n".join(run.err for run in runs)
    assert [] == _leaked(stage, *runs)


def test_forgetting_tells_nothing(stage: Stage) -> None:
    """Neither does a revocation, also where the other side echoes what it was told."""
    runs = [stage.run()]
    access, refresh = stage.file.read_text("ascii").split("\n")[:2]
    echo = f'{{"error": "invalid_request", "error_description": "no {refresh} {access} {SECRET}"}}'
    stage.server.revocation_faults.append(Fault(status=400, body=echo.encode()))
    stage.server.revocation_faults.append(Fault(status=503, body=echo.encode()))
    runs += [stage.run("forget") for _ in range(3)]
    assert [0, 1, 4, 0] == [run.code for run in runs], "\n".join(run.err for run in runs)
    assert [] == _leaked(stage, *runs)
    assert not stage.file.exists()
