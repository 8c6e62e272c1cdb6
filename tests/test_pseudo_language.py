"""The terminal in a language whose texts stand in ⟦ ⟧: what is outside was not translated.

The programs are real; their catalogue is made of all texts that the source marks.
"""

import re
import sys
from collections.abc import Container
from dataclasses import replace
from pathlib import Path

import pytest

import pseudo_language
from core.cli.commands import COMMANDS
from program import Program, program_of
from servers import ADDRESS, Stage

# Commands and names of options, providers and programs, and what systems and servers say.
DATA = frozenset(
    {
        *COMMANDS,
        "imapsync",
        "office365",
        "gmail",
        "yahoo",
        "demo",
        "thunderbird",
        "kubectl",
        "apply",
    }
)
_DATA = re.compile(r"[@/\\_=\d.]|^-")  # an address, a path, a name for programs, an option


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the catalogue."""
    folder = tmp_path_factory.mktemp("locale")
    pseudo_language.write_catalogue(folder)
    return folder


@pytest.fixture
def program(stage: Stage, catalogue: Path) -> Program:
    """The program in this language, with the stage's provider."""
    command = (sys.executable, pseudo_language.__file__, str(catalogue))
    return replace(program_of(stage), command=command)


def words_outside(text: str, data: Container[str] = ()) -> list[str]:
    """The words that are not translated and are not data."""
    words = (word.strip(".,:;!?()[]'\"…") for word in pseudo_language.untranslated(text).split())
    return [
        word
        for word in words
        if re.search(r"[^\W\d_]{2}", word)
        and not _DATA.search(word)
        and not word.isupper()
        and word not in DATA
        and word not in data
    ]


def test_a_word_outside_is_found() -> None:
    """Also behind a text in a text, and not what is data."""
    assert [] == words_outside("  ⟦Saved: ⟦a ⟦b⟧⟧ c⟧ --loop /tmp/file a@b.example [ADDRESS]...")
    assert ["Saved", "in"] == words_outside("⟦Provider⟧ Saved in: /tmp/file, ⟦now⟧.")


def test_the_help(program: Program) -> None:
    """Its headings, options, commands and examples."""
    done = program.run("--help")
    assert "⟦" in done.out
    assert [] == words_outside(done.out, {"or"})  # of a placeholder: [ADDRESS or FILE]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--no_such_option",),
        ("--every",),
        ("--every", "5", "you@gmail.com"),
        ("--until", "yesterday", "--loop", "you@gmail.com"),
        ("nonsense",),
        ("run", "imapsync"),
        ("detect",),
        ("batch",),
        ("providers", "none_such"),
    ],
    ids=" ".join,
)
def test_a_mistake_in_the_command_line(program: Program, arguments: tuple[str, ...]) -> None:
    """The error, the next step, and the command."""
    done = program.run(*arguments)
    assert done.code == 2
    assert "⟦" in done.err
    assert [] == words_outside(done.out + done.err)


def test_the_demo(program: Program) -> None:
    """A sign-in, a refresh, and the options for imapsync."""
    done = program.run("--demo", "--yes")
    assert done.code == 0, done.err
    assert [] == words_outside(done.out + done.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("status", "--every", "1"),
        ("inspect",),
        ("doctor",),
        ("request", "--list"),
        ("forget", "--yes", "--no_revoke", ADDRESS),
        ("schedule", "--for", "kubernetes", "--to", "files"),
    ],
    ids=" ".join,
)
def test_a_command_about_a_mailbox(
    program: Program, stage: Stage, arguments: tuple[str, ...]
) -> None:
    """Facts, states and results."""
    stage.sign_in()
    done = program.run(*arguments)
    assert done.code in (0, 1), done.err
    assert "⟦" in done.out + done.err
    assert [] == words_outside(done.out + done.err)


def test_a_sign_in(program: Program, stage: Stage) -> None:
    """From the address to the options for imapsync."""
    done = program.run("--ca_file", str(stage.ca_file), ADDRESS)
    assert done.code == 0, done.err
    assert [] == words_outside(done.out + done.err)


def test_the_providers(program: Program) -> None:
    """All of them, with their remarks; names are data."""
    done = program.run("providers")
    lines = [line for line in done.out.splitlines() if line.startswith("  ")]
    assert [] == words_outside("\n".join(lines))


def test_the_texts_for_the_administrator(program: Program) -> None:
    """Their headings; what is below them is PowerShell."""
    done = program.run("admin")
    headings = re.findall(r"(?m)^\d\. .*", done.out)
    assert headings
    assert [] == words_outside("\n".join(headings) + done.err)
