"""`--hook` and `--on_trouble`: real commands, which write down how they were started."""

import signal
import sys
import time
from pathlib import Path

import pytest

from core.child_environment import SECRET_VARIABLE
from core.errors import as_error
from core.keeping.hooks import Hooks
from core.model import Outcome
from core.verdicts import local_commands
from program import Program, program_of
from servers import ADDRESS, AT_ONCE, MakeStage, Stage

# Writes its arguments and all that its environment knows of us.
_WRITE = """
import os, sys
ours = {k: v for k, v in os.environ.items() if k.startswith("OAUTH2_IMAP_")}
ours.pop("OAUTH2_IMAP_HOME", None)
with open(sys.argv[1], "a", encoding="utf-8") as file:
    print(sys.argv[2:], sorted(ours.items()), file=file)
"""


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A mailbox whose token expires soon."""
    stage = make_stage()
    stage.sign_in()
    stage.age()
    return stage


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the mailbox's folder."""
    return program_of(stage)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The program of the user."""
    path = tmp_path / "my hook.py"
    path.write_text(_WRITE, "ascii")
    return path


def outcome(*, renewed: bool = True) -> Outcome:
    """A refresh of the mailbox."""
    return Outcome(
        address=ADDRESS,
        provider="demo",
        file="/tokens/file.txt",
        imap_host="",
        imap_port=0,
        imap_starttls=False,
        expires_at=None,
        renewed=renewed,
        checked=False,
    )


def hooks(told: list[str], *words: str, longest: float = 30.0) -> Hooks:
    """Hooks of which both start this Python with these words."""
    command = [sys.executable, *words]
    return Hooks(command, command, told.append, longest=longest)


def test_a_refresh_starts_it(stage: Stage, program: Program, script: Path) -> None:
    """With the mailbox and its file, once, and never with a secret."""
    out = script.parent / "out.txt"
    command = f'"{sys.executable}" "{script}" "{out}" "two words" \'$HOME | x\''
    words = ("--refresh_only", "--ca_file", str(stage.ca_file))
    environ = {**program.environ, SECRET_VARIABLE: "not-for-others"}
    done = Program(program.folder, program.home, environ).run(*words, "--hook", command, ADDRESS)
    assert (0, "") == (done.code, done.err)
    known = [
        ("OAUTH2_IMAP_ADDRESS", ADDRESS),
        ("OAUTH2_IMAP_FILE", str(stage.path)),
        ("OAUTH2_IMAP_VERDICT", ""),
    ]
    assert f"{['two words', '$HOME | x']} {known}\n" == out.read_text("utf-8")
    # A token that is still fresh is no change.
    done = program.run(*words, "--hook", command, ADDRESS)
    assert (0, 1) == (done.code, len(out.read_text("utf-8").splitlines()))


def test_a_dead_grant_starts_the_other(stage: Stage, program: Program, script: Path) -> None:
    """With the name of the error; the exit code stays that of the error."""
    out = script.parent / "out.txt"
    command = f'"{sys.executable}" "{script}" "{out}"'
    stage.server.revoke_grants()
    done = program.run(
        *("--refresh_only", "--ca_file", str(stage.ca_file)),
        *("--hook", "no_such_program_here", "--on_trouble", command, ADDRESS),
    )
    assert 2 == done.code
    assert "--hook can't start no_such_program_here" in done.err
    done = program.run(
        "--refresh_only", "--ca_file", str(stage.ca_file), "--on_trouble", command, ADDRESS
    )
    assert 3 == done.code, done.err
    [line] = out.read_text("utf-8").splitlines()
    assert f"('OAUTH2_IMAP_FILE', '{stage.path}'), ('OAUTH2_IMAP_VERDICT', '" in line
    assert "('OAUTH2_IMAP_VERDICT', '')" not in line


def test_the_loop_starts_it(stage: Stage, program: Program, script: Path) -> None:
    """While it runs, and the last command has ended when it ends."""
    out = script.parent / "out.txt"
    command = f'"{sys.executable}" "{script}" "{out}"'
    words = ("--loop", "--no_check", "--ca_file", str(stage.ca_file))
    with program.start(*words, "--hook", command, ADDRESS) as running:
        deadline = time.monotonic() + AT_ONCE
        while not (out.exists() and out.read_text("utf-8")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        running.process.send_signal(signal.SIGTERM)
        assert 130 == running.finish().code


def test_run_starts_it(stage: Stage, program: Program, script: Path) -> None:
    """For the refresh before imapsync starts."""
    out = script.parent / "out.txt"
    command = f'"{sys.executable}" "{script}" "{out}"'
    words = ("run", "--side", "1", "--ca_file", str(stage.ca_file), "--hook", command, ADDRESS)
    done = program.run(*words, "--", sys.executable, "-c", "")
    assert 0 == done.code, done.err
    assert ADDRESS in out.read_text("utf-8")


def test_batch_starts_it(stage: Stage, program: Program, script: Path) -> None:
    """For each new token; a mailbox that waits for its first sign-in is no trouble."""
    out = script.parent / "out.txt"
    command = f'"{sys.executable}" "{script}" "{out}"'
    (program.folder / "list.csv").write_text(f"{ADDRESS}\nother@demo.example\n", "ascii")
    words = ("batch", "list.csv", "--no_check", "--ca_file", str(stage.ca_file))
    done = program.run(*words, "--hook", command, "--on_trouble", command)
    assert 3 == done.code, done.err
    [line] = out.read_text("utf-8").splitlines()
    assert f"('OAUTH2_IMAP_ADDRESS', '{ADDRESS}')" in line


def test_a_failure_is_told(script: Path) -> None:
    """And ends nothing: the next command runs."""
    told: list[str] = []
    one = hooks(told, "-c", "raise SystemExit(3)")
    for _ in range(2):
        one.take(ADDRESS, "file", outcome())
    one.finish(cancelled=False)
    assert [f"The command of --hook failed for {ADDRESS}: exit code 3."] * 2 == told


def test_one_that_hangs_is_ended() -> None:
    """After its time; what comes after it is not lost."""
    told: list[str] = []
    one = hooks(told, "-c", "import time; time.sleep(600)", longest=0.5)
    began = time.monotonic()
    one.take(ADDRESS, "file", outcome())
    one.finish(cancelled=False)
    assert time.monotonic() - began < AT_ONCE
    assert ["did not end within 0 seconds" in line for line in told] == [True]


def test_what_starts_nothing() -> None:
    """A token that was still fresh, and an error that no sign-in settles."""
    told: list[str] = []
    one = hooks(told, "-c", "raise SystemExit(3)")
    one.take(ADDRESS, "file", outcome(renewed=False))
    one.take(ADDRESS, "file", as_error(local_commands.REFRESHING_ENDED))
    one.finish(cancelled=True)
    assert [] == told


@pytest.mark.parametrize("option", ["--hook", "--on_trouble"])
def test_a_quote_without_an_end(program: Program, option: str) -> None:
    """Nothing is sent then."""
    done = program.run_here("--refresh_only", option, "mail 'me", ADDRESS)
    assert 2 == done.code
    assert f"The command of {option} has a quote without an end" in done.err
