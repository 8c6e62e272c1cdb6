"""`--refresh_only` as imapsync calls it before each login (--oauthrefreshcmd, since 2.267).

imapsync gives it an open pipe as standard input and never writes to it. All output appears among
imapsync's own. imapsync ignores the exit code and sets no time limit.
"""

import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from faulty_servers.responses import Fault
from program import Program, program_of
from servers import ADDRESS, AT_ONCE, Stage


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the folder of a signed-in mailbox."""
    stage.sign_in()
    return program_of(stage)


def call(program: Program, stage: Stage, *options: str) -> "subprocess.Popen[bytes]":
    """Start it as imapsync does: with the token file only, and a pipe without input."""
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
    """The output of all, after they have ended; their standard input stays open until then."""
    said = []
    for started in calls:
        assert started.stdout is not None
        assert started.stdin is not None
        with started.stdout, started.stdin:
            started.wait(timeout)
            said.append(started.stdout.read())
    return said


def test_one_refresh_however_many_call(program: Program, stage: Stage) -> None:
    """Of twenty calls at once, one refreshes; all are silent, and all find a valid token."""
    stage.age()
    before = stage.server.token_requests
    assert [b""] * 20 == outputs([call(program, stage, "--timeout", "60") for _ in range(20)])
    assert 1 == stage.server.token_requests - before
    assert ADDRESS == stage.server.account_of(stage.file().access)


def test_twice_for_a_refused_login(program: Program, stage: Stage) -> None:
    """imapsync calls it again after a refused login: a token that is seconds old is kept."""
    stage.age()
    for _ in range(2):
        # --min_left is longer than the token's life, so only its age can prevent a refresh.
        assert [b""] == outputs([call(program, stage, "--min_left", "1000")])
    assert 1 == stage.server.refreshes


def test_a_provider_that_hangs(program: Program, stage: Stage) -> None:
    """It gives up in time, whatever the provider does, and prints a short text without secrets."""
    stage.age()
    stage.server.faults.append(Fault(delay=60))
    began = time.monotonic()
    [said] = outputs([call(program, stage, "--timeout", "1")])
    assert time.monotonic() - began < AT_ONCE
    assert b"did not answer in time" in said
    assert len(said) < 1000
    assert b"\x1b" not in said
    assert not [secret for secret in stage.server.issued if secret.encode() in said]


def test_a_mistake_in_the_settings_stops_no_fresh_token(program: Program, stage: Stage) -> None:
    """No provider is looked up for it. A refresh needs one, and says what is wrong."""
    program.configure("[providers.gmail")
    assert [b""] == outputs([call(program, stage)])
    stage.age()
    [said] = outputs([call(program, stage)])
    assert b"providers.toml" in said
    assert 0 == stage.server.refreshes
