"""oauth2_imap_cli.exe in Windows with the real bed, with msal and google-auth inside."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import core
from bed.as_provider import lines_of, opens_mailbox
from bed.fixtures import Bed
from bed.users import ALICE, CAROL
from bed.walker import walk
from program import Program
from wine.at_bed import sign_in, token_file, trusting
from wine.prefix import Wine, windows_path
from wine.screen import wait

HOLD = "import sys\nwith open(sys.argv[1]):\n    print('held', flush=True)\n    sys.stdin.read()\n"


def test_version(terminal: Program) -> None:
    """It prints its version."""
    done = terminal.run("--version")
    assert (0, f"oauth2_imap {core.__version__}\n") == (done.code, done.out)


def test_shipped_data_is_inside(terminal: Program) -> None:
    """The program knows the providers without a file beside it."""
    done = terminal.run("providers")
    assert 0 == done.code, done.err
    assert "gmail: " in done.out
    assert "office365: " in done.out


def test_the_demo(terminal: Program) -> None:
    """The demo works: a sign-in, a refresh and two logins without a network."""
    done = terminal.run("--demo", "--yes")
    assert 0 == done.code, done.err
    assert "It works" in done.err
    assert "--oauthaccesstoken1" in done.out


@pytest.mark.parametrize(("code", "words"), [("de", "Befehle:"), ("fr", "Commandes :")])
def test_it_speaks_other_languages(terminal: Program, code: str, words: str) -> None:
    """The catalogues are inside."""
    done = terminal.run("--language", code, "--help")
    assert 0 == done.code, done.err
    assert words in done.out.replace("\N{NO-BREAK SPACE}", " ")


def test_a_missing_option_is_exit_2(terminal: Program) -> None:
    """The exit code is passed on by Windows."""
    assert 2 == terminal.run("--no_such_option").code


def test_sign_in_then_refresh_with_rotation(bed: Bed, program: Program, chromium: None) -> None:
    """Windows opens its browser and msal gets the tokens; the second run refreshes."""
    file = token_file(program)
    first = program.run(ALICE, *trusting(bed))
    assert 0 == first.code, first.err
    assert "--oauthaccesstoken1 " in first.out
    assert rf"tokens\{file.name}" in first.out
    assert opens_mailbox(bed, ALICE, file)
    before = lines_of(file)

    second = program.run(ALICE, *trusting(bed))
    assert 0 == second.code, second.err
    after = lines_of(file)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert opens_mailbox(bed, ALICE, file)
    assert {"authorization_code": 1, "refresh_token": 1} == bed.stats()["grants"]
    assert b"\r" not in file.read_bytes()


def test_sign_in_with_a_secret(bed: Bed, program: Program, chromium: None) -> None:
    """google-auth-oauthlib signs in, and the check uses STARTTLS."""
    done = program.run("--provider", "gmail", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, token_file(program, f"oauth2_tokens_{ALICE}.txt"))


def test_by_hand_from_another_browser(bed: Bed, program: Program) -> None:
    """With a provider from options and a pasted response, the program's own flow signs in."""
    overrides = (
        *("--provider", "mine", "--client_id", "public-opaque"),
        *("--authorize_uri", bed.authorize_uri, "--token_uri", bed.token_uri),
        *("--scope_string", "openid offline_access imap"),
        *("--imap_server", bed.imap_host, "--imap_port", str(bed.imap_port)),
    )
    with program.start("--remotebrowser", CAROL, *overrides, *trusting(bed)) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        running.type(walk(link, CAROL))
        done = running.finish()
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, CAROL, token_file(program, f"oauth2_tokens_{CAROL}.txt"))


def test_refresh_only_is_silent_and_costs_nothing_when_fresh(bed: Bed, program: Program) -> None:
    """For imapsync's --oauthrefreshcmd1 it prints nothing, refreshes once, and then not again."""
    file = sign_in(bed, program)
    file.write_text(f"old-access-token\n{lines_of(file)[1]}\n")  # as the original leaves it
    os.utime(file, (0, 0))  # long ago
    for _ in range(2):
        done = program.run("--refresh_only", ALICE, *trusting(bed))
        assert (0, "", "") == (done.code, done.out, done.err)
        assert 1 == bed.stats()["refreshes"]
    assert opens_mailbox(bed, ALICE, file)


def test_a_held_file_is_replaced_once_it_is_let_go(
    bed: Bed, program: Program, windows: Wine, windows_python: Path
) -> None:
    """Windows can't replace a file that a reader has open, so new tokens wait for the reader."""
    file = sign_in(bed, program)
    before = file.read_bytes()
    with (
        _held(windows, windows_python, file) as holder,
        program.start(ALICE, *trusting(bed)) as running,
    ):
        wait(lambda: bed.stats()["refreshes"], "a refresh")
        time.sleep(1)
        assert running.process.poll() is None
        assert before == file.read_bytes()
        holder.communicate()
        done = running.finish()
    assert 0 == done.code, done.err
    assert before != file.read_bytes()
    assert opens_mailbox(bed, ALICE, file)


@contextmanager
def _held(windows: Wine, python: Path, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Windows program that has the file open until its standard input ends."""
    with subprocess.Popen(
        ["wine", python / "python.exe", "-c", HOLD, windows_path(file)],
        env=windows.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # Python under Wine 8 takes no file there
    ) as process:
        assert process.stdout
        assert b"held" == process.stdout.readline().strip()
        yield process
