"""`batch`: the tokens of a list, the report, an interruption, and the queue of sign-ins."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import ExitCode
from core.model import State
from core.tokenfile.format import serialize
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from program import Program, program_of
from servers import MakeStage, Stage

COUNT = 20


def address(number: int) -> str:
    """The address of a mailbox of the list."""
    return f"user{number}@demo.example"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider whose refresh token serves all mailboxes, and a file for each of them."""
    stage = make_stage(server={"rotating": False})
    stage.sign_in()
    for number in range(COUNT):
        write_token_file(stage, number)
    return stage


def write_token_file(stage: Stage, number: int) -> Path:
    """Write a token file whose access token has expired."""
    now = stage.clock()
    file = replace(
        stage.file(), account=address(number), issued_at=now - 3700, expires_at=now - 100
    )
    path = stage.path.with_name(file_name(address(number)))
    path.write_bytes(serialize(file, now=now))
    return path


def batch(stage: Stage, lines: Sequence[str]) -> tuple[Program, Path]:
    """The program, and the list."""
    program = program_of(stage)
    path = program.folder / "list.csv"
    path.write_text("\n".join(["address,provider", *lines]), "utf-8")
    return program, path


def rows(path: Path) -> list[dict[str, str]]:
    """The report as CSV."""
    with path.with_name("list.report.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def words(stage: Stage, *more: str) -> list[str]:
    """The command line."""
    return ["batch", "list.csv", "--no_check", "--ca_file", str(stage.ca_file), *more]


def test_report_and_files_agree(stage: Stage) -> None:
    """Tokens are got for all lines but those with a mistake, which are named."""
    lines = [f"{address(number)},demo" for number in range(COUNT)]
    lines[3:3] = ["nobody,demo", f"{address(99)},no_such_provider"]
    program, path = batch(stage, lines)
    before = stage.server.token_requests
    done = program.run_here(*words(stage, "--json", "--at_once", "4"))
    assert COUNT == stage.server.token_requests - before
    assert ExitCode.FAILED == done.code
    assert "Line 5: address: This is not an e-mail address" in done.err
    assert "Line 6: There is no provider with the name in this line" in done.err
    assert f"22 of 22: {COUNT} fresh, 2 failed" in done.err
    report = rows(path)
    printed = [json.loads(line) for line in done.out.splitlines()]
    saved = json.loads(path.with_name("list.report.json").read_text())
    assert [{"format": "batch", "format_version": 1, **row} for row in saved] == printed
    assert ["not_an_address", "line_with_unknown_provider"] == [
        row["verdict"] for row in report if row["state"] == State.FAILED
    ]
    fresh = [row for row in report if row["state"] == State.FRESH]
    assert [address(number) for number in range(COUNT)] == [row["address"] for row in fresh]
    for row in fresh:
        file = read_token_file(Path(row["file"]))
        assert file is not None
        assert file.account == row["address"]


def test_the_report_is_english_in_every_language(stage: Stage) -> None:
    """Programs read it; the terminal speaks the user's language."""
    program, path = batch(stage, ["nobody,demo"])
    done = program.run_here(*words(stage, "--language", "de"))
    assert "This is not an e-mail address" not in done.err
    (row,) = rows(path)
    assert row["message"].startswith("address: This is not an e-mail address")


def test_a_second_run_asks_nobody_again(stage: Stage) -> None:
    """What is fresh is left alone, so the same command goes on after an interruption."""
    program, path = batch(stage, [address(number) for number in range(COUNT)])
    assert ExitCode.FAILED == program.run_here(*words(stage)).code  # a field is missing
    path.write_text("\n".join(address(number) for number in range(COUNT)))
    assert ExitCode.DONE == program.run_here(*words(stage)).code
    before = stage.server.token_requests
    write_token_file(stage, 7)
    assert ExitCode.DONE == program.run_here(*words(stage)).code
    assert 1 == stage.server.token_requests - before


def test_what_needs_a_user_waits(stage: Stage) -> None:
    """Without a terminal nobody is asked; the report says who has to sign in."""
    program, path = batch(stage, [f"{address(0)},demo", f"{address(COUNT)},demo"])
    done = program.run(*words(stage))
    assert ExitCode.SIGN_IN_NEEDED == done.code
    assert "Mailboxes that need a sign-in: 1." in done.err
    assert [State.FRESH, State.SIGN_IN_NEEDED] == [row["state"] for row in rows(path)]


def test_a_loop_keeps_all_of_them(stage: Stage) -> None:
    """Each mailbox is kept fresh, and the report stays true."""
    stage.server.token_lifetime = 2
    program, path = batch(stage, [f"{address(number)},demo" for number in range(3)])
    done = program.run_here(*words(stage, "--loop", "--until", "4s"))
    assert ExitCode.DONE == done.code
    assert 9 <= stage.server.refreshes
    assert 3 * [State.FRESH] == [row["state"] for row in rows(path)]


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (["batch"], "needs one file"),
        (["batch", "a", "b"], "needs one file"),
        (["batch", "a", "--at_once", "0"], "--at_once needs a whole number"),
        (["batch", "a", "--every", "5"], "--loop"),
        (["batch", "missing.csv"], "missing.csv can't be read"),
    ],
)
def test_a_wrong_command_line(tmp_path: Path, given: list[str], verdict: str) -> None:
    """It is told before anything is done."""
    done = Program(tmp_path, tmp_path / "home").run_here(*given)
    assert done.code in (ExitCode.USAGE, ExitCode.FAILED)
    assert verdict in done.err
