"""A sign-in with a device code in the terminal."""

from collections import deque

import pytest

from faulty_servers.device_codes import ALLOWED, DENIED, PENDING
from program import Finished, Program, program_of
from servers import ADDRESS, Stage


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the mailbox's folder, at a provider with device codes."""
    stage.server.device_codes.states = deque([PENDING, ALLOWED])
    uri = stage.server.device_authorization_uri
    return program_of(stage, f'device_authorization_uri = "{uri}"')


def signed_in(stage: Stage, program: Program, *options: str) -> Finished:
    """A sign-in with a code and nothing else."""
    return program.run("--device_code", "--ca_file", str(stage.ca_file), *options, ADDRESS)


def test_it_needs_no_terminal_and_no_browser(stage: Stage, program: Program) -> None:
    """Page and code are printed; nothing listens, and nobody reads standard input."""
    done = signed_in(stage, program)
    assert 0 == done.code, done.err
    code = stage.server.device_codes.given[0]["user_code"]
    assert f"Type this code there: {code}" in done.err
    assert f"Open this page in a browser on any device: {stage.server.origin}" in done.err
    assert "Waiting for the sign-in, at most 15 min. Press Ctrl-C to cancel." in done.err
    assert ADDRESS == stage.server.account_of(stage.file().access)
    assert 0 == stage.server.authorize_requests
    for log in program.home.rglob("*.log*"):
        assert code not in log.read_text("utf-8")


def test_it_is_refused_on_the_page(stage: Stage, program: Program) -> None:
    """The exit code is that of a sign-in that is still needed."""
    stage.server.device_codes.states = deque([DENIED])
    done = signed_in(stage, program)
    assert 3 == done.code
    assert "The sign-in was refused on the other device" in done.err


def test_a_provider_without_it(stage: Stage, program: Program) -> None:
    """The message names the option to remove."""
    program.configure(program.own_file.read_text("utf-8").replace("device_authorization_uri", "#"))
    done = signed_in(stage, program)
    assert 2 == done.code
    assert "demo has no sign-in with a code on another device" in done.err
    assert "Option to remove: --device_code" in done.err


def test_nobody_to_ask(stage: Stage, program: Program) -> None:
    """Without a browser and a terminal the program ends at once, and names this way."""
    program.environ["BROWSER"] = ""  # type: ignore[index]
    done = program.run("--ca_file", str(stage.ca_file), ADDRESS)
    assert 3 == done.code
    assert f"Command: oauth2_imap --device_code --ca_file {stage.ca_file} {ADDRESS}" in done.err
    assert [] == stage.server.device_codes.given


def test_a_code_beside_the_link(stage: Stage, program: Program) -> None:
    """The user types a word while the link waits for a paste."""
    arguments = ("--remotebrowser", "--ca_file", str(stage.ca_file), ADDRESS)
    with program.start(*arguments) as running:
        assert 'type the word "code"' in running.line_with("Or type")
        running.type("code")
        running.line_with("Type this code there: ")
        assert 0 == running.finish().code
    assert ADDRESS == stage.server.account_of(stage.file().access)


@pytest.mark.parametrize("option", ["--remotebrowser", "--browser=firefox", "--private"])
def test_it_excludes_a_browser_of_this_computer(
    stage: Stage, program: Program, option: str
) -> None:
    """Each is a way of its own."""
    done = signed_in(stage, program, option)
    assert 2 == done.code
    assert "--device_code" in done.err
    assert option.partition("=")[0] in done.err
