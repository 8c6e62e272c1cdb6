"""`import FILE...`: what it prints where, its exit codes, and what it asks."""

import json
from pathlib import Path

import pytest

from core.errors import ExitCode
from foreign_files import ACCESS, CLIENT_ID, REFRESH, google_json, recorded
from program import Program

YOU = "you@example.com"
SECRETS = (ACCESS, REFRESH, "made-up-client-secret")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder with files of other programs."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("mutt_oauth2.json", "mutt_oauth2.gpg", "emailproxy.config"):
        (folder / name).write_bytes(recorded(name))
    (folder / "google.json").write_text(google_json(account=YOU))
    return Program(folder, tmp_path / "home")


def tokens(program: Program) -> Path:
    """The token file of the address."""
    return program.folder / "tokens" / f"oauth2_tokens_{YOU}.txt"


def test_one_line_for_each_mailbox(program: Program) -> None:
    """On standard output; why something is missing, and what to do, on standard error."""
    names = ("google.json", "mutt_oauth2.gpg", "emailproxy.config")
    done = program.run_here("import", *names)
    assert ExitCode.FAILED == done.code
    assert [
        f"google.json: {YOU}: saved in {tokens(program)}",
        "mutt_oauth2.gpg: not imported",
        f"emailproxy.config: {YOU}: sign-in required",
    ] == done.out.splitlines()
    assert "gpg -d mutt_oauth2.gpg | oauth2_imap import -" in done.err
    application = "office365-00000000-1111-2222-3333"
    assert f"--provider office365 --application {application} {YOU}" in done.err
    assert [] == [secret for secret in SECRETS if secret in done.out + done.err]


def test_nothing_is_written_in_a_dry_run(program: Program) -> None:
    """It says what would be done, with the exit code of that."""
    done = program.run_here("import", "--dry_run", "google.json")
    assert (ExitCode.DONE, f"google.json: {YOU}: would be saved in {tokens(program)}\n") == (
        done.code,
        done.out,
    )
    assert not tokens(program).exists()
    assert not program.own_file.exists()
    assert ExitCode.SIGN_IN_NEEDED == program.run_here("import", "emailproxy.config").code


def test_other_tokens_are_replaced_only_on_request(program: Program) -> None:
    """Where nobody can be asked, they stay."""
    assert ExitCode.DONE == program.run_here("import", "google.json").code
    other = google_json(account=YOU, refresh_token="another-refresh-token-of-you")
    (program.folder / "google.json").write_text(other)
    kept = program.run("import", "google.json")
    assert (ExitCode.FAILED, f"google.json: {YOU}: not imported\n") == (kept.code, kept.out)
    assert "Option: --replace" in kept.err
    assert ExitCode.DONE == program.run_here("import", "--replace", "google.json").code
    assert "another-refresh-token-of-you" in tokens(program).read_text()
    again = program.run_here("import", "google.json")
    assert f"google.json: {YOU}: the tokens are in {tokens(program)} already\n" == again.out


def test_a_decrypted_file_through_a_pipe(program: Program) -> None:
    """So that the tokens of mutt_oauth2 never lie on the disk; with the client ID of the script."""
    text = recorded("mutt_oauth2.json").decode()
    done = program.run("import", "--client_id", CLIENT_ID, "-", stdin=text)
    assert (ExitCode.DONE, f"-: {YOU}: saved in {tokens(program)}\n") == (done.code, done.out)
    assert "Option: --client_id ID" in program.run_here("import", "mutt_oauth2.json").err


def test_the_address_from_the_user(program: Program) -> None:
    """Where the file has none."""
    (program.folder / "bare.json").write_text(google_json())
    missing = program.run_here("import", "bare.json")
    assert (ExitCode.FAILED, "bare.json: not imported\n") == (missing.code, missing.out)
    assert "Option: --address ADDRESS" in missing.err
    assert ExitCode.DONE == program.run_here("import", "--address", YOU, "bare.json").code
    assert f"# Account is {YOU}\n" in tokens(program).read_text()


def test_as_json(program: Program) -> None:
    """An object for each mailbox, for scripts."""
    done = program.run_here("import", "--json", "google.json", "mutt_oauth2.gpg")
    saved, refused = map(json.loads, done.out.splitlines())
    assert {
        "format": "import",
        "format_version": 1,
        "source": "google.json",
        "address": YOU,
        "provider": "gmail",
        "application": "gmail-00000000-1111-2222-3333",
        "file": str(tokens(program)),
        "result": "saved",
        "error": None,
    } == saved
    assert ("not imported", "import_encrypted_with_pgp") == (
        refused["result"],
        refused["error"]["verdict"],
    )


def test_without_files(program: Program) -> None:
    """There is nothing to do."""
    assert ExitCode.USAGE == program.run_here("import").code


def test_a_pattern(program: Program) -> None:
    """Windows' cmd hands patterns over as they are."""
    done = program.run_here("import", "--dry_run", "*.json")
    assert ["google.json", "mutt_oauth2.json"] == [
        line.partition(":")[0] for line in done.out.splitlines()
    ]
    assert ExitCode.FAILED == program.run_here("import", "*.nothing").code
