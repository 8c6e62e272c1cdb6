"""The guides about a migration, about the administrator and about many mailboxes, as typed."""

import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from guide_reader import GUIDES, YOU, typed
from program import Program
from servers import Stage

MIGRATION, ADMINISTRATOR, HUNDREDS = "OFFICE365_TO_GMAIL.md", "ADMINISTRATOR.md", "HUNDREDS.md"
MAILBOXES = ("old@example.com", "new@example.org")
PEOPLE = ("anna@example.com", "anna@example.org", "ben@example.com", "ben@example.org")
IMAPSYNC = '#!/bin/sh\n[ "$*" = --version ] && echo 2.250 && exit\necho "$@"\n'

pytestmark = pytest.mark.only_on("posix", reason="imapsync is a script for sh here")


@pytest.fixture
def program(reader: Stage, computer: Program) -> Program:
    """The program at a computer with a browser and an imapsync that prints its options."""
    reader.mailbox.delegates |= {(YOU, address) for address in (*MAILBOXES, *PEOPLE)}
    imapsync = reader.folder / "imapsync"
    imapsync.write_text(IMAPSYNC)
    imapsync.chmod(0o755)
    path = f"{reader.folder}:{os.environ['PATH']}"
    return replace(computer, environ={**computer.environ, "PATH": path})


def test_office365_to_gmail(program: Program) -> None:
    """From the first sign-in to the end."""
    for command in ("oauth2_imap old@example.com", "oauth2_imap new@example.org"):
        done = program.run(*typed(MIGRATION, command))
        assert 0 == done.code, done.err
    done = program.run(*typed(MIGRATION, "oauth2_imap status"))
    assert all(address in done.out for address in MAILBOXES)
    for command in (
        "oauth2_imap run old@example.com new@example.org -- imapsync --gmail2 --justlogin",
        "oauth2_imap run old@example.com new@example.org -- imapsync --gmail2 --noexpunge1"
        " --justfoldersizes",
        "oauth2_imap run old@example.com new@example.org -- imapsync --gmail2 --noexpunge1 --dry",
        "oauth2_imap run old@example.com new@example.org -- imapsync --gmail2 --noexpunge1",
    ):
        done = program.run(*typed(MIGRATION, command))
        assert 0 == done.code, done.err
        assert done.out.startswith(f"{command.partition(' imapsync ')[2]} ")
        assert "--user1 old@example.com" in done.out
        assert "--user2 new@example.org" in done.out
    for command in (
        "oauth2_imap forget --yes old@example.com",
        "oauth2_imap forget --yes new@example.org",
    ):
        done = program.run(*typed(MIGRATION, command))
        assert 0 == done.code, done.err
    assert [] == list((program.folder / "tokens").glob("*.txt"))


def test_the_administrator(program: Program) -> None:
    """The texts name the organisation and the mailboxes, and the next sign-in works."""
    command = "oauth2_imap admin --tenant example.com one@example.com two@example.com"
    done = program.run(*typed(ADMINISTRATOR, command))
    assert 0 == done.code, done.err
    assert "https://login.microsoftonline.com/example.com/v2.0/adminconsent?" in done.out
    assert "two@example.com" in done.out
    own = program.own_file.read_text("utf-8")
    application = own[own.index("[providers.demo.applications.demo]") :]
    program.configure(own + application.replace("applications.demo", "applications.thunderbird"))
    for command in (
        "oauth2_imap --application thunderbird you@example.com",
        "oauth2_imap --startover you@example.com",
    ):
        done = program.run(*typed(ADMINISTRATOR, command))
        assert 0 == done.code, done.err


def test_hundreds_of_mailboxes(program: Program) -> None:
    """The list of the guide becomes tokens, and a script that runs imapsync for each pair."""
    page = (GUIDES / HUNDREDS).read_text("utf-8")
    (content,) = re.findall(r"^```text\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    on_loopback = re.sub("outlook.office365.com|imap.gmail.com", "localhost", content)
    (program.folder / "list.csv").write_text(on_loopback, "utf-8")
    for address in PEOPLE:
        assert 0 == program.run(address).code
    done = program.run(*typed(HUNDREDS, "oauth2_imap batch list.csv"))
    assert 0 == done.code, done.err
    report = (program.folder / "list.report.csv").read_text("utf-8")
    assert all(address in report for address in PEOPLE)
    done = program.run(*typed(HUNDREDS, "oauth2_imap batch list.csv --script migrate.sh"))
    assert 0 == done.code, done.err
    done = program.run_other("sh", "migrate.sh")
    assert 2 == done.out.count("--user1"), done
    done = program.run(*typed(HUNDREDS, "oauth2_imap status --check"))
    assert 0 == done.code, done.out
    loop = typed(HUNDREDS, "oauth2_imap batch list.csv --loop --until 8h")
    with program.start(*loop) as running:
        running.line_with("Refreshing will stop")
        running.process.send_signal(signal.SIGINT)
        assert running.finish().code in (130, -signal.SIGINT)


def test_the_pictures_are_there() -> None:
    """Each picture of a guide is a file."""
    pages = [*GUIDES.glob("*.md")]
    pictures = [
        (page.parent / name)
        for page in pages
        for name in re.findall(r"!\[[^]]*\]\((\S+)\)", page.read_text("utf-8"))
    ]
    assert [] == [path for path in pictures if not Path(path).exists()]
    assert len(pictures) > 3
