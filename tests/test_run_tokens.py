"""How `run` gets the tokens of two mailboxes: at once, the user afterwards, and nothing twice."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from core.demo.authorization_server import AUTHORIZE_PATH
from core.demo.http_server import DemoRequest, DemoResponse
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.read import read_token_file
from faulty_servers.imap_server import Behaviour
from program import Finished, Program, program_of
from servers import ADDRESS, AT_ONCE, MakeStage, Stage

STARTED = "open('started', 'w')"
DEAD, BUSY, STRANGE = (f"{word}-refresh-token-of-a-side" for word in ("dead", "busy", "strange"))
Answer = Callable[[DemoRequest], DemoResponse]


class Sides:
    """Two token files of one account, and what the authorization server was asked."""

    def __init__(self, stage: Stage) -> None:
        """Both sides get an access token that expires soon."""
        self.stage = stage
        self.program: Program = program_of(stage)
        self.asked: list[str] = []
        self.before: Callable[[DemoRequest], object] = lambda _: None
        self.answers: dict[str, DemoResponse] = {}  # by the refresh token
        stage.age()
        self.files = [stage.folder / "source.txt", stage.folder / "destination.txt"]
        self.old = stage.file()
        for file in self.files:
            self.write(file)

    def write(self, file: Path, **changes: object) -> None:
        """Write a side's file; `changes` are other values of its fields."""
        file.write_bytes(serialize(replace(self.old, **changes), now=time.time()))  # type: ignore[arg-type]
        file.chmod(0o600)

    def kill_grant(self, number: int) -> None:
        """Let the provider refuse the refresh token of this side."""
        self.write(self.files[number], refresh=DEAD)

    def file(self, number: int) -> TokenFile:
        """What the file of this side says now."""
        found = read_token_file(self.files[number])
        assert found is not None
        return found

    def is_new(self, number: int) -> bool:
        """Whether this side has a new token that opens the mailbox."""
        access = self.file(number).access
        return access != self.old.access and self.stage.server.account_of(access) == ADDRESS

    @property
    def words(self) -> list[str]:
        """The command line as far as the child."""
        return ["--ca_file", str(self.stage.ca_file), "run", *map(str, self.files), "--"]

    def run(self) -> Finished:
        """Run a child that leaves a file behind."""
        return self.program.run(*self.words, sys.executable, "-c", STARTED)

    @property
    def started(self) -> bool:
        """Whether the child was started."""
        return (self.stage.folder / "started").exists()

    def note(self, request: DemoRequest, answer: Answer) -> DemoResponse:
        """Note what the authorization server is asked, in its place."""
        if request.path == AUTHORIZE_PATH:
            self.asked.append("sign-in page")
            return answer(request)
        form = dict(parse_qsl(request.body))
        self.asked.append(form["grant_type"])
        self.before(request)
        return self.answers.get(form.get("refresh_token", "")) or answer(request)


@pytest.fixture
def sides(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> Sides:
    """Return two sides whose provider doesn't rotate refresh tokens, so both can use the same."""
    stage = make_stage(server={"rotating": False})
    stage.sign_in(check=False)
    made = Sides(stage)
    answer = stage.server.respond
    monkeypatch.setattr(stage.server, "respond", lambda request: made.note(request, answer))
    return made


def test_both_sides_at_once(sides: Sides) -> None:
    """The provider is asked for both before it answers; each side costs one request, one login."""
    both = threading.Barrier(2)
    sides.before = lambda _: both.wait(AT_ONCE)
    done = sides.run()
    assert 0 == done.code, done.err
    assert sides.started
    assert ["refresh_token"] * 2 == sides.asked
    assert 2 == len(sides.stage.mailbox.tokens_seen)
    assert sides.old.access not in sides.stage.mailbox.tokens_seen
    assert sides.is_new(0)
    assert sides.is_new(1)
    assert all(line.startswith("oauth2_imap: ") for line in done.err.splitlines())
    assert 2 == done.err.count("refreshed the token of")


@pytest.mark.only_on("posix", reason="the program is a script for sh")
def test_the_version_is_asked_meanwhile(sides: Sides) -> None:
    """The tokens are given while imapsync is asked, and imapsync answers while they are asked."""
    folder = sides.stage.folder
    imapsync = folder / "imapsync"
    imapsync.write_text(
        "#!/bin/sh\n"
        "[ $1 = --version ] || exec touch started\n"
        "touch version_asked\n"
        "until [ -e tokens_asked ]; do sleep 0.01; done\n"
        "echo 2.229\n"
    )
    imapsync.chmod(0o755)

    def meanwhile(request: DemoRequest) -> None:
        deadline = time.monotonic() + AT_ONCE
        while not (folder / "version_asked").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (folder / "version_asked").exists()
        (folder / "tokens_asked").touch()

    sides.before = meanwhile
    done = sides.program.run(*sides.words, str(imapsync))
    assert 0 == done.code, done.err
    assert sides.started
    assert "This is imapsync 2.229." in done.err


def test_who_has_to_sign_in_is_asked_afterwards_in_order(sides: Sides) -> None:
    """Nothing is asked twice: no second refresh, and no second login."""
    sides.kill_grant(0)
    sides.kill_grant(1)
    done = sides.run()
    assert 0 == done.code, done.err
    sign_in = ["sign-in page", "authorization_code"]
    assert ["refresh_token", "refresh_token", *sign_in, *sign_in] == sides.asked
    assert [sides.file(0).access, sides.file(1).access] == sides.stage.mailbox.tokens_seen
    assert sides.is_new(0)
    assert sides.is_new(1)


def test_one_sign_in(sides: Sides) -> None:
    """The other side is refreshed before the browser opens."""
    sides.kill_grant(0)
    at_sign_in: list[bool] = []

    def look(request: DemoRequest) -> None:
        if "authorization_code" in request.body:
            at_sign_in.append(sides.is_new(1))

    sides.before = look
    done = sides.run()
    assert 0 == done.code, done.err
    assert ["refresh_token", "refresh_token", "sign-in page", "authorization_code"] == sides.asked
    assert [True] == at_sign_in


@pytest.mark.parametrize("failing", [0, 1])
def test_one_side_fails(sides: Sides, failing: int) -> None:
    """Its error ends the run, nobody is asked to sign in, and the other's new token is saved.

    The provider is asked once, though the old token has expired.
    """
    sides.write(sides.files[failing], refresh=BUSY, expires_at=time.time() - 1)
    sides.answers[BUSY] = DemoResponse(503)
    done = sides.run()
    assert 4 == done.code, done.err
    assert not sides.started
    assert ["refresh_token"] * 2 == sides.asked
    assert sides.is_new(1 - failing)
    assert sides.old.access == sides.file(failing).access


@pytest.mark.parametrize("failing", [0, 1])
def test_nobody_signs_in_if_the_other_side_fails(sides: Sides, failing: int) -> None:
    """The sign-in would be in vain."""
    sides.kill_grant(1 - failing)
    sides.write(sides.files[failing], refresh=BUSY, expires_at=time.time() - 1)
    sides.answers[BUSY] = DemoResponse(503)
    done = sides.run()
    assert 4 == done.code, done.err
    assert ["refresh_token"] * 2 == sides.asked


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_sides_fail(sides: Sides, order: tuple[int, int]) -> None:
    """Both errors are printed; the exit code is that of the first side."""
    names = [BUSY, STRANGE]
    sides.answers[BUSY] = DemoResponse(503)
    sides.answers[STRANGE] = DemoResponse(400, b'{"error": "invalid_client"}')
    for file, number in zip(sides.files, order, strict=True):
        sides.write(file, refresh=names[number], expires_at=time.time() - 1)
    done = sides.run()
    assert (4, 1)[order[0]] == done.code, done.err
    assert not sides.started
    assert 2 == done.err.count(f"oauth2_imap: {ADDRESS}: ")


def test_a_live_token_is_enough_for_one_side(sides: Sides) -> None:
    """The error of the other try is a warning."""
    sides.write(sides.files[1], refresh=BUSY)
    sides.answers[BUSY] = DemoResponse(503)
    done = sides.run()
    assert 0 == done.code, done.err
    assert sides.started
    assert f"! {ADDRESS}: " in done.err
    assert sides.is_new(0)


@pytest.mark.only_on("posix", reason="Windows sends no signal to one process")
def test_ctrl_c_loses_no_token(sides: Sides) -> None:
    """One side waits for its new token, which is saved; the other hangs in its login, and stops."""
    first, may_answer = threading.Lock(), threading.Event()
    sides.stage.mailbox.behaviour = Behaviour.HANG
    sides.before = lambda _: first.acquire(blocking=False) or may_answer.wait(AT_ONCE)
    with sides.program.start(*sides.words, sys.executable, "-c", STARTED) as running:
        running.line_with("refreshed the token of")
        while 2 > len(sides.asked):
            assert running.process.poll() is None
            time.sleep(0.01)
        running.process.send_signal(signal.SIGINT)
        time.sleep(0.5)  # for a program that would not wait
        may_answer.set()
        done = running.finish(AT_ONCE)
    assert 130 == done.code, done.err
    assert not sides.started
    assert sides.is_new(0)
    assert sides.is_new(1)
    assert "Traceback" not in done.err
