"""A list of thousands, without a user: killed in the middle, resumed, and kept fresh."""

import csv
import json
import os
import signal
import time
from pathlib import Path

import pytest

from core.errors import ExitCode
from core.model import State
from core.tokenfile.expiry import left
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from program import Program, program_of
from servers import MakeStage, Stage

SECRET = "the-secret-of-the-organisation"


def address(number: int) -> str:
    """The address in a line of the list."""
    return f"user{number:04}@demo.example"


def listed(stage: Stage, count: int, mistakes: int) -> tuple[Program, Path]:
    """The program with an application that needs no user, and a list with mistakes."""
    program = program_of(stage)
    grant = f'client_secret = "{SECRET}"\ngrant = "client_credentials"\n'
    program.configure(program.own_file.read_text() + grant)
    lines = [f"{address(number)},client_credentials" for number in range(count)]
    for number in range(mistakes):
        lines.insert(number * (count // mistakes), f"no address {number},client_credentials")
    path = program.folder / "list.csv"
    path.write_text("\n".join(["address,grant", *lines, ""]))
    return program, path


def files(stage: Stage) -> list[Path]:
    """The token files so far."""
    return sorted(stage.path.parent.glob("oauth2_tokens_*.txt"))


def check_resumed(make_stage: MakeStage, count: int, mistakes: int, life: int) -> None:
    """Kill it in the middle, resume it, keep all for three lives, and compare."""
    stage = make_stage(server={"client_secret": SECRET, "token_lifetime": 3600})
    program, path = listed(stage, count, mistakes)
    words = ("batch", "list.csv", "--no_check", "--ca_file", str(stage.ca_file))
    with program.start(*words) as running:
        while len(files(stage)) < count // 2:
            assert running.process.poll() is None
            time.sleep(0.01)
        os.kill(running.process.pid, signal.SIGKILL)
        running.finish()
    before = {file: file.read_bytes() for file in files(stage)}
    assert count // 2 <= len(before) < count
    done = program.run(*words, timeout=600)
    assert ExitCode.FAILED == done.code  # the mistakes
    assert f"{count + mistakes} of {count + mistakes}: {count} fresh, {mistakes} failed" in done.err
    assert [] == [file for file, content in before.items() if content != file.read_bytes()]
    assert 2 == stage.server.token_requests  # one token for all, in each of the two runs
    compare(stage, path, count, mistakes)
    for file in files(stage):
        file.unlink()
    stage.server.token_lifetime = life
    done = program.run(*words, "--loop", "--until", f"{3 * life}s", timeout=1200)
    assert ExitCode.FAILED == done.code
    compare(stage, path, count, mistakes)


def compare(stage: Stage, path: Path, count: int, mistakes: int) -> None:
    """The report and the files say the same; the CSV and the JSON too."""
    report = path.with_name("list.report.json")
    rows, ended_at = json.loads(report.read_text()), report.stat().st_mtime
    with path.with_name("list.report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert rows == [
            {**{name: value or None for name, value in row.items()}, "line": int(row["line"])}
            for row in csv.DictReader(file)
        ]
    fresh = [row for row in rows if row["state"] == State.FRESH]
    assert mistakes * ["not_an_address"] == [row["verdict"] for row in rows if row not in fresh]
    assert [address(number) for number in range(count)] == [row["address"] for row in fresh]
    names = [file_name(row["address"]) for row in fresh]
    assert names == [file.name for file in files(stage)]
    for row in fresh:
        saved = read_token_file(Path(row["file"]))
        assert saved is not None
        assert saved.account == row["address"]
        assert left(saved, ended_at)
        assert saved.expires_at is not None
        assert row["expires_at"] == time.strftime(
            "%Y-%m-%dT%H:%M:%SZ", time.gmtime(saved.expires_at)
        )


@pytest.mark.only_on("posix", reason="SIGKILL ends the program at once")
def test_a_short_list(make_stage: MakeStage) -> None:
    """200 mailboxes and 4 mistakes."""
    check_resumed(make_stage, 200, 4, life=6)
