"""The runs of the command line beside a mailbox whose server is busy."""

import json
import sys

import pytest

from program import Program, program_of
from servers import ADDRESS, Stage

BUSY = "NO [ALERT] Too many simultaneous connections. (Failure)"
THROTTLED = "BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds"


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the mailbox's folder."""
    return program_of(stage)


def test_a_sign_in_that_could_not_be_tested(stage: Stage, program: Program) -> None:
    """It is saved and told, with exit code 4; imapsync's options are printed."""
    stage.mailbox.login_says.append(BUSY)
    done = program.run("--ca_file", str(stage.ca_file), ADDRESS)
    assert 4 == done.code, done.err
    assert "has too many open connections" in done.err
    assert "Too many simultaneous connections" in done.err
    assert f"--oauthaccesstoken1 {stage.path}" in done.out
    assert ADDRESS == stage.server.account_of(stage.file().access)


def test_the_same_as_json(stage: Stage, program: Program) -> None:
    """The object has the file and the error."""
    stage.mailbox.login_says.append(BUSY)
    done = program.run("--json", "--ca_file", str(stage.ca_file), ADDRESS)
    assert 4 == done.code, done.err
    found = json.loads(done.out)
    assert ("try again", str(stage.path)) == (found["state"], found["file"])
    assert found["error"] is not None
    assert found["expires_at"] is not None


def run_imapsync(program: Program, stage: Stage) -> tuple[int, str]:
    """`run` with a command that ends at once with code 7; the code and the messages."""
    words = ("--", sys.executable, "-c", "import sys; sys.exit(7)")
    done = program.run("run", "--ca_file", str(stage.ca_file), "--side", "1", ADDRESS, *words)
    return done.code, done.err


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("answer", [BUSY, THROTTLED])
def test_run_beside_a_busy_mailbox(
    stage: Stage, program: Program, signed_in: bool, answer: str
) -> None:
    """imapsync starts, after a refresh and after a sign-in."""
    if signed_in:
        stage.sign_in()
        stage.age()
    says = stage.mailbox.list_says if answer == THROTTLED else stage.mailbox.login_says
    says.append(answer)
    code, err = run_imapsync(program, stage)
    assert 7 == code, err
    assert answer.partition(" ")[2] in err


@pytest.mark.parametrize("answers", [[BUSY], ["NO Computer says no."] * 2])
def test_run_with_a_token_that_nothing_renews(
    stage: Stage, program: Program, answers: list[str]
) -> None:
    """imapsync starts as long as the token may be valid."""
    stage.server.oauth.auth_grant.refresh_token = False
    stage.sign_in()
    asked = stage.server.authorize_requests
    stage.mailbox.login_says.extend(answers)
    code, err = run_imapsync(program, stage)
    assert 7 == code, err
    assert asked == stage.server.authorize_requests


def test_run_starts_nothing_for_a_refused_account(stage: Stage, program: Program) -> None:
    """imapsync would be refused too."""
    stage.sign_in()
    stage.mailbox.login_says.append("NO [AUTHENTICATIONFAILED] Invalid credentials")
    code, err = run_imapsync(program, stage)
    assert 5 == code, err


def test_the_loop_beside_a_busy_mailbox(stage: Stage, program: Program) -> None:
    """The first round signs in, tells of the busy server, and the loop goes on."""
    stage.mailbox.login_says.append(BUSY)
    words = ("--loop", "--until", "3s", "--ca_file", str(stage.ca_file), ADDRESS)
    done = program.run(*words)
    assert 0 == done.code, done.err
    assert "has too many open connections" in done.err
    assert "The loop stops" in done.err
    assert ADDRESS == stage.server.account_of(stage.file().access)
