"""Discovery on the command line: the question at a terminal, and what a script is told."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from discoverable import AUTOCONFIG, Domain, domain_of
from program import BROWSER, Program
from servers import ADDRESS, Stage


@pytest.fixture
def domain(stage: Stage) -> Iterator[Domain]:
    """A domain that names both servers, at a server that registers everybody."""
    with domain_of(stage) as running:
        running.describe()
        running.take_clients()
        running.publish_autoconfig(f"<oAuth2><issuer>{running.issuer}</issuer></oAuth2>")
        yield running


@pytest.fixture
def program(domain: Domain, tmp_path: Path) -> Program:
    """The program, which asks nobody but this domain."""
    folder = tmp_path / "work"
    folder.mkdir()
    browser = f"{sys.executable} {BROWSER} {domain.stage.ca_file} %s"
    made = Program(folder, tmp_path / "home", {"BROWSER": browser})
    made.configure(discovery(domain.issuer + AUTOCONFIG))
    return made


def discovery(autoconfig: str) -> str:
    """A providers.toml by which only this page is asked."""
    return f"""
[discovery]
resources = []
configurations = []
autoconfig = ["{autoconfig}"]
issuers = []
imap_servers = []
"""


def _file(program: Program) -> Path:
    return program.folder / "tokens" / f"oauth2_tokens_{ADDRESS}.txt"


def _options(domain: Domain) -> tuple[str, ...]:
    return "--ca_file", str(domain.stage.ca_file), "--timeout", "20"


def test_a_script_is_told_the_command_that_says_yes(domain: Domain, program: Program) -> None:
    """Exit 3; the command then signs in without a question."""
    done = program.run(*_options(domain), "--discover", ADDRESS)
    assert 3 == done.code, done.err
    assert "would sign in at localhost" in done.err
    assert f"--issuer {domain.issuer}" in done.err
    assert [] == domain.registered
    assert not _file(program).exists()

    done = program.run(*_options(domain), "--issuer", domain.issuer, ADDRESS)
    assert 0 == done.code, done.err
    assert _file(program).exists()


def test_a_refresh_needs_no_discovery(domain: Domain, program: Program) -> None:
    """Not even the issuer: what is saved is enough."""
    assert 0 == program.run(*_options(domain), "--issuer", domain.issuer, ADDRESS).code
    domain.asked.clear()
    before = _file(program).read_bytes()
    done = program.run(*_options(domain), ADDRESS)
    assert 0 == done.code, done.err
    assert before != _file(program).read_bytes()
    assert [] == domain.asked


@pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("typed", "code"), [(b"y\n", 0), (b"\n", 130), (b"no\n", 130)])
def test_at_a_terminal(domain: Domain, program: Program, typed: bytes, code: int) -> None:
    """The user is asked once, and the question names the servers."""
    import pty  # not on Windows

    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [*program.command, *_options(domain), "--discover", ADDRESS],
        cwd=program.folder,
        env=program.environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.write(mine, typed)
    _, said = process.communicate(timeout=60)
    os.close(mine)
    assert code == process.returncode, said
    assert 1 == said.count(b"Sign in at localhost? [y/N]")
    assert b"published for demo.example" in said
    assert (code == 0) == _file(program).exists()
    assert (code == 0) == bool(domain.registered)


def test_an_issuer_that_is_no_address(program: Program) -> None:
    """It is refused before anybody is asked."""
    done = program.run("--issuer", "http://login.example.com", ADDRESS)
    assert 2 == done.code
    assert "issuer" in done.err
