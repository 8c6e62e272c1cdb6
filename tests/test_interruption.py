"""Ctrl-C, kill and a closed terminal stop the program at once, but never lose a token."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faulty_servers.imap_server import Behaviour
from faulty_servers.responses import Fault
from privileges import ROOT
from program import HANG_UP, Running, program_of
from servers import ADDRESS, AT_ONCE, MakeStage, Stage

SIGNALS = [signal.SIGINT, signal.SIGTERM, HANG_UP]

pytestmark = pytest.mark.only_on("posix", reason="Windows sends no signal to one process")


@pytest.fixture(autouse=True)
def _hang_up_is_heeded() -> Iterator[None]:
    """A program that the test starts doesn't ignore SIGHUP, even if nohup started the tests.

    An ignored signal is handed on to a child process, a handler isn't.
    """
    before = signal.signal(HANG_UP, lambda *_: None)
    yield
    signal.signal(HANG_UP, before)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """Return a stage that is signed in and whose access token expires soon."""
    made = make_stage()
    made.sign_in(check=False)
    made.age()
    return made


def interrupted(
    stage: Stage,
    sent: signal.Signals,
    *arguments: str,
    when: Callable[[Running], object],
) -> tuple[str, float]:
    """Send a signal to a run; return what it printed and how many seconds it went on."""
    options = ("--ca_file", str(stage.ca_file), "--timeout", "60", *arguments, ADDRESS)
    with program_of(stage).start(*options) as running:
        when(running)
        began = time.monotonic()
        running.process.send_signal(sent)
        done = running.finish(20)
    seconds = time.monotonic() - began
    assert 130 == done.code, done.err
    assert "Traceback" not in done.err
    assert "Cancelled" in done.err
    return done.err, seconds


def asked_once_more(stage: Stage) -> Callable[[Running], object]:
    """Return a function that waits until the token endpoint has got the request."""
    before = stage.server.token_requests

    def wait(running: Running) -> None:
        deadline = time.monotonic() + 20
        while stage.server.token_requests == before:
            assert time.monotonic() < deadline, "the token endpoint was never asked"
            assert running.process.poll() is None
            time.sleep(0.01)
        time.sleep(0.1)  # it waits for the answer now

    return wait


def renewed(stage: Stage, before: bytes) -> None:
    """Assert that the file alone is there, with the new pair, and that its token works."""
    access, refresh = before.decode().split("\n")[:2]
    file = stage.file()
    assert access != file.access
    assert refresh != file.refresh
    assert ADDRESS == stage.server.account_of(file.access)
    assert [stage.path.name] == stage.names()
    assert 1 == stage.server.refreshes


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        (("--refresh_only",), signal.SIGINT),
        (("--refresh_only",), signal.SIGTERM),
        (("--refresh_only",), HANG_UP),
        ((), signal.SIGINT),
        (("--loop",), HANG_UP),
    ],
)
def test_while_a_rotation_is_on_its_way(
    stage: Stage, arguments: tuple[str, ...], sent: signal.Signals
) -> None:
    """If the new tokens are on their way, the program waits for them and saves them."""
    before = stage.path.read_bytes()
    stage.server.faults.append(Fault(late=True, delay=1.0))
    _, seconds = interrupted(stage, sent, *arguments, when=asked_once_more(stage))
    renewed(stage, before)
    assert seconds < AT_ONCE
    assert [] == stage.mailbox.tokens_seen[1:]


def test_twice_while_a_rotation_is_on_its_way(stage: Stage) -> None:
    """Several signals don't lose the new tokens either."""
    before = stage.path.read_bytes()
    stage.server.faults.append(Fault(late=True, delay=1.0))
    asked = asked_once_more(stage)

    def when(running: Running) -> None:
        asked(running)
        for sent in (signal.SIGINT, HANG_UP, signal.SIGINT):
            running.process.send_signal(sent)
            time.sleep(0.1)

    interrupted(stage, signal.SIGINT, when=when)
    renewed(stage, before)


@pytest.mark.parametrize("sent", SIGNALS)
def test_while_the_mailbox_hangs(stage: Stage, sent: signal.Signals) -> None:
    """The check ends at once; the tokens refreshed before it are in the file."""
    before = stage.path.read_bytes()
    stage.age(left=-1)  # else the old token would be tried first
    stage.mailbox.behaviour = Behaviour.HANG

    def refreshed(running: Running) -> None:
        running.line_with("refreshed the token of")
        time.sleep(0.2)

    _, seconds = interrupted(stage, sent, when=refreshed)
    renewed(stage, before)
    assert seconds < AT_ONCE


@pytest.mark.parametrize("sent", SIGNALS)
def test_while_the_browser_is_waited_for(stage: Stage, sent: signal.Signals) -> None:
    """The sign-in ends at once, and the file is unchanged."""
    before = stage.path.read_bytes()
    stage.server.automatic_consent = False

    def waiting(running: Running) -> None:
        running.line_with("Waiting for the sign-in")

    _, seconds = interrupted(stage, sent, "--startover", when=waiting)
    assert seconds < AT_ONCE
    assert before == stage.path.read_bytes()


def test_nohup_outlives_the_terminal(stage: Stage) -> None:
    """A program that was started by nohup goes on when the terminal is closed."""
    program = program_of(stage)
    stage.server.faults.append(Fault(late=True, delay=0.5))
    asked = asked_once_more(stage)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # handed on to the child
    try:
        running = program.start("--ca_file", str(stage.ca_file), "--refresh_only", ADDRESS)
    finally:
        signal.signal(signal.SIGHUP, before)
    with running:
        asked(running)
        running.process.send_signal(signal.SIGHUP)
        assert 0 == running.finish().code


def test_a_process_that_is_stopped_beyond_the_time_limit(stage: Stage) -> None:
    """An answer that has arrived meanwhile is read: it may hold a new refresh token."""
    before = stage.path.read_bytes()
    stage.server.faults.append(Fault(late=True, delay=0.3))
    wait = asked_once_more(stage)
    options = ("--ca_file", str(stage.ca_file), "--timeout", "2", "--no_check", ADDRESS)
    with program_of(stage).start(*options) as running:
        wait(running)
        running.process.send_signal(signal.SIGSTOP)
        time.sleep(2.2)  # the time limit passes
        running.process.send_signal(signal.SIGCONT)
        done = running.finish(20)
    assert 0 == done.code, done.err
    renewed(stage, before)


# A dataclass is made by exec() of a text, and so are named tuples.
_DURING_AN_IMPORT = f"""
import os, signal, sys
from core.cli.entry import guarded
def act(cancelled):
    exec("import os, signal; os.kill(os.getpid(), {signal.SIGTERM:d}); signal.pause()")
sys.exit(guarded(act))
"""


def test_a_signal_while_a_module_is_imported(tmp_path: Path) -> None:
    """The exit code is the same, though Python would end by SIGINT there."""
    (tmp_path / "interrupted_import.py").write_text(_DURING_AN_IMPORT, "ascii")
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    command = [sys.executable, "-m", "interrupted_import"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=AT_ONCE)
    assert 130 == done.returncode, done.stderr
    assert "Cancelled" in done.stderr
