"""A real Dovecot whose connections are all in use: nothing is lost, and nothing waits for it."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bed import flow, imap
from bed.as_provider import opens_mailbox, providers_toml, trusting
from bed.dovecot import CONNECTIONS
from bed.fixtures import Bed
from bed.users import ALICE
from bed.walker import walk
from core.tokenfile.format import TokenFile, serialize
from program import Program

SCOPE = "openid profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All"
REFUSED = "Maximum number of connections from user+IP exceeded"


@pytest.fixture
def program(bed: Bed, tmp_path: Path) -> Program:
    """The program in an empty folder, with the bed in place of the providers."""
    folder = tmp_path / "work"
    (folder / "tokens").mkdir(parents=True)
    made = Program(folder, tmp_path / "home")
    made.configure(providers_toml(bed))
    return made


@pytest.fixture
def signed_in(bed: Bed, program: Program) -> Path:
    """A token file of ALICE whose token has to be refreshed."""
    tokens = flow.sign_in(bed.issuer, bed.ca_file, "public-rotating", ALICE, scope=SCOPE)
    file = TokenFile(
        tokens["access_token"],
        tokens["refresh_token"],
        account=ALICE,
        provider="office365",
        application="thunderbird",
        issued_at=time.time() - 3000,
        expires_at=time.time() + 200,
    )
    path = _file(program)
    path.write_bytes(serialize(file, now=time.time()))
    return path


@contextmanager
def busy(bed: Bed) -> Iterator[None]:
    """All connections that Dovecot allows ALICE are open, as imapsync would keep them."""
    token = flow.sign_in(bed.issuer, bed.ca_file, "public-static", ALICE)["access_token"]
    with ExitStack() as sessions:
        for _ in range(CONNECTIONS):
            session = imap.login(ALICE, token, port=bed.imap_port, ca_file=bed.ca_file)
            sessions.enter_context(session)
        yield


def test_a_sign_in(bed: Bed, program: Program) -> None:
    """It is saved without the test of the login, and exit code 4 tells it."""
    with busy(bed), program.start("--remotebrowser", ALICE, *trusting(bed)) as running:
        link = running.line_with("Link: https://").partition("Link: ")[2].strip()
        running.type(walk(link, ALICE))
        done = running.finish()
    assert 4 == done.code, done.err
    assert REFUSED in done.err
    assert opens_mailbox(bed, ALICE, _file(program))


def test_run(bed: Bed, program: Program, signed_in: Path) -> None:
    """imapsync starts, and has a fresh token."""
    old = signed_in.read_text("ascii")
    command = ("--", sys.executable, "-c", "import sys; sys.exit(7)")
    with busy(bed):
        done = program.run("run", "--side", "1", ALICE, *trusting(bed), *command)
    assert 7 == done.code, done.err
    assert REFUSED in done.err
    assert old != signed_in.read_text("ascii")
    assert opens_mailbox(bed, ALICE, signed_in)


def test_the_loop(bed: Bed, program: Program, signed_in: Path) -> None:
    """It goes on after the first round, and keeps the token fresh."""
    with busy(bed):
        bed.configure(at_ttl=2)
        done = program.run("--loop", "--until", "4s", ALICE, *trusting(bed))
    assert 0 == done.code, done.err
    assert REFUSED in done.err
    assert bed.stats()["refreshes"] >= 2


def _file(program: Program) -> Path:
    return program.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"
