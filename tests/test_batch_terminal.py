"""`batch` at a terminal: the line that shows how far it is, and the queue of sign-ins."""

import json
import re
import signal
from pathlib import Path

import pytest

from core.errors import ExitCode
from core.model import State
from program import Program, at_terminal, program_of
from pseudo_terminal import in_a_terminal
from servers import ADDRESS, MakeStage, Stage

pytestmark = pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals")
SECRET = "the-secret-of-the-organisation"
_QUEUE = re.compile(r"(Mailboxes that need a sign-in: 2)\.[\s\S]*Waiting for the sign-in")


def listed(program: Program, header: str, lines: list[str]) -> Path:
    """Write the list; where its report will be."""
    (program.folder / "list.csv").write_text("\n".join([header, *lines, ""]), "utf-8")
    return program.folder / "list.report.json"


def words(stage: Stage) -> tuple[str, ...]:
    """The command line."""
    return ("batch", "list.csv", "--no_check", "--ca_file", str(stage.ca_file))


def states(report: Path) -> list[str]:
    """What the report says of each mailbox."""
    return [row["state"] for row in json.loads(report.read_text("utf-8"))]


def test_the_line_is_rewritten(make_stage: MakeStage) -> None:
    """It shows how many are done; the last one stays."""
    stage = make_stage(server={"client_secret": SECRET})
    program = program_of(stage)
    grant = f'client_secret = "{SECRET}"\ngrant = "client_credentials"\n'
    program.configure(program.own_file.read_text() + grant)
    report = listed(program, "address", [f"user{number}@demo.example" for number in range(300)])
    code, shown = at_terminal(program, words(stage), ())
    assert ExitCode.DONE == code, shown
    counts = [int(count) for count in re.findall(r"\r(\d+) of 300: \d+ fresh", shown)]
    assert counts
    assert sorted(counts) == counts
    assert re.search(r"\r\r?300 of 300: 300 fresh\r\n", shown)
    assert 300 * [State.FRESH] == states(report)


def test_the_queue_is_left_and_resumed(make_stage: MakeStage) -> None:
    """Ctrl-C leaves it with a report; the same command signs in to the rest, one by one."""
    stage = make_stage(server={"automatic_consent": True})
    program = program_of(stage)
    lines = [f"user{number}@demo.example,demo,{ADDRESS}" for number in range(2)]
    report = listed(program, "address,provider,login_hint", lines)
    idle = Program(program.folder, program.home, {"BROWSER": "true %s"})
    with in_a_terminal(idle, *words(stage)) as (process, shown):
        assert shown.wait_for(_QUEUE)
        process.send_signal(signal.SIGINT)
        assert ExitCode.CANCELLED == process.wait(30)
    assert 2 * [State.SIGN_IN_NEEDED] == states(report)
    code, said = at_terminal(program, words(stage), ())
    assert ExitCode.DONE == code, said
    assert "Mailboxes that need a sign-in: 2." in said
    assert 2 * [State.FRESH] == states(report)
    code, said = at_terminal(program, words(stage), ())
    assert (ExitCode.DONE, False) == (code, "that need a sign-in" in said)
