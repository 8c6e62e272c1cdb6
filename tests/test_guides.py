"""The guides: a reader types the commands of a guide, as they stand there, at servers on loopback.

The reader's providers know the addresses of the guides. The commands that others own (ssh, scp,
cron) are in the table of test_documented_commands.py; what they would call is run here.
"""

import os
import re
import shlex
import signal
import urllib.request
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from faulty_servers.device_codes import ALLOWED, PENDING
from guide_reader import GUIDES, YOU, age, commands_on, has_tokens, here, typed
from program import Program, installed_python
from pseudo_terminal import in_a_terminal
from servers import Stage, location_of

_LINK = re.compile(r"^Link: (https://\S+)", re.MULTILINE)


@pytest.mark.parametrize("guide", [path.name for path in GUIDES.glob("*.md")])
def test_each_command_of_the_program_is_typed(guide: str) -> None:
    """By a test of a file like this one."""
    tests = "".join(
        path.read_text("utf-8") for path in Path(__file__).parent.glob("test_guides*.py")
    )
    ours = [command for command in commands_on(guide) if command.startswith("oauth2_imap ")]
    joined = re.sub(r'"\n +"', "", tests)  # a long command is written in two parts
    assert [] == [command for command in ours if command not in joined]


BROWSERLESS = "WITHOUT_A_BROWSER.md"


def test_copy_the_address_of_the_last_page(reader: Stage, server: Program) -> None:
    """The link is opened elsewhere, and the last page's address is pasted."""
    with server.start(
        *typed(BROWSERLESS, "oauth2_imap --remotebrowser you@example.com")
    ) as running:
        link = running.line_with("Link: ").strip().partition("Link: ")[2]
        running.type(location_of(reader, link))
        done = running.finish()
    assert 0 == done.code, done.err
    assert "--oauthaccesstoken1" in done.out
    assert has_tokens(reader)


@pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals")
def test_use_an_ssh_tunnel(reader: Stage, server: Program) -> None:
    """A browser reaches the port of the command; on loopback that is the tunnel's other end."""
    arguments = typed(
        BROWSERLESS, "oauth2_imap --redirect_uri http://localhost:8765 you@example.com"
    )
    assert "ssh -L 8765:localhost:8765 you@server.example.com" in commands_on(BROWSERLESS)
    with in_a_terminal(server, *arguments) as (process, shown):
        link = shown.wait_for(_LINK)
        answer = location_of(reader, link)
        assert answer.startswith(arguments[1])
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(answer, timeout=20) as page:
            assert b"Sign-in response received" in page.read()
        assert 0 == process.wait(30), shown.text
    assert has_tokens(reader)


def test_type_a_code_on_another_device(reader: Stage, server: Program) -> None:
    """Nothing is typed on the server."""
    reader.server.device_codes.states = deque([PENDING, ALLOWED])
    done = server.run(*typed(BROWSERLESS, "oauth2_imap --device_code you@example.com"))
    assert 0 == done.code, done.err
    assert "Type this code there: " in done.err
    assert has_tokens(reader)


def test_ask_the_owner_to_sign_in(reader: Stage, server: Program) -> None:
    """The text goes out, and the answer comes back."""
    made = server.run(*typed(BROWSERLESS, "oauth2_imap request owner@example.com"))
    (link,) = re.findall(r"^https://\S+$", made.out, re.MULTILINE)
    reader.mailbox.delegates.add((YOU, "owner@example.com"))
    done = server.run(
        *typed(BROWSERLESS, "oauth2_imap request --finish owner@example.com"),
        stdin=location_of(reader, link) + "\n",
    )
    assert 0 == done.code, done.err
    assert "--user1 owner@example.com" in done.out


def test_sign_in_elsewhere(reader: Stage, computer: Program, server: Program) -> None:
    """The file is copied to another folder with its permissions, checked and refreshed."""
    done = computer.run(*typed(BROWSERLESS, "oauth2_imap you@example.com"))
    assert 0 == done.code, done.err
    assert has_tokens(reader)
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
def test_the_systems_own_timer(reader: Stage, signed_in: Program, tmp_path: Path) -> None:
    """The command of cron's line refreshes a token that lives too short for it, in silence."""
    python = installed_python(tmp_path / "installed")
    installed = replace(signed_in, command=(str(python), "-m", "core"))
    written = installed.run(*typed(NIGHT, "oauth2_imap schedule --for cron --every 15"))
    (line,) = re.findall(r"^\*/15 (?:\* ){4}(.+)$", written.out, re.MULTILINE)
    age(reader)
    done = signed_in.run_other("sh", "-c", line)
    assert (0, "") == (done.code, done.out), done.err
    assert has_tokens(reader)
    assert 1 == reader.server.refreshes


@pytest.mark.only_on("posix", reason="imapsync is a script for sh here")
def test_run(reader: Stage, computer: Program) -> None:
    """imapsync gets the token files of both sides."""
    imapsync = reader.folder / "imapsync"
    imapsync.write_text('#!/bin/sh\n[ "$*" = --version ] && echo 2.250 && exit\necho "$@"\n')
    imapsync.chmod(0o755)
    reader.mailbox.delegates |= {(YOU, "old@example.com"), (YOU, "new@example.org")}
    environ = {**computer.environ, "PATH": f"{reader.folder}:{os.environ['PATH']}"}
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
