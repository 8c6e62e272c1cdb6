"""The question after a sign-in with another account, in a script and at a terminal."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from program import BROWSER, Program
from servers import ADDRESS, MakeStage, Stage

OTHER = "other@demo.example"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A mailbox with living tokens of the right account; then another one signs in."""
    stage = make_stage()
    stage.sign_in()
    stage.server.id_token_account = OTHER
    return stage


@pytest.fixture
def program(stage: Stage, tmp_path: Path) -> Program:
    """The program, which knows the provider of the stage, with a browser that consents."""
    browser = f"{sys.executable} {BROWSER} {stage.ca_file} %s"
    program = Program(stage.folder, tmp_path / "home", {"BROWSER": browser})
    program.configure(f"""
[providers.demo]
authorize_uri = "{stage.server.authorize_uri}"
token_uri = "{stage.server.token_uri}"
scopes = ["mail", "openid"]
domains = ["demo.example"]
imap_host = "localhost"
imap_port = {stage.mailbox.port}

[providers.demo.applications.demo]
client_id = "demo"
""")
    return program


def test_in_a_script(stage: Stage, program: Program) -> None:
    """Without a terminal nobody is asked: exit code 5, and the command that says yes."""
    before = stage.path.read_bytes()
    ca = ("--ca_file", str(stage.ca_file))
    done = program.run(*ca, "--startover", "--no_check", ADDRESS)
    assert 5 == done.code, done.err
    assert "Your answer" not in done.err
    assert before == stage.path.read_bytes()
    (command,) = re.findall("Command for a shared mailbox: oauth2_imap (.*)", done.err)
    assert f"--login_hint {OTHER}" in command
    done = program.run(*shlex.split(command))
    assert 0 == done.code, done.err
    assert before != stage.path.read_bytes()
    assert OTHER == stage.file().login_hint


@pytest.mark.only_on("posix", reason="Windows has no pseudo terminals")
@pytest.mark.parametrize(
    ("typed", "code", "login_hint"),
    [(b"s\n", 0, OTHER), (b"Shared \n", 0, OTHER), (b"\n", 5, ""), (b"yes\n", 5, "")],
)
def test_at_a_terminal(
    stage: Stage, program: Program, typed: bytes, code: int, login_hint: str
) -> None:
    """The user is asked once; anything but one of the two answers changes nothing."""
    before = stage.path.read_bytes()
    ended, said = at_terminal(stage, program, [typed])
    assert code == ended, said
    assert 1 == said.count("Your answer (a, s or Enter):")
    assert f"The sign-in was made as {OTHER}, not as {ADDRESS}." in said
    assert f"Sign in again, as {ADDRESS}." in said
    assert f"{ADDRESS} is a shared mailbox that {OTHER} may open. Save it." in said
    assert (code == 5) == (before == stage.path.read_bytes())
    assert login_hint == stage.file().login_hint


@pytest.mark.only_on("posix", reason="Windows has no pseudo terminals")
def test_again_at_a_terminal(stage: Stage, program: Program) -> None:
    """Each sign-in with the wrong account is asked about."""
    ended, said = at_terminal(stage, program, [b"a\n", b"again\n", b"\n"])
    assert 5 == ended, said
    assert 3 == said.count("Your answer (a, s or Enter):")
    assert 3 == stage.server.authorize_requests - 1


def at_terminal(stage: Stage, program: Program, typed: Sequence[bytes]) -> tuple[int, str]:
    """Sign in at a terminal and type an answer to each question; the exit code and the output."""
    import pty  # not on Windows

    mine, theirs = pty.openpty()
    options = ("--ca_file", str(stage.ca_file), "--startover", "--no_check")
    process = subprocess.Popen(
        [*program.command, *options, ADDRESS],
        cwd=program.folder,
        env=program.environment(),
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    assert process.stderr is not None
    said, number = b"", 0
    while more := os.read(process.stderr.fileno(), 4096):
        said += more
        if said.count(b"Enter): ") > number:
            os.write(mine, typed[number])
            number += 1
    process.stderr.close()
    os.close(mine)
    return process.wait(60), said.decode()
