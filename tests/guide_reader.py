"""A reader of the guides in docs/guides, at servers on loopback (a pytest plugin).

The reader's providers know the addresses of the guides, so each command is typed as it stands.
"""

import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.tokenfile.format import serialize
from core.tokenfile.read import read_token_file
from documented_commands import ROOT, commands_of
from program import BROWSER, Program, program_of
from servers import MakeStage, Stage

GUIDES = ROOT / "docs" / "guides"
YOU = "you@example.com"


def commands_on(guide: str) -> list[str]:
    """The commands of a guide that stand on a line of their own, in their order."""
    page = GUIDES / guide
    lines = {line.strip() for line in page.read_text("utf-8").splitlines()}
    return [command.text for command in commands_of(page) if command.text in lines]


def typed(guide: str, command: str) -> tuple[str, ...]:
    """What follows the program's name in a command that the guide has."""
    assert command in commands_on(guide)
    return tuple(shlex.split(command)[1:])


@pytest.fixture
def reader(make_stage: MakeStage) -> Stage:
    """Servers at which the reader has an account."""
    return make_stage(server={"account": YOU}, redirect_uri="http://localhost")


@pytest.fixture
def server(reader: Stage) -> Program:
    """The program on a server without a browser."""
    program = program_of(reader)
    uri = reader.server.device_authorization_uri
    known = f'domains = ["example.com", "example.org"]\ndevice_authorization_uri = "{uri}"'
    written = program.own_file.read_text("utf-8")
    program.configure(written.replace('domains = ["demo.example"]', known))
    return replace(program, environ={"SSL_CERT_FILE": str(reader.ca_file)})


@pytest.fixture
def computer(server: Program, reader: Stage) -> Program:
    """The program on a computer with a browser."""
    browser = f"{sys.executable} {BROWSER} {reader.ca_file} %s"
    return replace(server, environ={**server.environ, "BROWSER": browser})


def has_tokens(reader: Stage) -> bool:
    """Whether the token in the reader's file is one of the reader's account."""
    return YOU == reader.server.account_of(file_of(reader).read_text("ascii").split("\n")[0])


def file_of(reader: Stage) -> Path:
    """The reader's token file."""
    return reader.folder / "tokens" / f"oauth2_tokens_{YOU}.txt"


def age(reader: Stage) -> None:
    """Make the reader's token one that is valid for 20 minutes more."""
    now, file = reader.clock(), read_token_file(file_of(reader))
    assert file is not None
    old = replace(file, issued_at=now - 2400, expires_at=now + 1200)
    file_of(reader).write_bytes(serialize(old, now=now))


def here(program: Program, command: tuple[str, ...]) -> list[str]:
    """The words with the program's folder in place of the guide's home folder."""
    return [word.replace("/home/you", str(program.folder)) for word in command]
