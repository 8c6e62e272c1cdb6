"""`--refresh_only` as imapsync calls it before each login (--oauthrefreshcmd, since 2.267).

Standard input is an open pipe that nobody writes to, all output lands among imapsync's own, the
exit status is ignored, and nobody puts a time limit on it.
"""

import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from faulty_servers.responses import Fault
from program import ROOT, Program, program_of
from servers import ADDRESS, Stage

HEAVY = (
    "msal google requests dns cryptography oauthlib imaplib PySide6 tomlkit truststore ssl asyncio"
    " socketserver urllib.request http.client http.server filelock"
)


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the folder of a mailbox that is signed in."""
    stage.sign_in()
    return program_of(stage)


def call(program: Program, stage: Stage, *options: str) -> "subprocess.Popen[bytes]":
    """Start it as imapsync does: by its token file alone, with a pipe that stays silent."""
    command = ("--refresh_only", "--token_file", str(stage.path), "--ca_file", str(stage.ca_file))
    return subprocess.Popen(
        [sys.executable, "-m", "core", *command, *options],
        cwd="/",
        env=program.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def outputs(calls: Sequence["subprocess.Popen[bytes]"], timeout: float = 60) -> list[bytes]:
    """What they printed, once all have ended; their standard input stays open until then."""
    said = []
    for started in calls:
        assert started.stdout is not None
        assert started.stdin is not None
        with started.stdout, started.stdin:
            started.wait(timeout)
            said.append(started.stdout.read())
    return said


def test_one_refresh_however_many_call(program: Program, stage: Stage) -> None:
    """Twenty at once, each silent and each with a good token afterwards: one question is asked."""
    stage.age()
    before = stage.server.token_requests
    assert [b""] * 20 == outputs([call(program, stage, "--timeout", "60") for _ in range(20)])
    assert 1 == stage.server.token_requests - before
    assert ADDRESS == stage.server.account_of(stage.file().access)


def test_twice_for_a_refused_login(program: Program, stage: Stage) -> None:
    """imapsync calls it again when the login is refused: a token of seconds isn't renewed."""
    stage.age()
    for _ in range(2):
        # More than the token's life is asked for, so that only its youth can save the question.
        assert [b""] == outputs([call(program, stage, "--min_left", "1000")])
    assert 1 == stage.server.refreshes


def test_a_provider_that_hangs(program: Program, stage: Stage) -> None:
    """It gives up in time, whatever the provider does, with little to say and no secret in it."""
    stage.age()
    stage.server.faults.append(Fault(delay=60))
    began = time.monotonic()
    [said] = outputs([call(program, stage, "--timeout", "1")])
    assert time.monotonic() - began < 10
    assert b"gave no answer in time" in said
    assert len(said) < 1000
    assert b"\x1b" not in said
    assert not [secret for secret in stage.server.issued if secret.encode() in said]


def test_nothing_is_loaded_where_nothing_is_to_do(program: Program, stage: Stage) -> None:
    """With a fresh token no library of the network, of TLS or of locks is imported."""
    code = (
        "import sys; from core.cli import main; code = main(sys.argv[1:])\n"
        f"print(code, *[name for name in '{HEAVY}'.split() if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--refresh_only", "--token_file", str(stage.path)],
        cwd=ROOT,
        env=program.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0" == done.stdout.strip()
