"""The guides: a reader types the commands of a guide, as they stand there, at servers on loopback.

The reader's providers know the addresses of the guides. The commands that others own (ssh, scp,
cron) are in the table of test_documented_commands.py; what they would call is run here.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.tokenfile.format import serialize
from core.tokenfile.read import read_token_file
from documented_commands import ROOT, commands_of
from faulty_servers.device_codes import ALLOWED, PENDING
from program import BROWSER, Program, installed_python, program_of
from servers import MakeStage, Stage, location_of

GUIDES = ROOT / "docs" / "guides"
YOU = "you@example.com"
_LINK = re.compile(r"^Link: (https://\S+)", re.MULTILINE)


def commands_on(guide: str) -> list[str]:
    """The commands of a guide that stand on a line of their own, in their order."""
    page = GUIDES / guide
    lines = {line.strip() for line in page.read_text("utf-8").splitlines()}
    return [command.text for command in commands_of(page) if command.text in lines]


def typed(guide: str, command: str) -> tuple[str, ...]:
    """What follows the program's name in a command that the guide has."""
    assert command in commands_on(guide)
    return tuple(shlex.split(command)[1:])


@pytest.mark.parametrize("guide", [path.name for path in GUIDES.glob("*.md")])
def test_each_command_of_the_program_is_typed(guide: str) -> None:
    """By a test of this file."""
    tests = Path(__file__).read_text("utf-8")
    ours = [command for command in commands_on(guide) if command.startswith("oauth2_imap ")]
    assert [] == [command for command in ours if command not in tests]


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """Servers at which the reader has an account."""
    return make_stage(server={"account": YOU}, redirect_uri="http://localhost")


@pytest.fixture
def server(stage: Stage) -> Program:
    """The program on a server without a browser."""
    program = program_of(stage)
    uri = stage.server.device_authorization_uri
    known = f'domains = ["example.com", "example.org"]\ndevice_authorization_uri = "{uri}"'
    written = program.own_file.read_text("utf-8")
    program.configure(written.replace('domains = ["demo.example"]', known))
    return replace(program, environ={"SSL_CERT_FILE": str(stage.ca_file)})


@pytest.fixture
def computer(server: Program, stage: Stage) -> Program:
    """The program on a computer with a browser."""
    browser = f"{sys.executable} {BROWSER} {stage.ca_file} %s"
    return replace(server, environ={**server.environ, "BROWSER": browser})


def has_tokens(stage: Stage) -> bool:
    """Whether the token in the reader's file is one of the reader's account."""
    return YOU == stage.server.account_of(file_of(stage).read_text("ascii").split("\n")[0])


def file_of(stage: Stage) -> Path:
    """The reader's token file."""
    return stage.folder / "tokens" / f"oauth2_tokens_{YOU}.txt"


def age(stage: Stage) -> None:
    """Make the reader's token one that is valid for 20 minutes more."""
    now, file = stage.clock(), read_token_file(file_of(stage))
    assert file is not None
    old = replace(file, issued_at=now - 2400, expires_at=now + 1200)
    file_of(stage).write_bytes(serialize(old, now=now))


BROWSERLESS = "WITHOUT_A_BROWSER.md"


def test_copy_the_address_of_the_last_page(stage: Stage, server: Program) -> None:
    """The link is opened elsewhere, and the last page's address is pasted."""
    with server.start(
        *typed(BROWSERLESS, "oauth2_imap --remotebrowser you@example.com")
    ) as running:
        link = running.line_with("Link: ").strip().partition("Link: ")[2]
        running.type(location_of(stage, link))
        done = running.finish()
    assert 0 == done.code, done.err
    assert "--oauthaccesstoken1" in done.out
    assert has_tokens(stage)


@pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals")
def test_use_an_ssh_tunnel(stage: Stage, server: Program) -> None:
    """A browser reaches the port of the command; on loopback that is the tunnel's other end."""
    arguments = typed(
        BROWSERLESS, "oauth2_imap --redirect_uri http://localhost:8765 you@example.com"
    )
    assert "ssh -L 8765:localhost:8765 you@server.example.com" in commands_on(BROWSERLESS)
    with in_a_terminal(server, *arguments) as (process, shown):
        link = shown.wait_for(_LINK)
        answer = location_of(stage, link)
        assert answer.startswith(arguments[1])
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(answer, timeout=20) as page:
            assert b"Sign-in response received" in page.read()
        assert 0 == process.wait(30), shown.text
    assert has_tokens(stage)


def test_type_a_code_on_another_device(stage: Stage, server: Program) -> None:
    """Nothing is typed on the server."""
    stage.server.device_codes.states = deque([PENDING, ALLOWED])
    done = server.run(*typed(BROWSERLESS, "oauth2_imap --device_code you@example.com"))
    assert 0 == done.code, done.err
    assert "Type this code there: " in done.err
    assert has_tokens(stage)


def test_ask_the_owner_to_sign_in(make_stage: MakeStage, stage: Stage, server: Program) -> None:
    """The text goes out, and the answer comes back."""
    made = server.run(*typed(BROWSERLESS, "oauth2_imap request owner@example.com"))
    (link,) = re.findall(r"^https://\S+$", made.out, re.MULTILINE)
    stage.mailbox.delegates.add((YOU, "owner@example.com"))
    done = server.run(
        *typed(BROWSERLESS, "oauth2_imap request --finish owner@example.com"),
        stdin=location_of(stage, link) + "\n",
    )
    assert 0 == done.code, done.err
    assert "--user1 owner@example.com" in done.out


def test_sign_in_elsewhere(stage: Stage, computer: Program, server: Program) -> None:
    """The file is copied to another folder with its permissions, checked and refreshed."""
    done = computer.run(*typed(BROWSERLESS, "oauth2_imap you@example.com"))
    assert 0 == done.code, done.err
    assert has_tokens(stage)
    for command in (
        "oauth2_imap doctor /home/you/tokens/oauth2_tokens_you@example.com.txt",
        "oauth2_imap --token_file /home/you/tokens/oauth2_tokens_you@example.com.txt",
    ):
        done = server.run_here(*here(server, typed(BROWSERLESS, command)))
        assert 0 == done.code, done.err


NIGHT = "OVERNIGHT.md"


@pytest.fixture
def signed_in(computer: Program, server: Program) -> Program:
    """The program on the server, signed in; paths of the guide begin in its folder."""
    assert 0 == computer.run(*typed(NIGHT, "oauth2_imap --startover you@example.com")).code
    return server


def here(program: Program, command: tuple[str, ...]) -> list[str]:
    """The words with the program's folder in place of the guide's home folder."""
    return [word.replace("/home/you", str(program.folder)) for word in command]


@pytest.mark.only_on("posix", reason="Windows sends no Ctrl-C to a process alone")
@pytest.mark.parametrize(
    "command",
    [
        "oauth2_imap --loop you@example.com",
        "oauth2_imap --loop --token_file /home/you/tokens/oauth2_tokens_you@example.com.txt",
    ],
)
def test_the_loop(signed_in: Program, command: str) -> None:
    """It begins with a fresh token, and Ctrl-C ends it with 130."""
    with signed_in.start(*here(signed_in, typed(NIGHT, command))) as running:
        running.line_with("3 folders found")
        running.process.send_signal(signal.SIGINT)
        # A shell shows both as 130. Python ends by the signal if it was importing.
        assert running.finish().code in (130, -signal.SIGINT)


@pytest.mark.only_on("posix", reason="Windows has no cron")
def test_the_systems_own_timer(stage: Stage, signed_in: Program, tmp_path: Path) -> None:
    """The command of cron's line refreshes a token that lives too short for it, in silence."""
    python = installed_python(tmp_path / "installed")
    installed = replace(signed_in, command=(str(python), "-m", "core"))
    written = installed.run(*typed(NIGHT, "oauth2_imap schedule --for cron --every 15"))
    (line,) = re.findall(r"^\*/15 (?:\* ){4}(.+)$", written.out, re.MULTILINE)
    age(stage)
    done = signed_in.run_other("sh", "-c", line)
    assert (0, "") == (done.code, done.out), done.err
    assert has_tokens(stage)
    assert 1 == stage.server.refreshes


@pytest.mark.only_on("posix", reason="imapsync is a script for sh here")
def test_run(stage: Stage, computer: Program) -> None:
    """imapsync gets the token files of both sides."""
    imapsync = stage.folder / "imapsync"
    imapsync.write_text('#!/bin/sh\n[ "$*" = --version ] && echo 2.250 && exit\necho "$@"\n')
    imapsync.chmod(0o755)
    stage.mailbox.delegates |= {(YOU, "old@example.com"), (YOU, "new@example.org")}
    environ = {**computer.environ, "PATH": f"{stage.folder}:{os.environ['PATH']}"}
    command = "oauth2_imap run old@example.com new@example.org -- imapsync --automap"
    done = replace(computer, environ=environ).run(*typed(NIGHT, command))
    assert 0 == done.code, done.err
    assert done.out.startswith("--automap")
    assert "--user1 old@example.com" in done.out
    assert "--user2 new@example.org" in done.out


def test_imapsync_itself(signed_in: Program) -> None:
    """The command that imapsync calls before a login."""
    (line,) = (command for command in commands_on(NIGHT) if command.startswith("imapsync"))
    called = shlex.split(shlex.split(line)[-1])[1:]
    done = signed_in.run_here(*here(signed_in, tuple(called)))
    assert (0, "") == (done.code, done.out), done.err


def test_monitoring(signed_in: Program) -> None:
    """After the evening's sign-in all is well."""
    for command in ("oauth2_imap status --check", "oauth2_imap status"):
        done = signed_in.run_here(*typed(NIGHT, command))
        assert 0 == done.code, done.out
    done = signed_in.run_here("status", "--check")
    assert "OK" in done.out


class Shown:
    """What a terminal shows."""

    def __init__(self, descriptor: int) -> None:
        self.text = ""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, args=(descriptor,))
        self._reader.start()

    def wait_for(self, pattern: re.Pattern[str]) -> str:
        """The first group of the pattern, once it is shown."""
        with self._news:
            assert self._news.wait_for(lambda: pattern.search(self.text), 30), self.text
            found = pattern.search(self.text)
            assert found
            return found[1]

    def join(self) -> None:
        """Wait until the program has closed its side."""
        self._reader.join()

    def _read(self, descriptor: int) -> None:
        while data := _read(descriptor):
            with self._news:
                self.text += data.decode().replace("\r", "")
                self._news.notify_all()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so at the end: EIO
        return b""


@contextmanager
def in_a_terminal(
    program: Program, *arguments: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Shown]]:
    """The program in a pseudo-terminal."""
    user, end = os.openpty()
    process = subprocess.Popen(
        [*program.command, *arguments],
        cwd=program.folder,
        env=program.environment(),
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    shown = Shown(user)
    try:
        yield process, shown
    finally:
        process.kill()
        process.wait()
        shown.join()
        os.close(user)
