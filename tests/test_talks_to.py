"""To whom a whole run talks: every connection of a process is recorded."""

import ast
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from program import ROOT, Program, program_of
from servers import ADDRESS, Stage

RECORDER = Path(__file__).parent / "recorded_sockets.py"
SIGN_IN = ("--provider", "demo", ADDRESS)
NO_NETWORK: Sequence[tuple[str, ...]] = (
    ("status", ADDRESS),
    ("doctor",),
    ("inspect", ADDRESS),
    ("providers",),
    ("browsers",),
    ("--help",),
    ("--version",),
    ("--refresh_only", ADDRESS),  # the token is fresh
)


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program, whose connections are in the file `talks` of its folder."""
    program = program_of(stage)
    return replace(program, command=(sys.executable, str(RECORDER), str(program.folder / "talks")))


def talks(program: Program) -> set[tuple[str, str]]:
    """The hosts and the ports of all runs so far; they are forgotten."""
    file = program.folder / "talks"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return {(host, port) for host, _, port in (line.partition(" ") for line in lines)}


def test_a_run_talks_to_the_servers_of_its_mailbox_alone(stage: Stage, program: Program) -> None:
    """A sign-in, a refresh, and deleting everything: the token server and the IMAP server."""
    trusted = ("--ca_file", str(stage.ca_file))
    for arguments in (
        (*trusted, *SIGN_IN),
        (*trusted, "--startover", *SIGN_IN),
        (*trusted, *SIGN_IN),
        ("forget", "--yes", *trusted, ADDRESS),
    ):
        done = program.run(*arguments)
        assert 0 == done.code, done.err

    found = talks(program)
    expected = {str(stage.mailbox.port), stage.server.origin.rpartition(":")[2]}
    assert {"localhost", "127.0.0.1", "::1"} >= {host for host, _ in found}
    assert expected == {port for _, port in found}


def test_what_needs_no_server_talks_to_nobody(stage: Stage, program: Program) -> None:
    """No look-up of a name either."""
    stage.sign_in()
    for arguments in NO_NETWORK:
        program.run(*arguments)
        assert set() == talks(program), arguments


def test_the_window_has_no_network_of_its_own() -> None:
    """Of Qt's network it uses only what connects two programs of one user on this computer."""
    used = {
        name.name
        for file in (ROOT / "gui").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "PySide6.QtNetwork"
        for name in node.names
    }
    assert {"QLocalServer", "QLocalSocket"} == used
