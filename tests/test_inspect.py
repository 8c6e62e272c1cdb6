"""`inspect`: what tokens say of themselves, without the tokens."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from core.tokenfile.format import TokenFile, serialize
from program import Program
from test_claims import OF_A_USER, jwt

ME = "you@contoso.example"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder without token files."""
    (tmp_path / "work" / "tokens").mkdir(parents=True)
    return Program(tmp_path / "work", tmp_path / "home")


def write(program: Program, access: str, address: str = ME, **fields: Any) -> Path:
    """Write a token file."""
    path = program.folder / "tokens" / f"oauth2_tokens_{address}.txt"
    file = TokenFile(access, "a-refresh-token", account=address, provider="office365", **fields)
    path.write_bytes(serialize(file, now=time.time()))
    return path


def test_as_text(program: Program) -> None:
    """Who, for whom, for what and until when; the times are local, the tokens aren't shown."""
    now = time.time()
    midnight = time.mktime((2030, 1, 1, 0, 0, 0, 0, 0, -1))
    access = jwt(**{**OF_A_USER, "exp": midnight})
    path = write(program, access, tenant="organizations", issued_at=now)
    done = program.run("inspect")
    assert (0, "") == (done.code, done.err)
    lines = [line.strip() for line in done.out.splitlines()]
    assert f"{ME}  Office 365, Outlook.com" == lines[0]
    assert "The token says (oauth2_imap has not verified it):" == lines[1]
    for line in (
        f"signed in as: {ME}",
        "application: Thunderbird",
        "scopes: IMAP.AccessAsUser.All SMTP.Send",
        "audience: https://outlook.office.com",
        "expires: 2030-01-01 00:00",
        "The token file says:",
        "tenant: organizations",
        str(path),
    ):
        assert line in lines
    assert "roles" not in done.out
    assert access not in done.out
    assert access.split(".")[1] not in done.out
    assert "a-refresh-token" not in done.out


def test_as_json(program: Program) -> None:
    """The same for programs; times are in UTC, and nothing is said to be verified."""
    path = write(program, jwt(**OF_A_USER))
    done = program.run_here("inspect", "--json", ME)
    found = json.loads(done.out)
    assert (ME, str(path), True, False) == tuple(
        found[key] for key in ("address", "file", "is_jwt", "verified")
    )
    token = found["token"]
    assert ([ME], "2027-01-15T08:00:00Z", None) == tuple(
        token[key] for key in ("signed_in_as", "issued", "roles")
    )
    assert ("office365", "refresh_token") == tuple(
        found["token_file"][key] for key in ("provider", "grant")
    )


def test_no_jwt(program: Program) -> None:
    """Then the lines of the file are all that is known."""
    write(program, "ya29.an-opaque-token", login_hint="boss@contoso.example")
    done = program.run_here("inspect")
    assert "The token is not a JWT, so only the mail server can read it." in done.out
    assert "signs in as: boss@contoso.example" in done.out
    assert "ya29" not in done.out
    assert json.loads(program.run_here("inspect", "--json").out)["token"] is None


def test_another_account(program: Program) -> None:
    """Both are named: it may be right, or the reason why the server refuses the token."""
    write(program, jwt(**OF_A_USER), "info@contoso.example")
    done = program.run_here("inspect")
    assert f"{ME} signed in, not info@contoso.example." in done.out


def test_a_file_by_its_path(program: Program) -> None:
    """Any file, and an address beside it."""
    write(program, jwt(**OF_A_USER))
    other = write(program, "ya29.opaque", "me@contoso.example")
    moved = other.rename(program.folder / "elsewhere.txt")
    done = program.run_here("inspect", "elsewhere.txt", ME)
    assert 0 == done.code, done.err
    assert str(moved) in done.out
    assert f"signed in as: {ME}" in done.out
    assert done.out.count("The token file says:") == 2
    named = program.run_here("inspect", "--token_file", "elsewhere.txt")
    assert str(moved) in named.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere.txt"], 3, "There is no token file"),
        ([ME], 3, f"There is no token file of {ME}"),
        (["broken.txt"], 1, "broken.txt"),
        (["empty.txt"], 1, "empty.txt"),
    ],
)
def test_nothing_to_inspect(program: Program, words: list[str], code: int, said: str) -> None:
    """The reason is told."""
    (program.folder / "broken.txt").write_text("{}")
    (program.folder / "empty.txt").write_text("")
    done = program.run_here("inspect", *words)
    assert (code, "") == (done.code, done.out)
    assert said in done.err
