"""Tokens without a user, from a certified authorization server to Dovecot, with the program."""

import hashlib
import json
import sys
import tomllib
from pathlib import Path

import pytest

from bed.as_provider import lines_of, opens_mailbox, providers_toml, trusting
from bed.fixtures import Bed
from bed.users import BOB
from core.tokenfile.place import file_name
from program import Program

APPLICATION = """
[providers.office365.applications.company]
client_id = "{client}"
grant = "client_credentials"
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder of its own."""
    return Program(tmp_path, tmp_path / "home")


def opens_without_a_user(bed: Bed, program: Program) -> None:
    """A first token and a refresh; Dovecot accepts both."""
    file = program.folder / "tokens" / file_name(BOB)
    first = program.run("--application", "company", BOB, *trusting(bed))
    assert 0 == first.code, first.err
    assert "IMAP login of" in first.err
    assert opens_mailbox(bed, BOB, file)
    before = lines_of(file)
    again = program.run(BOB, *trusting(bed))
    assert 0 == again.code, again.err
    after = lines_of(file)
    assert before[0] != after[0]
    assert ("", "") == (before[1], after[1])
    assert opens_mailbox(bed, BOB, file)
    assert {"client_credentials": 2} == bed.stats()["grants"]


def test_with_a_secret(bed: Bed, program: Program) -> None:
    """It is in the environment, and stays there."""
    program = Program(
        program.folder,
        program.home,
        {"OAUTH2_IMAP_CLIENT_SECRET": bed.client_secrets["svc-client"]},
    )
    program.configure(providers_toml(bed) + APPLICATION.format(client="svc-client"))
    opens_without_a_user(bed, program)


def test_by_options(bed: Bed, program: Program) -> None:
    """What worked is saved with the full path, and the next run needs only the address."""
    program.configure(providers_toml(bed))
    copy = program.folder / "company.pem"
    copy.write_bytes(bed.client_certificate.read_bytes())
    given = ("--client_id", "svc-certificate", "--certificate", copy.name)
    first = program.run(*given, BOB, *trusting(bed))
    assert 0 == first.code, first.err
    tables = tomllib.loads(program.own_file.read_text())["providers"]["office365"]["applications"]
    saved = tables["office365-svc-certificate"]
    assert ("client_credentials", str(copy)) == (saved["grant"], saved["certificate"])
    again = program.run(BOB, *trusting(bed))
    assert 0 == again.code, again.err
    assert {"client_credentials": 2} == bed.stats()["grants"]


def test_with_a_certificate(bed: Bed, program: Program) -> None:
    """The server checks the signature, and takes each one once (RFC 7523)."""
    certificate = f"certificate = '{bed.client_certificate}'\n"
    table = APPLICATION.format(client="svc-certificate") + certificate
    program.configure(providers_toml(bed) + table)
    opens_without_a_user(bed, program)


def test_the_check_of_the_administrator(bed: Bed, program: Program) -> None:
    """A real login with a token of the application, for people and for programs."""
    program.configure(providers_toml(bed) + APPLICATION.format(client="svc-client"))
    secret = {"OAUTH2_IMAP_CLIENT_SECRET": bed.client_secrets["svc-client"]}
    program = Program(program.folder, program.home, secret)
    words = ("admin", "--check", "--application", "company", *trusting(bed))
    done = program.run(*words, BOB)
    assert 0 == done.code, done.out + done.err
    assert 3 == done.out.count(f"PASS {BOB}: ")
    assert {"client_credentials": 1} == bed.stats()["grants"]
    done = program.run(*words, "--json", BOB)
    steps = [json.loads(line) for line in done.out.splitlines()]
    assert [("token", True), ("permission", True), ("login", True)] == [
        (step["step"], step["passed"]) for step in steps
    ]


# Its hash, since nothing may print the token itself.
SHOWS_THE_TOKEN = """
import hashlib, sys
print(hashlib.sha256(open(sys.argv[-1], "rb").readline().strip()).hexdigest())
"""


def test_run(bed: Bed, program: Program) -> None:
    """imapsync gets a token file without anybody's sign-in."""
    secret = bed.client_secrets["svc-client"]
    program = Program(program.folder, program.home, {"OAUTH2_IMAP_CLIENT_SECRET": secret})
    program.configure(providers_toml(bed) + APPLICATION.format(client="svc-client"))
    imapsync = (sys.executable, "-c", SHOWS_THE_TOKEN)
    own = ("--application", "company", *trusting(bed))
    done = program.run("run", "--side", "1", *own, BOB, "--", *imapsync)
    assert 0 == done.code, done.err
    file = program.folder / "tokens" / file_name(BOB)
    assert opens_mailbox(bed, BOB, file)
    assert hashlib.sha256(lines_of(file)[0].encode()).hexdigest() in done.out
    assert secret not in done.out + done.err
