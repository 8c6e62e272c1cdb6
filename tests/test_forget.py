"""Tests of `forget`: the tokens are revoked, every file and entry is deleted."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bed import flow
from bed.fixtures import Bed
from bed.secret_service import SecretService
from bed.users import CAROL
from core.demo.http_server import DemoResponse
from core.errors import AppError, ExitCode, Refused, SignInNeeded, TryAgain, UsageProblem
from core.mailbox.forget import forget
from core.mailbox.get_token import refresh_mailbox
from core.model import Note
from core.providers.by_hand import by_hand
from core.providers.catalog import Catalog
from core.providers.registration import resolve
from core.secret_store.store import Store
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.save import new_path, second_path
from faulty_servers.responses import FaultyResponse
from program import Program, program_of
from servers import ADDRESS, QUICK, MakeStage, Stage, changed
from waiting_file import closed

PAGE = "https://accounts.demo.example/grants"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A mailbox that is signed in."""
    stage.sign_in(check=False)
    return stage


def gone(stage: Stage) -> bool:
    """Whether no file with tokens is left."""
    return [] == list(stage.path.parent.iterdir())


def kept(stage: Stage, before: bytes) -> bool:
    """Whether the file is unchanged and nothing lies beside it."""
    return (before, [stage.path.name]) == (stage.path.read_bytes(), stage.names())


def test_revoked_and_deleted(stage: Stage) -> None:
    """The refresh token is revoked, then the access token; then all files are deleted.

    The files are the token file, its lock, its `.new` file, and the copies that the doctor made.
    """
    file = stage.file()
    for end in (".before_fix", ".before_fix2"):
        stage.path.with_name(stage.path.name + end).write_bytes(stage.path.read_bytes())
    new_path(stage.path).write_bytes(os.urandom(100))
    done = forget(stage.job())
    assert (stage.path, True, ()) == (done.file, done.revoked, done.pages)
    assert ["refresh_token", "access_token"] == stage.server.revoked_kinds
    assert 2 == stage.server.revocations
    assert stage.server.account_of(file.access) is None
    assert gone(stage)
    assert "revoked the tokens" in stage.said()
    assert f"Deleted {stage.path} and" in stage.said()


def test_the_grant_is_dead(stage: Stage) -> None:
    """After that a copy of the token file is useless."""
    copy = stage.path.read_bytes()
    forget(stage.job())
    stage.path.write_bytes(copy)
    stage.age()
    with pytest.raises(SignInNeeded) as caught:
        refresh_mailbox(stage.job())
    assert "invalid_grant" in caught.value.detail


def test_a_confidential_client_shows_its_secret(make_stage: MakeStage) -> None:
    """A client with a secret sends it to the revocation endpoint (RFC 7009 section 2.1)."""
    secret = "the-secret-of-a-client"
    stage = make_stage(server={"client_secret": secret})
    application = replace(stage.provider.applications["demo"], client_secret=secret)
    stage.provider = changed(stage.provider, applications={"demo": application})
    stage.sign_in(check=False)
    assert forget(stage.job()).revoked
    assert 2 == stage.server.revocations


def test_a_protected_one(make_stage: MakeStage, system_store: Store) -> None:
    """A refresh token in the store is revoked, and its entry is deleted."""
    stage = make_stage()
    stage.store = system_store
    stage.sign_in(check=False, protect=True)
    entry = stage.file().store_entry
    forget(stage.job())
    assert ["refresh_token", "access_token"] == stage.server.revoked_kinds
    assert stage.store.get(entry) is None
    assert gone(stage)


@pytest.mark.only_on("linux", reason="only the Secret Service can be locked")
@pytest.mark.parametrize("revoke", [True, False])
def test_a_locked_store(
    make_stage: MakeStage, system_store: Store, secret_service: SecretService, revoke: bool
) -> None:
    """With a locked store nothing is sent or deleted, since only the file names the entry."""
    stage = make_stage()
    stage.store = system_store
    stage.sign_in(check=False, protect=True)
    before = stage.path.read_bytes()
    secret_service.lock()
    with pytest.raises(AppError) as caught:
        forget(stage.job(), revoke=revoke)
    assert "store_locked" == caught.value.verdict.id
    assert kept(stage, before)
    assert [] == stage.server.revoked_kinds


def test_a_planted_file_deletes_nobody_elses_entry(
    make_stage: MakeStage, system_store: Store
) -> None:
    """A file that names another mailbox's entry is refused, and the entry stays."""
    stage = make_stage()
    stage.store = system_store
    stage.sign_in(check=False)
    others = json.dumps({"account": "bob@demo.example", "provider": "demo", "refresh_token": "x"})
    system_store.put("0" * 32, others)
    stage.change(refresh="", store_entry="0" * 32)
    for revoke in (True, False):
        with pytest.raises(AppError) as caught:
            forget(stage.job(), revoke=revoke)
        assert "store_entry_of_another" == caught.value.verdict.id
    assert others == system_store.get("0" * 32)


TROUBLES: list[tuple[FaultyResponse, str, int]] = [
    (FaultyResponse(503), "oauth_server_trouble", 4),
    (FaultyResponse(503, b'{"error": "invalid_grant"}'), "oauth_server_trouble", 4),
    (FaultyResponse(429, headers={"Retry-After": "7"}), "too_many_requests", 4),
    (FaultyResponse(200, b"<html>Our Wi-Fi", "text/html"), "answer_not_the_providers", 4),
    (FaultyResponse(404, b"<html>"), "filter_refused", 4),
    (FaultyResponse(drop=True), "connection_broken", 4),
    (FaultyResponse(delay=5.0), "no_answer_in_time", 4),
    (FaultyResponse(401, b'{"error": "invalid_client"}'), "oauth_secret_missing", 1),
    (FaultyResponse(200, b'{"error": "invalid_client"}'), "oauth_secret_missing", 1),
    (FaultyResponse(400, b'{"error": "unsupported_token_type"}'), "oauth_client_not_allowed", 1),
]


@pytest.mark.parametrize(("answer", "verdict", "code"), TROUBLES)
def test_trouble_deletes_nothing(
    stage: Stage, answer: FaultyResponse, verdict: str, code: int
) -> None:
    """If the revocation fails, nothing is deleted, a note says so, and a second try works."""
    before = stage.path.read_bytes()
    stage.server.revocation_faults.append(answer)
    timeout = QUICK if answer.delay else 20.0
    with pytest.raises(AppError) as caught:
        forget(stage.job(timeout=timeout))
    assert (verdict, code) == (caught.value.verdict.id, caught.value.exit_code)
    assert ["Nothing was deleted."] == [note[:20] for note in caught.value.notes]
    assert kept(stage, before)
    assert forget(stage.job()).revoked
    assert gone(stage)


def test_no_network(stage: Stage) -> None:
    """If the server can't be reached, nothing is deleted."""
    before = stage.path.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    stage.provider = changed(stage.provider, revocation_uri=f"https://localhost:{port}/revoke")
    with pytest.raises(TryAgain) as caught:
        forget(stage.job())
    assert "Nothing was deleted" in "".join(caught.value.notes)
    assert kept(stage, before)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b'{"error": "invalid_token"}', b'{"error": "invalid_token"}'),  # Google, a second time
        (b'{"error": "invalid_grant"}', b'{"error": "token not found"}'),  # others
        (b"", b'{"error": "unsupported_token_type"}'),  # refresh tokens alone can be revoked
    ],
)
def test_dead_already(stage: Stage, first: bytes, second: bytes) -> None:
    """A token that is invalid already counts as revoked."""
    for body in (first, second):
        stage.server.revocation_faults.append(DemoResponse(400 if body else 200, body))
    assert forget(stage.job()).revoked
    assert gone(stage)


def test_a_provider_without_revocation(stage: Stage) -> None:
    """The files are deleted, and the user is told where to end the access."""
    stage.provider = changed(stage.provider, revocation_uri="", revocation_pages=(PAGE,))
    done = forget(stage.job())
    assert (False, (PAGE,)) == (done.revoked, done.pages)
    assert [] == stage.server.revoked_kinds
    assert gone(stage)
    warnings = [e.text for e in stage.events if isinstance(e, Note) and e.warning]
    assert any("has no revocation endpoint" in text for text in warnings)
    assert any(PAGE in text for text in warnings)


def test_without_revoking(stage: Stage) -> None:
    """Nothing is sent, the files are deleted, and the user is told where to end the access."""
    stage.provider = changed(stage.provider, revocation_pages=(PAGE,))
    done = forget(stage.job(), revoke=False)
    assert (False, (PAGE,)) == (done.revoked, done.pages)
    assert [] == stage.server.revoked_kinds
    assert gone(stage)


def test_without_revoking_the_provider_may_be_unknown(stage: Stage) -> None:
    """The file of an unknown provider can be deleted without revoking."""
    stage.change(provider="no-longer-there")
    with pytest.raises(UsageProblem) as caught:
        forget(stage.job())
    assert "recorded_provider_unknown" == caught.value.verdict.id
    assert stage.path.exists()
    forget(stage.job(), revoke=False)
    assert gone(stage)


def test_another_tokens_endpoint_revokes_nothing(stage: Stage) -> None:
    """Tokens of the user's own endpoint are never sent to the shipped provider."""
    overrides = by_hand(token_uri="https://elsewhere.example/token")
    moved = resolve(Catalog({"demo": stage.provider}, {}), "demo", "", overrides)
    assert "" == moved.revocation_uri
    assert stage.server.revocation_uri == stage.registration.revocation_uri


def _somebody_elses(stage: Stage) -> None:
    stage.change(account="bob@demo.example")


def _no_token_file(stage: Stage) -> None:
    stage.path.write_bytes(b"a letter\nto somebody\nof three lines\n")


@pytest.mark.parametrize(
    ("spoil", "error"), [(_somebody_elses, Refused), (_no_token_file, AppError)]
)
def test_what_is_not_this_mailboxs_stays(
    stage: Stage, spoil: Callable[[Stage], None], error: type[AppError]
) -> None:
    """Another mailbox's file and a file without tokens are not deleted."""
    spoil(stage)
    before = stage.path.read_bytes()
    for revoke in (True, False):
        with pytest.raises(error):
            forget(stage.job(), revoke=revoke)
    assert kept(stage, before)


def test_nothing_to_forget(stage: Stage) -> None:
    """A second call is an error and creates neither a folder nor a lock."""
    forget(stage.job())
    with pytest.raises(AppError) as caught:
        forget(stage.job())
    assert "no_token_file" == caught.value.verdict.id
    assert {"address": ADDRESS, "path": stage.path} == caught.value.parameters
    assert gone(stage)


def test_an_empty_file(stage: Stage) -> None:
    """An empty file is deleted, and no request is sent."""
    stage.path.write_bytes(b"")
    assert not forget(stage.job()).revoked
    assert gone(stage)


@pytest.mark.parametrize("place", [new_path, second_path])
def test_what_waits_is_revoked(stage: Stage, place: Callable[[Path], Path]) -> None:
    """Newer tokens that wait in another place are the valid ones: they are revoked and deleted."""
    newest, waiting = stage.path.read_bytes(), place(stage.path)
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.write_bytes(closed(newest, follows=b""))
    stage.path.unlink()
    assert forget(stage.job()).revoked
    assert 2 == stage.server.revocations
    assert gone(stage)
    assert not waiting.exists()


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege")
def test_a_link(stage: Stage) -> None:
    """A link, its target and the files beside the target are deleted."""
    real = stage.path.rename(stage.path.with_name("real.txt"))
    stage.path.symlink_to(real)
    forget(stage.job())
    assert gone(stage)


# Started like a user does.


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program, configured with the stage's provider and its revocation endpoint."""
    revocation = f'revocation_uri = "{stage.server.revocation_uri}"'
    return program_of(stage, revocation, f'revocation_pages = ["{PAGE}"]')


@pytest.mark.parametrize("words", [(ADDRESS,), ("--token_file",), ("--provider", "demo", ADDRESS)])
def test_command(stage: Stage, program: Program, words: tuple[str, ...]) -> None:
    """The command accepts an address or only --token_file.

    Without a terminal it asks no question.
    """
    if words == ("--token_file",):
        words = ("--token_file", str(stage.path))
    done = program.run("--ca_file", str(stage.ca_file), "forget", *words)
    assert (0, "") == (done.code, done.out), done.err
    assert "revoked the tokens" in done.err
    assert 2 == stage.server.revocations
    assert gone(stage)


def test_command_fails(stage: Stage, program: Program) -> None:
    """An overloaded server gives exit code 4, and --no_revoke then deletes everything."""
    stage.server.revocation_faults.append(DemoResponse(503))
    done = program.run("--ca_file", str(stage.ca_file), "forget", ADDRESS)
    assert ExitCode.TRY_AGAIN == done.code
    assert "Nothing was deleted" in done.err
    assert stage.path.exists()
    done = program.run("forget", "--no_revoke", ADDRESS)
    assert 0 == done.code, done.err
    assert PAGE in done.err
    assert gone(stage)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("forget",), "No e-mail address"), (("forget", "a@b.example", "c@d.example"), "one")],
)
def test_command_needs_one_address(program: Program, words: tuple[str, ...], sentence: str) -> None:
    """No address and two addresses give exit code 2."""
    done = program.run(*words)
    assert ExitCode.USAGE == done.code
    assert sentence in done.err


@pytest.mark.only_on("posix", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    ("typed", "options", "code", "asked"),
    [
        (b"y\n", [], 0, True),
        (b"\n", [], 130, True),
        (b"no\n", [], 130, True),
        (b"", ["--yes"], 0, False),
    ],
)
def test_at_a_terminal(
    stage: Stage, program: Program, typed: bytes, options: list[str], code: int, asked: bool
) -> None:
    """The user is asked once, with the path.

    --yes doesn't ask; any other answer deletes nothing.
    """
    import pty  # not on Windows

    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "core",
            "--ca_file",
            str(stage.ca_file),
            "forget",
            *options,
            ADDRESS,
        ],
        cwd=program.folder,
        env=program.environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.write(mine, typed)
    _, said = process.communicate(timeout=60)
    os.close(mine)
    assert code == process.returncode, said
    assert asked == (f"{stage.path}? [y/N]" in said.decode())
    assert (code == 0) == gone(stage)


def test_at_a_real_provider(bed: Bed, tmp_path: Path, stage: Stage) -> None:
    """A foreign authorization server confirms that both tokens are revoked."""
    tokens: dict[str, Any] = flow.sign_in(bed.issuer, bed.ca_file, "public-opaque", CAROL)
    path = tmp_path / "bed.txt"
    file = TokenFile(tokens["access_token"], tokens["refresh_token"], CAROL, "demo", "demo")
    path.write_bytes(serialize(file, now=0))
    application = replace(stage.provider.applications["demo"], client_id="public-opaque")
    stage.provider = changed(
        stage.provider,
        revocation_uri=f"{bed.issuer}/token/revocation",
        applications={"demo": application},
    )
    stage.ca_file = bed.ca_file
    assert forget(stage.job(address=CAROL, token_file=path)).revoked
    assert not path.exists()
    with pytest.raises(flow.Refused, match="invalid_grant"):
        flow.refresh(bed.issuer, bed.ca_file, "public-opaque", tokens["refresh_token"])
