"""`run` on the command line: what it hands to the command, what it says, and how it is stopped."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from program import Program, installed_python, program_of
from servers import ADDRESS, AT_ONCE, MakeStage, Stage

OUTPUT = b"one\r\ntwo\x00\xff no line end"
# Says what it was given, in its own way, and ends with a code of its own.
CHILD = f"""
import json, os, sys
open("given.json", "w").write(json.dumps({{"words": sys.argv[1:], "environ": dict(os.environ)}}))
sys.stdout.buffer.write({OUTPUT!r})
sys.stderr.buffer.write(b"said " + sys.stdin.buffer.read())
sys.exit(7)
"""
NAP = "import os, time\nwhile not os.path.exists('enough'): time.sleep(0.05)"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """Return a stage that is signed in and whose access token expires soon."""
    made = make_stage()
    made.sign_in()
    made.age()
    return made


@pytest.fixture
def program(stage: Stage) -> Program:
    """Return the program, in a folder with a command that records what it was given."""
    (stage.folder / "child.py").write_text(CHILD)
    return program_of(stage)


def run(program: Program, stage: Stage, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the program with bytes as input and output; --ca_file is added to `words`."""
    return subprocess.run(
        [*program.command, "--ca_file", os.path.relpath(stage.ca_file, program.folder), *words],
        cwd=program.folder,
        env={**program.environment(), "OAUTH2_IMAP_CLIENT_SECRET": "the-client-secret"},
        input=b"typed",
        capture_output=True,
        timeout=60,
        check=False,
    )


def given(stage: Stage) -> dict[str, list[str]]:
    """Return the words and the environment that the command recorded."""
    found: dict[str, list[str]] = json.loads((stage.folder / "given.json").read_text())
    return found


def test_the_command_is_handed_through(program: Program, stage: Stage) -> None:
    """The command gets its words and input, and its output and exit code come out unchanged."""
    own = ("--", "--user1", ADDRESS, "--nonsense", "-x", "", "a b", "--side", "7")
    done = run(program, stage, "run", ADDRESS, "--", sys.executable, "child.py", *own)
    assert (7, OUTPUT) == (done.returncode, done.stdout), done.stderr
    *ours, last = done.stderr.split(b"\n")
    assert b"said typed" == last
    assert ours
    assert all(line.startswith(b"oauth2_imap: ") for line in ours)
    assert list(own) == given(stage)["words"][: len(own)]
    assert [
        "--host1",
        "localhost",
        "--ssl1",
        "--port1",
        str(stage.mailbox.port),
        "--oauthaccesstoken1",
        str(stage.path),
    ] == given(stage)["words"][len(own) :]
    side = f"{ADDRESS} is side 1 (source), because --user1 is this address."
    assert side.encode() in done.stderr
    assert f"Token file of side 1: {stage.path}".encode() in done.stderr


def test_no_secret_reaches_the_command(program: Program, stage: Stage) -> None:
    """The token is only in the file, not in the words or the environment of the command."""
    run(program, stage, "run", "--side", "2", ADDRESS, "--", sys.executable, "child.py")
    found = str(given(stage))
    assert "the-client-secret" not in found
    assert not [secret for secret in stage.server.issued if secret in found]


@pytest.fixture
def installed(program: Program, stage: Stage, tmp_path: Path) -> Program:
    """Return the program as it is after an installation."""
    python = installed_python(tmp_path / "installed")
    return replace(program, command=(str(python), "-m", "core"))


def imapsync(stage: Stage, version: str) -> str:
    """Make a command called imapsync that records what it was given; return its path."""
    command = stage.folder / "imapsync"
    answer = f"[ $1 = --version ] && echo {version} && exit"
    command.write_text(f'#!/bin/sh\n{answer}\nexec "{sys.executable}" child.py "$@"\n')
    command.chmod(0o755)
    return str(command)


needs_sh = pytest.mark.only_on("posix", reason="the programs are scripts for sh")


@needs_sh
@pytest.mark.parametrize("version", ["2.267", "2.288"])
def test_imapsync_can_refresh_the_token_itself(
    installed: Program, stage: Stage, tmp_path: Path, version: str
) -> None:
    """It gets a command that works in any folder and prints nothing."""
    words = ("run", "--side", "2", ADDRESS, "--", imapsync(stage, version), "--dry")
    done = run(installed, stage, *words)
    assert 7 == done.returncode, done.stderr
    name, call = given(stage)["words"][-2:]
    assert "--oauthrefreshcmd2" == name
    stage.age()
    before = stage.server.refreshes
    called = subprocess.run(
        ["sh", "-c", call],
        cwd="/",
        env=installed.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert b"" == called.stdout
    assert before + 1 == stage.server.refreshes


@needs_sh
@pytest.mark.parametrize(
    ("version", "own", "said"),
    [
        ("2.266", (), b""),
        ("2.288", ("--oauthrefreshcmd1", "true"), b""),
        ("2.288", ("--oauthaccesstoken1", "/mine"), b""),
        ("unknown", (), b"The version of imapsync is not known, so only options are added"),
    ],
)
def test_imapsync_gets_no_other_refresh_command(
    installed: Program, stage: Stage, version: str, own: tuple[str, ...], said: bytes
) -> None:
    """Neither an older or unknown imapsync, nor one for which the user has chosen already."""
    words = ("run", "--side", "1", ADDRESS, "--", imapsync(stage, version), *own)
    done = run(installed, stage, *words)
    assert 7 == done.returncode, done.stderr
    assert own.count("--oauthrefreshcmd1") == given(stage)["words"].count("--oauthrefreshcmd1")
    assert said in done.stderr


@needs_sh
def test_a_secret_that_imapsync_does_not_get(installed: Program, stage: Stage) -> None:
    """Where the secret is only in the environment, a refresh command would fail; it is said."""
    with installed.own_file.open("a") as settings:
        settings.write("confidential = true\n")
    stage.age(left=900)
    stage.server.close()  # the token is still valid, and this server knows no secret
    words = ("run", "--side", "1", ADDRESS, "--", imapsync(stage, "2.288"))
    done = run(installed, stage, *words)
    assert 7 == done.returncode, done.stderr
    assert "--oauthrefreshcmd1" not in given(stage)["words"]
    assert b"because its client secret is not saved" in done.stderr
    assert "the-client-secret" not in str(given(stage))


@needs_sh
def test_a_typed_secret_beside_a_store_that_has_none(installed: Program, stage: Stage) -> None:
    """The typed one is used. Without a saved one a refresh command would fail; it is said."""
    with installed.own_file.open("a") as settings:
        settings.write(f'client_secret_entry = "{"0" * 32}"\n')
    stage.age(left=900)
    stage.server.close()
    words = ("--client_secret", "typed", "--side", "1", ADDRESS, "--", imapsync(stage, "2.288"))
    done = run(installed, stage, "run", *words)
    assert 7 == done.returncode, done.stderr
    assert "--oauthrefreshcmd1" not in given(stage)["words"]
    assert b"because its client secret is not saved" in done.stderr


@needs_sh
def test_without_an_installed_program(installed: Program, stage: Stage, tmp_path: Path) -> None:
    """From source there is no program that imapsync could call; it is said."""
    (tmp_path / "installed" / "bin" / "oauth2_imap").unlink()
    words = ("run", "--side", "1", ADDRESS, "--", imapsync(stage, "2.288"))
    done = run(installed, stage, *words)
    assert 7 == done.returncode, done.stderr
    assert "--oauthrefreshcmd1" not in given(stage)["words"]
    assert b"the program oauth2_imap was not found" in done.stderr


@needs_sh
@pytest.mark.parametrize(("version", "expected"), [("2.288", True), ("unknown", False)])
def test_imapsyncs_exit_code_is_said_in_words(
    program: Program, stage: Stage, version: str, expected: bool
) -> None:
    """But not that of another program, whose codes may mean anything."""
    done = run(program, stage, "run", "--side", "1", ADDRESS, "--", imapsync(stage, version))
    assert 7 == done.returncode, done.stderr
    assert expected == (b"exit code 7: a file has told it to end." in done.stderr)


def test_it_begins_with_a_fresh_token(program: Program, stage: Stage) -> None:
    """An old token is refreshed before the command starts."""
    old = stage.file().access
    check = f"import sys; sys.exit(open({str(stage.path)!r}).readline() == {old + chr(10)!r})"
    done = run(program, stage, "run", "--side", "1", ADDRESS, "--", sys.executable, "-c", check)
    assert 0 == done.returncode, done.stderr


def test_it_signs_in_where_needed(program: Program, stage: Stage) -> None:
    """Without a token file the user signs in first, then the command starts."""
    stage.path.unlink()
    stage.server.automatic_consent = True
    done = run(program, stage, "run", "--side", "1", ADDRESS, "--", sys.executable, "-c", "")
    assert 0 == done.returncode, done.stderr
    assert ADDRESS == stage.server.account_of(stage.file().access)


def test_a_live_token_is_enough_while_the_provider_is_away(program: Program, stage: Stage) -> None:
    """The command starts with the live token; the token is refreshed later."""
    stage.age(left=900)
    stage.server.close()
    done = run(program, stage, "run", "--side", "1", ADDRESS, "--", sys.executable, "-c", "")
    assert 0 == done.returncode, done.stderr
    assert b"refused the connection" in done.stderr


def test_it_keeps_the_file_fresh_meanwhile(program: Program, stage: Stage) -> None:
    """The file is refreshed again and again while the command runs."""
    stage.server.token_lifetime = 2
    before = stage.server.refreshes
    words = ("run", "--side", "1", ADDRESS, "--", sys.executable, "-c", NAP)
    with program.start("--ca_file", str(stage.ca_file), *words) as running:
        deadline = time.monotonic() + AT_ONCE
        while stage.server.refreshes - before < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        (stage.folder / "enough").touch()
        done = running.finish()
    assert 0 == done.code, done.err
    assert stage.server.refreshes - before >= 3
    assert stage.file().issued_at is not None
    assert stage.names() == [stage.path.name]


def test_the_token_file_in_place_of_the_address(program: Program, stage: Stage) -> None:
    """A token file can be named in place of an address, for each side."""
    words = ("--", sys.executable, "child.py")
    done = run(program, stage, "run", str(stage.path), str(stage.path), *words)
    assert 7 == done.returncode, done.stderr
    tokens = [word for word in given(stage)["words"] if word == str(stage.path)]
    assert 2 == len(tokens)


def test_the_addresses_in_the_command(program: Program, stage: Stage) -> None:
    """A user in the command without a password is a mailbox to keep fresh."""
    own = ("--user1", "me@old.example", "--password1", "x", "--user2", ADDRESS)
    done = run(program, stage, "run", "--", sys.executable, "child.py", *own)
    assert 7 == done.returncode, done.stderr
    assert str(stage.path) == given(stage)["words"][-1]
    assert "--oauthaccesstoken2" == given(stage)["words"][-2]


@pytest.mark.parametrize(
    ("words", "said", "verdict"),
    [
        (("run", ADDRESS), "two dashes", "run_needs_command"),
        (("run", ADDRESS, "--"), "two dashes", "run_needs_command"),
        (("run", ADDRESS, "imapsync"), "two dashes", "run_without_dashes"),
        (("run", ADDRESS, "--", "no-such-imapsync"), "no-such-imapsync", "program_not_found"),
        (("run", ADDRESS, "--", "./child.py"), "child.py", "program_not_executable"),
        (("run", "--", sys.executable), "0 were given", "run_takes_two_mailboxes"),
        (
            ("run", ADDRESS, ADDRESS, ADDRESS, "--", sys.executable),
            "3 were given",
            "run_takes_two_mailboxes",
        ),
        (("run", "--side", "3", ADDRESS, "--", sys.executable), "--side", "side_not_1_or_2"),
        (("run", ADDRESS, "--", sys.executable), ADDRESS, "side_unknown"),
    ],
)
def test_mistakes(
    program: Program,
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    words: tuple[str, ...],
    said: str,
    verdict: str,
) -> None:
    """It exits with 2, asks for no token and starts no command."""
    asked = stage.server.token_requests
    done = program.run_here("--ca_file", str(stage.ca_file), *words)
    assert (2, "") == (done.code, done.out), done.err
    assert said in done.err
    assert [verdict] == re.findall(r"\[(\w+)\]", caplog.text)
    assert all(line.startswith("oauth2_imap: ") for line in done.err.splitlines())
    assert asked == stage.server.token_requests


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (("run", ADDRESS, "imapsync", "--automap"), "run_without_dashes"),
        (("run", ADDRESS, "imapsync", "--user1=x"), "run_without_dashes"),
        (("run", "--nonsense", ADDRESS, "--", "imapsync"), "unknown_option"),
        ((ADDRESS, "--automap"), "unknown_option"),
    ],
)
def test_an_option_of_imapsync_without_the_dashes(
    program: Program, caplog: pytest.LogCaptureFixture, words: tuple[str, ...], verdict: str
) -> None:
    """What is missing is said, not that the option is unknown."""
    assert 2 == program.run_here(*words).code
    assert [verdict] == re.findall(r"\[(\w+)\]", caplog.text)


def test_a_dead_grant_starts_nothing(program: Program, stage: Stage) -> None:
    """If the sign-in fails, the command isn't started and the exit code says why."""
    stage.server.revoke_grants()
    nobody_there = Program(program.folder, program.home)  # and no browser
    done = run(nobody_there, stage, "run", "--side", "1", ADDRESS, "--", sys.executable, "child.py")
    assert 3 == done.returncode, done.stderr
    assert not (stage.folder / "given.json").exists()


INTERRUPTIBLE = """
import os, signal, sys, time
def handle(number, frame):
    os.write(1, f"got {signal.Signals(number).name}\\n".encode())
    if number == signal.SIGTERM:
        sys.exit(6)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, handle)
os.write(1, b"ready\\n")
deadline = time.monotonic() + 20
while not open("enough").read() and time.monotonic() < deadline:
    time.sleep(0.05)
sys.exit(5)
"""


@pytest.mark.only_on("posix", reason="Windows has no process groups of this kind")
@pytest.mark.parametrize(
    ("sent", "to_group", "code"),
    [(signal.SIGINT, True, 5), (signal.SIGTERM, False, 6)],
    ids=["Ctrl-C, twice", "SIGTERM to us alone"],
)
def test_signals_are_the_commands(
    program: Program, stage: Stage, sent: signal.Signals, to_group: bool, code: int
) -> None:
    """Ctrl-C reaches the command by itself, and the program waits; SIGTERM is passed on."""
    (stage.folder / "enough").touch()
    words = ("run", "--side", "1", ADDRESS, "--", sys.executable, "-c", INTERRUPTIBLE)
    with subprocess.Popen(
        [sys.executable, "-m", "core", "--ca_file", str(stage.ca_file), *words],
        cwd=program.folder,
        env=program.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert b"ready\n" == process.stdout.readline()
        for _ in range(2 if to_group else 1):
            (os.killpg if to_group else os.kill)(process.pid, sent)
            assert f"got {sent.name}\n".encode() == process.stdout.readline()
        (stage.folder / "enough").write_text("yes")
        assert code == process.wait(20)
