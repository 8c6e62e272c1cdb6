"""Each command takes an option and uses it, or refuses it: no option is ignored."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from core.cli import arguments
from core.cli.commands import ADDRESSES, COMMANDS, DEMO, Taken
from core.cli.option import Group, Option
from core.cli.option_rules import refuse_unused_options
from core.cli.options import OPTIONS, Options
from core.errors import UsageProblem
from program import Program, program_of
from servers import ADDRESS as MAILBOX
from servers import MakeStage

ADDRESS = "you@gmail.com"
TAKEN = {"": ADDRESSES, "--demo": DEMO, **{name: c.taken for name, c in COMMANDS.items()}}
EVERYWHERE = ("debug", "language", "thunderbird", "version", "help")
PAST = ("--loop", "--until", "2001-01-01T00:00")
VALUES = {float: "7", int: "1", str: "x"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder with one token file that needs no refresh."""
    tokens = tmp_path / "work" / "tokens"
    tokens.mkdir(parents=True)
    (tokens / f"oauth2_tokens_{ADDRESS}.txt").write_text(
        f"an-access-token\n\n# Account is {ADDRESS}\n# Provider is gmail\n"
    )
    return Program(tokens.parent, tmp_path / "home")


def _written(option: Option) -> list[str]:
    return [f"--{option.name}"] if option.metavar is None else [f"--{option.name}", _value(option)]


def _value(option: Option) -> str:
    return "1" if option.name == "side" else VALUES[option.kind]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
@pytest.mark.parametrize("command", TAKEN)
def test_an_option_is_taken_or_refused(command: str, option: Option, program: Program) -> None:
    """Whoever adds a command or an option must decide: what isn't in the table is refused."""
    if option.name in TAKEN[command]:
        return
    begin = [command] if command else []
    last = ["--", sys.executable] if command == "run" else []
    done = program.run_here(*begin, *_written(option), *last)
    assert (2, "") == (done.code, done.out)
    assert f"--{option.name} " in done.err
    assert re.search(r"can't be used with|works only with", done.err), done.err


def test_new_commands_and_options_are_refused() -> None:
    """A command without an entry takes no options, and a new group belongs to no command yet."""
    assert [name for name in EVERYWHERE if name in Taken()] == list(EVERYWHERE)
    assert [] == [o.name for o in OPTIONS if o.name in Taken() and o.name not in EVERYWHERE]
    for name, taken in TAKEN.items():
        assert Group.OTHER not in taken.groups, name
        assert Group.COMMAND not in taken.groups, name


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_belongs_to_a_command(option: Option) -> None:
    """An option that no command takes is dead."""
    assert any(option.name in taken for taken in TAKEN.values())


class _Watched(Options):
    """Options that remember which of them were read, other than for parsing them."""

    def __getattribute__(self, name: str) -> Any:
        caller = sys._getframe(1)  # there is no public way to see who reads
        if "parse_" not in caller.f_code.co_name:
            _READ.add(name)
        return super().__getattribute__(name)


_READ: set[str] = set()
NO_IMAPSYNC = ("--", sys.executable, "-c", "")


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        ("status", [[], ["--check"], ["--token_file", f"tokens/oauth2_tokens_{MAILBOX}.txt"]]),
        ("doctor", [[], ["--fix"]]),
        ("inspect", [[], ["--token_file", f"tokens/oauth2_tokens_{MAILBOX}.txt"]]),
        ("report", [[]]),
        ("providers", [[], ["--check", "demo"]]),
        ("detect", [[MAILBOX]]),
        ("request", [[MAILBOX], ["--finish", MAILBOX], ["--cancel", MAILBOX], ["--list"]]),
        ("forget", [["--yes", "--no_revoke", MAILBOX]]),
        (
            "register",
            [
                ["demo", "--client_id", "demo", "--no_check", MAILBOX],
                ["--export", "demo", "demo.toml"],
                ["--yes", "--import", "demo.toml", "--application", "again"],
            ],
        ),
        (
            "run",
            [
                ["--side", "1", "--no_check", MAILBOX, *NO_IMAPSYNC],
                ["--side", "1", "--startover", MAILBOX, *NO_IMAPSYNC],
            ],
        ),
        ("", [["--refresh_only", MAILBOX], ["--no_check", MAILBOX], [*PAST, MAILBOX]]),
        ("batch", [["list.csv"], ["--loop", "--until", "2001-01-01T00:00", "list.csv"]]),
        ("--demo", [["--yes"]]),
    ],
)
def test_a_taken_option_is_read(
    command: str, runs: list[list[str]], make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command reads each option that it takes, so it can't be in the table without a use."""
    stage = make_stage()
    stage.sign_in()
    stage.path.write_bytes(stage.path.read_bytes().replace(b"\n", b"\r\n"))  # for doctor to fix
    program = program_of(stage)
    (program.folder / "list.csv").write_text(MAILBOX)
    _READ.clear()
    monkeypatch.setattr(arguments, "Options", _Watched)
    for words in runs:
        program.run_here(*([command] if command else []), *words)
    unused = {o.name for o in OPTIONS if o.name in TAKEN[command]} - _READ
    assert {"thunderbird"} == unused


@pytest.mark.parametrize(
    ("command", "given", "verdict"),
    [
        ("", ["every"], "option_needs_loop"),
        ("", ["every", "loop"], ""),
        ("run", ["every"], ""),
        ("status", ["every"], ""),
        ("batch", ["every"], "option_needs_loop"),
        ("status", ["every", "check"], "options_exclude"),
        ("status", ["json", "check"], "options_exclude"),
        ("", ["min_left"], "min_left_alone"),
        ("", ["min_left", "refresh_only"], ""),
        ("", ["min_left", "print_token"], ""),
        ("", ["startover", "refresh_only"], "options_exclude"),
        ("", ["startover", "print_token"], "options_exclude"),
        ("", ["side"], "option_of_a_command"),
        ("detect", ["provider"], "option_not_taken"),
        ("status", ["timeout"], "option_not_taken"),
        ("run", ["json"], "option_not_with_run"),
        ("run", ["demo"], "option_not_with_run"),
        ("run", ["check"], "option_of_a_command"),
        ("--demo", ["provider"], "option_not_taken"),
        ("--demo", ["demo", "yes", "debug"], ""),
    ],
)
def test_options_that_would_do_nothing(command: str, given: list[str], verdict: str) -> None:
    """Some options have a use only together with another one, or only without another one."""
    found = ""
    try:
        refuse_unused_options(command, given)
    except UsageProblem as exc:
        found = exc.verdict.id
    assert verdict == found


def test_a_default_that_is_written_counts_too(program: Program) -> None:
    """`--every 30` is the default, but written for a command without a use it is refused."""
    for words in (["--every", "30", ADDRESS], ["detect", "--every", "30", ADDRESS]):
        assert 2 == program.run_here(*words).code


@pytest.mark.parametrize("words", [[ADDRESS], ["detect"], ["detect", ADDRESS], [""]])
def test_the_demo_takes_no_words(program: Program, words: list[str]) -> None:
    """It would sign in another address than the one that was given."""
    done = program.run_here("--demo", "--yes", *words)
    assert (2, "") == (done.code, done.out)
    assert "--demo can't be used with an address" in done.err


def test_providers_as_json(program: Program) -> None:
    """One object for each provider, without the lines for people."""
    done = program.run_here("providers", "--json")
    found = {line["provider"]: line for line in map(json.loads, done.out.splitlines())}
    assert {"office365", "gmail"} <= set(found)
    gmail = found["gmail"]
    assert ("imap.gmail.com", 993) == (gmail["imap_server"], gmail["imap_port"])
    [default] = [a["application"] for a in gmail["applications"] if a["default"]]
    assert "thunderbird" == default
    assert any(a["needs_secret"] for a in gmail["applications"])


def test_a_token_file_and_an_address_must_fit(program: Program) -> None:
    """`status` ignores neither the address nor the token file."""
    file = f"tokens/oauth2_tokens_{ADDRESS}.txt"
    assert 0 == program.run_here("status", "--token_file", file, ADDRESS).code
    done = program.run_here("status", "--token_file", file, "me@gmail.com")
    assert (2, "") == (done.code, done.out)
    assert "does not belong to me@gmail.com" in done.err
