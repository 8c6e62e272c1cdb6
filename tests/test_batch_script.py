"""The script for all pairs of a list: what imapsync gets, and where the passwords are."""

import os
import stat
import subprocess
from dataclasses import replace
from pathlib import PureWindowsPath

import pytest

from core.batch.places import NewPlaces
from core.errors import ExitCode
from core.imapsync.command import Side
from core.imapsync.pair_script import SUFFIXES, PairCommand, PasswordSide, script_of
from core.tokenfile.format import serialize
from core.tokenfile.place import file_name
from program import Finished, Program, program_of
from servers import MakeStage, Stage

PASSWORD = 'it\'s a "$ecret" & %PATH%'
ONE, TWO = "one@demo.example", "two@demo.example"
IMAPSYNC = """#!/bin/sh
for word; do printf '%s\\n' "$word"; done >> calls.txt
echo . >> calls.txt
exit 16
"""


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider, and two mailboxes with fresh tokens."""
    stage = make_stage(server={"rotating": False})
    stage.sign_in()
    for address in (ONE, TWO):
        content = serialize(replace(stage.file(), account=address), now=stage.clock())
        stage.path.with_name(file_name(address)).write_bytes(content)
    return stage


def run(stage: Stage, text: str, script: str) -> tuple[Program, Finished]:
    """Work through a list, and write a script."""
    program = program_of(stage)
    (program.folder / "list.csv").write_text(text, "utf-8")
    words = ("batch", "list.csv", "--no_check", "--script", script)
    return program, program.run_here(*words, "--ca_file", str(stage.ca_file))


@pytest.mark.only_on("posix", reason="the script is for sh")
def test_imapsync_gets_each_pair(stage: Stage) -> None:
    """By password or token, with the options of the line; a pair that fails stops no other."""
    lines = (
        f"old.example;me;{PASSWORD};localhost;{ONE};;--automap",
        f"localhost;{ONE};;localhost;nobody@demo.example;;",
        f"localhost;{ONE};;localhost;{TWO};;",
    )
    program, done = run(stage, "\n".join(lines), "move.sh")
    assert ExitCode.SIGN_IN_NEEDED == done.code
    assert "move.sh (pairs: 2, left out: 1)" in done.err
    script = program.folder / "move.sh"
    assert "# Line 2 is left out" in script.read_text()
    imapsync = program.folder / "bin" / "imapsync"
    imapsync.parent.mkdir()
    imapsync.write_text(IMAPSYNC)
    imapsync.chmod(0o755)
    environment = {**os.environ, "PATH": f"{imapsync.parent}:{os.environ['PATH']}"}
    ended = subprocess.run(
        [script, "--dry"], cwd=program.folder, env=environment, capture_output=True, check=False
    )
    assert (1, b"2 of 2 pairs failed.\n") == (ended.returncode, ended.stderr)
    first, second, _ = _calls(program)
    tokens = stage.path.with_name(file_name(ONE))
    password = program.folder / "move_passwords" / "line1_password1"
    assert ["--host1", "old.example", "--user1", "me", "--passfile1", str(password)] == first[:6]
    assert ["--user2", ONE, "--oauthaccesstoken2", str(tokens)] == first[-6:-2]
    assert ["--automap", "--dry"] == first[-2:]
    assert f"{PASSWORD}\n" == password.read_text()
    assert 0o600 == stat.S_IMODE(password.stat().st_mode)
    assert ["--host1", "localhost"] == second[:2]


def _calls(program: Program) -> list[list[str]]:
    """The words of each call of imapsync."""
    calls: list[list[str]] = [[]]
    for line in (program.folder / "calls.txt").read_text().splitlines():
        if line == ".":
            calls.append([])
        else:
            calls[-1].append(line)
    return calls


def test_no_password_is_in_anything_else(stage: Stage) -> None:
    """Not in the script, the report, the output or the log."""
    program, done = run(stage, f"old.example;me;{PASSWORD};localhost;{ONE};;\n", "move.bat")
    assert ExitCode.DONE == done.code
    assert PASSWORD not in done.out + done.err
    for path in program.folder.rglob("*"):
        if path.is_file() and path.name not in ("list.csv", "line1_password1"):
            assert b"$ecret" not in path.read_bytes(), path


def test_one_address_at_two_providers_gets_two_files(stage: Stage) -> None:
    """Also where neither is there yet, and both are worked on at once."""
    base = stage.job().request
    places = NewPlaces(base.folder)
    usual = base.folder / file_name("new@demo.example")
    assert usual == places.path("new@demo.example", "gmail")
    expected = base.folder / file_name("new@demo.example", "office365")
    assert expected == places.path("new@demo.example", "office365")
    assert places.path(ONE.upper(), "demo") is None  # the folder has a file of this address


def test_two_sides_of_one_address_are_a_pair(stage: Stage) -> None:
    """The mailbox moves to another provider and keeps its address."""
    other = f"address,side,token_file\n{ONE},1,\n{TWO},2,\n{ONE},2,tokens/oauth2_tokens_{ONE}.txt\n"
    program, done = run(stage, other, "move.ps1")
    assert ExitCode.DONE == done.code
    assert "(pairs: 1, left out: 0)" in done.err
    script = (program.folder / "move.ps1").read_text("utf-8-sig")
    assert f"'--user1' '{ONE}'" in script
    assert "# Line 4" in script


@pytest.mark.parametrize(
    ("text", "script", "message"),
    [
        (f"{ONE}\n", "move.sh", "The list names no pairs of mailboxes"),
        (f"{ONE}\n", "move.txt", "does not say its kind"),
        (f"h;u;p;localhost;{ONE};\n", "list.csv/move.sh", "move.sh can't be written"),
    ],
)
def test_no_script(stage: Stage, text: str, script: str, message: str) -> None:
    """It is told why."""
    _, done = run(stage, text, script)
    assert done.code in (ExitCode.USAGE, ExitCode.FAILED)
    assert message in done.err


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_quotes_of_each_language(suffix: str) -> None:
    """A word with a quote stays one word."""
    folder = PureWindowsPath(r"C:\O'Neil & \u2019 100%")
    password = PasswordSide("h", "o'neil", folder / "p")
    command = PairCommand("Line 1", password, Side(ONE, folder / "t.txt", "h2"))
    text = script_of([command], [], suffix).decode("utf-8-sig")
    expected = {
        ".sh": """--user1 'o'"'"'neil'""",
        ".bat": '100%%\\p"',
        ".cmd": '--user1 "o\'neil"',
        ".ps1": "'--user1' 'o''neil'",
    }
    assert expected[suffix] in text
    assert ("\r\n" in text) is (suffix != ".sh")
