"""`doctor --fix` repairs token files by the safe save, loses nothing, and uses no network."""

import json
import os
import re
import shlex
import stat
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.doctor.fix import Fixed, fix
from core.errors import AppError
from core.tokenfile.format import TokenFile, parse_token_file, serialize
from core.tokenfile.read import read_token_file
from core.tokenfile.save import new_path, prepare
from privileges import mounted_file
from program import Program
from waiting_file import closed

POSIX = pytest.mark.only_on("posix", reason="Windows has no modes")
LATER = 4_000_000_000.0
FILE = TokenFile(
    "an-access-token-of-you", "a-refresh-token-of-you", account="you@example.com", expires_at=LATER
)
GOOD = serialize(FILE, now=0)
BROKEN = b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n")


def repair(path: Path) -> Fixed:
    """Repair one file."""
    return fix(path, timeout=5, cancelled=Cancellation())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A private file with a BOM and CR LF."""
    path = tmp_path / "tokens.txt"
    path.write_bytes(BROKEN)
    path.chmod(0o600)
    return path


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty folder, without a network."""
    (tmp_path / "work").mkdir()
    return Program(tmp_path / "work", tmp_path / "home", {"HTTPS_PROXY": "http://127.0.0.1:1"})


def test_the_file_is_repaired_and_a_copy_kept(path: Path) -> None:
    """The content is repaired, and a private copy has the old bytes."""
    fixed = repair(path)
    assert path.read_bytes().startswith(GOOD)
    assert read_token_file(path) == FILE
    assert fixed.copy == path.with_name("tokens.txt.before_fix")
    assert fixed.copy.read_bytes() == BROKEN
    if os.name != "nt":
        assert [0o600, 0o600] == [stat.S_IMODE(p.stat().st_mode) for p in (path, fixed.copy)]


def test_a_second_time_changes_nothing(path: Path) -> None:
    """A second repair changes neither the file nor the folder."""
    repair(path)
    before = {p: p.read_bytes() for p in path.parent.iterdir()}
    assert Fixed(took_over=False, copy=None) == repair(path)
    assert before == {p: p.read_bytes() for p in path.parent.iterdir()}


def test_no_copy_is_written_over(path: Path) -> None:
    """A second copy gets a number."""
    first = repair(path).copy
    path.write_bytes(b" " + GOOD)
    second = repair(path).copy
    assert first is not None
    assert second == path.with_name("tokens.txt.before_fix1")
    assert (BROKEN, b" " + GOOD) == (first.read_bytes(), second.read_bytes())


@POSIX
def test_permissions_alone(path: Path) -> None:
    """Permissions are repaired without a copy, since the content does not change."""
    path.write_bytes(GOOD)
    path.chmod(0o644)
    assert Fixed(took_over=False, copy=None) == repair(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert FILE == read_token_file(path)


def test_newer_tokens_that_wait_are_taken_over(path: Path) -> None:
    """Newer tokens in the .new file are taken over first, since saving would delete that file."""
    newer = TokenFile("newer-access", "newer-refresh")
    with prepare(path) as replacement:
        replacement.commit(GOOD)
    content = path.read_bytes()
    with prepare(path) as replacement:
        replacement.commit(serialize(newer, now=0))
    os.replace(path, new_path(path))
    path.write_bytes(content)
    assert Fixed(took_over=True, copy=None) == repair(path)
    assert newer == read_token_file(path)
    assert not new_path(path).exists()


@pytest.mark.parametrize(
    "content", [b'{"AccessToken": {}}\r\n', b"\xef\xbb\xbfa,b\r\n1,2\r\n", b""]
)
def test_another_file_is_left_alone(path: Path, content: bytes) -> None:
    """A file that is not a token file is not changed."""
    path.write_bytes(content)
    assert Fixed(took_over=False, copy=None) == repair(path)
    assert content == path.read_bytes()


def test_a_last_line_without_an_end(path: Path) -> None:
    """The line that is added is a line of its own."""
    path.write_bytes(b" an-access-token-of-you\na-refresh-token-of-you")
    repair(path)
    assert TokenFile("an-access-token-of-you", "a-refresh-token-of-you") == parse_token_file(
        path.read_bytes()
    )


def test_the_line_of_an_earlier_save_goes(path: Path) -> None:
    """The file contains one hash of the content that it replaced."""
    repair(path)
    path.write_bytes(b" " + path.read_bytes())
    before = path.read_bytes()
    repair(path)
    content = path.read_bytes().partition(b"# Follows is ")[0]
    assert closed(content, follows=before) == path.read_bytes()


def test_where_no_place_can_be_made_nothing_is_done(tmp_path: Path, path: Path) -> None:
    """A mounted file can't be replaced: it is not changed, and no copy is left."""
    place = tmp_path / "mounted.txt"
    with mounted_file(path, place):
        with pytest.raises(AppError):
            repair(place)
        assert BROKEN == place.read_bytes()
    assert [] == list(tmp_path.glob("*.before_fix*"))


def test_the_command_line(program: Program) -> None:
    """It examines all files of the folder, repairs them with --fix, and prints no token."""
    folder = program.folder / "tokens"
    folder.mkdir(mode=0o700)
    for name, content in (("a", GOOD), ("b", BROKEN)):
        file = folder / f"oauth2_tokens_{name}@example.com.txt"
        file.write_bytes(content)
        file.chmod(0o600)
    before = program.run_here("doctor", "--json")
    assert 1 == before.code
    objects = [json.loads(line) for line in before.out.splitlines()]
    assert [[], ["bom", "carriage_return"]] == [
        [finding["name"] for finding in one["findings"]] for one in objects
    ]
    assert [len("an-access-token-of-you"), len(b"\xef\xbb\xbfan-access-token-of-you\r")] == [
        one["token_length"] for one in objects
    ]
    one = program.run_here(
        "doctor", "--token_file", str(folder / "oauth2_tokens_a@example.com.txt")
    )
    assert (0, 1) == (one.code, one.out.count("No problems found. Only a login at the mail"))
    said, fixed, after = (
        program.run_here("doctor"),
        program.run_here("doctor", "--fix"),
        program.run_here("doctor"),
    )
    assert [1, 0, 0] == [said.code, fixed.code, after.code], said.err
    assert str(folder / "oauth2_tokens_b@example.com.txt.before_fix") in fixed.out
    assert "an-access-token-of-you" not in before.out + said.out + fixed.out + after.out


@pytest.mark.parametrize(
    "content",
    [
        GOOD.decode().encode("utf-16"),
        b'"' + GOOD.replace(b"\n", b'"\n', 1),
        "\u200b".encode() + GOOD,
        GOOD.replace(b"\n", b"\r"),
    ],
)
@pytest.mark.only_on("posix", reason="cmd quotes in its own way")
def test_a_refusal_names_the_command_that_helps(program: Program, content: bytes) -> None:
    """After that command, the file is good."""
    file = program.folder / "a b.txt"
    file.write_bytes(content)
    refused = program.run_here("--refresh_only", "--token_file", file.name, "you@example.com")
    assert 1 == refused.code
    [named] = re.findall(r"Command: oauth2_imap (.*)", refused.err)
    assert 0 == program.run_here(*shlex.split(named)).code
    done = program.run_here("--refresh_only", "--token_file", file.name, "you@example.com")
    assert (0, "", "") == (done.code, done.out, done.err)


def test_a_mistake_in_the_settings_is_no_hindrance(program: Program, path: Path) -> None:
    """It is told, and the file is repaired."""
    program.configure("[providers")
    done = program.run_here("doctor", "--fix", str(path))
    assert 0 == done.code
    assert f"{program.own_file} is not valid TOML" in done.err
    assert read_token_file(path) == FILE
    assert path.read_bytes().startswith(GOOD)


def test_the_command_line_without_files(program: Program) -> None:
    """It says that there are no files, and does not fail."""
    done = program.run_here("doctor")
    assert (0, "") == (done.code, done.out)
    assert "There are no token files" in done.err


def test_a_token_given_as_a_file(program: Program) -> None:
    """The token is not printed, no lock with its name is made, and nothing is changed."""
    token = "eyJ" + "secret" * 10
    done = program.run_here("doctor", "--fix", token)
    assert 1 == done.code
    assert token not in done.out + done.err
    assert [] == list(program.folder.iterdir())
