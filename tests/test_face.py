"""Which face of the window's program answers, and that its command line needs no window."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core import __version__
from core.cli.commands import COMMANDS
from core.cli.face import Face, face_of
from core.cli.options import OPTIONS
from gui.model.start_arguments import StartArguments
from gui.startup import window_face
from program import Program, program_of
from servers import ADDRESS, Stage

QUIET = ("refresh_only", "print_token", "loop", "json", "demo", "version", "help")
# Runs the window's program, then tells whether it has loaded Qt.
_CODE = """
import sys
from gui.startup.window_face import main
code = main(sys.argv[1:])
print("PySide6" in sys.modules, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("option", [o.name for o in OPTIONS if o.original])
def test_a_call_takes_the_originals_options(option: str) -> None:
    """Batch files that call the Perl script still work with the window's program."""
    is_switch = next(o.metavar is None for o in OPTIONS if o.name == option)
    words = [f"--{option}"] if is_switch else [f"--{option}", "x"]
    assert Face.CALL is face_of([*words, ADDRESS])


@pytest.mark.parametrize(
    "arguments",
    [
        *([f"--{name}", ADDRESS] for name in QUIET),
        *([name] for name in COMMANDS),
        ["run", ADDRESS, "--", "imapsync"],
        [ADDRESS, "other@demo.example"],
        [ADDRESS, "tokens/t.txt", "localhost"],
        ["--nonsense", ADDRESS],
        ["nonsense"],
        ["--version"],
        ["--help"],
    ],
)
def test_the_command_line_answers(arguments: list[str]) -> None:
    """Commands, actions, several addresses, and what is wrong."""
    assert Face.COMMAND_LINE is face_of(arguments)


@pytest.mark.parametrize("arguments", [[], ["--provider", "gmail"], ["--ca_file", "x"]])
def test_the_window_answers(arguments: list[str]) -> None:
    """Without a mailbox there are only its fields to fill."""
    assert Face.WINDOW is face_of(arguments)


def test_a_token_file_names_a_mailbox_too() -> None:
    """Its address is in it."""
    assert Face.CALL is face_of(["--token_file", "x"])


def test_for_a_user_who_double_clicks_the_window_stays() -> None:
    """Nobody waits for the outcome of a shortcut, so it isn't a call."""
    started = window_face._answer(["--provider", "gmail", ADDRESS], is_waited_for=False)
    assert StartArguments(ADDRESS, "gmail") == started


@pytest.fixture
def window(tmp_path: Path) -> Program:
    """The window's program, as a script calls it, on a system without a screen."""
    return Program(tmp_path, tmp_path / "home", {}, (sys.executable, "-c", _CODE))


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        (["--version"], 0, f"oauth2_imap {__version__}\n"),
        (["detect", "you@gmail.com"], 0, "gmail (gmail.com is Google's)\n"),
        (["status"], 3, ""),
        (["--refresh_only", ADDRESS], 3, ""),
        (["--print_token", ADDRESS], 3, ""),
        (["--nonsense"], 2, ""),
        (["nonsense"], 2, ""),
    ],
)
def test_commands_show_no_window(
    window: Program, arguments: list[str], code: int, out: str
) -> None:
    """They write to what they inherited, give the command line's exit codes, and load no Qt."""
    done = window.run(*arguments)
    assert (code, out) == (done.code, done.out), done.err
    assert "False" == done.err.splitlines()[-1]


def test_help_and_an_unknown_option_agree(window: Program) -> None:
    """The advice to read the help leads to the help."""
    wrong = window.run("--nonsense")
    assert 1 == wrong.err.count("There is no option --nonsense")
    assert "Command: oauth2_imap --help\n" in wrong.err
    assert window.run("--help").out.startswith("usage: oauth2_imap ")


def test_a_refresh_for_imapsync(stage: Stage, window: Program) -> None:
    """Called as by imapsync's backtick, with a pipe: it refreshes, and says nothing."""
    stage.sign_in()
    stage.age()
    program = replace(program_of(stage), command=window.command)
    options = ("--token_file", str(stage.path), "--ca_file", str(stage.ca_file))
    done = program.run("--refresh_only", *options)
    assert (0, "", "False\n") == (done.code, done.out, done.err)
    assert 1 == stage.server.refreshes


def test_the_module_is_the_same_program(tmp_path: Path) -> None:
    """`python -m gui` is what the exe runs."""
    done = subprocess.run(
        [sys.executable, "-m", "gui", "--version"],
        env=Program(tmp_path, tmp_path / "home").environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"oauth2_imap {__version__}\n" == done.stdout
