"""`status`: what it prints about token files, for users and for monitoring systems."""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.tokenfile.format import TokenFile, serialize
from program import Finished, Program

ME, YOU = "me@gmail.com", "you@outlook.com"
HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder without token files."""
    (tmp_path / "work").mkdir()
    return Program(tmp_path / "work", tmp_path / "home")


Write = Callable[..., Path]


@pytest.fixture
def write(program: Program) -> Write:
    """Writes a token file: signed in three days ago, refreshed 15 minutes ago."""

    def written(
        address: str, *, left: float = 0.75 * HOUR, life: float = HOUR, **fields: Any
    ) -> Path:
        now = time.time()
        known = {"account": address, "provider": "gmail", "signed_in_at": now - 3 * DAY}
        times = {"issued_at": now + left - life, "expires_at": now + left}
        file = TokenFile(
            "an-access-token", **{"refresh": "a-refresh-token", **known, **times, **fields}
        )
        path = program.folder / "tokens" / f"oauth2_tokens_{address}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(serialize(file, now=now))
        return path

    return written


def objects(done: Finished) -> list[dict[str, Any]]:
    """The JSON objects that were printed, one on each line."""
    assert 0 == done.code, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_as_text(program: Program, write: Write) -> None:
    """It prints address, provider, state, times and the absolute path, but no token."""
    path = write(ME)
    done = program.run("status")
    assert (0, "") == (done.code, done.err)
    lines = [line.strip() for line in done.out.splitlines()]
    assert f"{ME}  Gmail, Google Workspace  fresh" == lines[0]
    assert re.fullmatch("access token: valid for 4[45] min", lines[1])
    assert re.fullmatch("next refresh: due within 1[45] min", lines[2])
    assert "refresh token: present, from the sign-in 3 d ago" == lines[3]
    assert str(path) == lines[4]


def test_as_json(program: Program, write: Write) -> None:
    """--json prints the same for programs; --every changes when the next refresh is due."""
    path = write(ME)
    [found] = objects(program.run_here("status", "--json", "--every", "20"))
    assert (ME, "gmail", str(path), "fresh") == tuple(
        found[key] for key in ("address", "provider", "file", "state")
    )
    assert 2700 == pytest.approx(found["seconds_left"], abs=30)
    assert 3 * DAY == pytest.approx(found["refresh_token_age"], abs=30)
    assert found["next_refresh"] < found["expires_at"]
    assert found["signed_in_at"] < found["next_refresh"]
    assert found["problem"] is None
    assert found["refresh_token_expires_at"] is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(29 * DAY + 600, "sign-in: ends in 29 d"), (-2 * DAY - 600, "sign-in: ended 2 d")],
)
def test_the_end_of_the_sign_in(program: Program, write: Write, seconds: float, words: str) -> None:
    """If the file says when the refresh token expires, the command does too."""
    end = time.time() + seconds
    write(ME, refresh_expires_at=end)
    assert words in program.run_here("status").out
    [found] = objects(program.run_here("status", "--json"))
    assert int(end) == datetime.fromisoformat(found["refresh_token_expires_at"]).timestamp()


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({}, "fresh", "due within 1"),
        ({"left": 200}, "expires soon", "overdue; probably no loop or window"),
        ({"left": -2 * HOUR}, "expired", "expired 2 h ago"),
        ({"left": -2 * HOUR, "refresh": ""}, "sign-in needed", "refresh token: none"),
        ({"refresh": ""}, "fresh", "refresh token: none"),
        ({"issued_at": None, "expires_at": None}, "unknown", "next refresh: due within "),
        ({"signed_in_at": None}, "fresh", "date of the sign-in unknown"),
        ({"left": 200, "life": 600}, "fresh", "overdue"),
        ({"left": 100, "life": 600}, "expires soon", "overdue"),
        ({"left": 365 * DAY}, "unknown", "issued in the future, so a clock was wrong"),
        ({"left": 365 * DAY}, "unknown", "next refresh: overdue"),
        ({"left": 365 * DAY, "life": 365 * DAY - 100}, "fresh", "valid for 365 d"),
    ],
)
def test_states(
    program: Program, write: Write, fields: dict[str, Any], state: str, words: str
) -> None:
    """The state follows from the file; a short-lived token expires soon in its last quarter."""
    write(ME, **fields)
    [found] = objects(program.run_here("status", "--json"))
    assert state == found["state"]
    assert words in program.run_here("status").out


@pytest.mark.parametrize(("old", "new"), [("\n", " \n"), ("an-access-token", "")])
def test_a_first_line_that_imapsync_cant_use(
    program: Program, write: Write, old: str, new: str
) -> None:
    """Then no line says that the access token is valid."""
    path = write(ME)
    path.write_text(path.read_text().replace(old, new, 1))
    done = program.run_here("status")
    assert "access token: the first line of the file is no token that imapsync can use" in done.out
    assert "valid for" not in done.out


def test_a_file_of_a_wrong_clock(program: Program, write: Write) -> None:
    """For programs too, what the file says about its times is unknown; a refresh is due."""
    write(ME, left=365 * DAY)
    before = time.time()
    [found] = objects(program.run_here("status", "--json"))
    assert (None, "unknown") == (found["seconds_left"], found["state"])
    due = datetime.fromisoformat(found["next_refresh"]).timestamp()
    assert before - 1 <= due <= time.time()


def test_a_file_that_cant_be_read(program: Program, write: Write) -> None:
    """It is listed with the other files."""
    write(ME).write_text("{}")
    write(YOU)
    broken, fine = objects(program.run_here("status", "--json"))
    assert ("can't be read", "fresh") == (broken["state"], fine["state"])
    assert "not a token file" in broken["problem"]["message"]


def test_named_ones(program: Program, write: Write) -> None:
    """It prints only the files of the given addresses, or one file in any folder."""
    write(ME)
    path = write(YOU)
    assert [YOU] == [
        f["address"] for f in objects(program.run_here("status", "--json", YOU.upper()))
    ]
    elsewhere = path.rename(program.folder / "elsewhere.txt")
    found = objects(program.run_here("status", "--json", "--token_file", "elsewhere.txt"))
    assert [str(elsewhere)] == [f["file"] for f in found]


@pytest.mark.parametrize("words", [(), (YOU,), ("--token_file", "nowhere.txt")])
def test_nothing_there(program: Program, words: tuple[str, ...]) -> None:
    """Exit code 3 and the folder that was searched; with --check UNKNOWN on standard output."""
    done = program.run_here("status", *words)
    assert (3, "") == (done.code, done.out)
    assert "There is no token file" in done.err
    assert str(program.folder) in done.err
    checked = program.run_here("status", "--check", *words)
    assert (3, "") == (checked.code, checked.err)
    assert checked.out.startswith("OAUTH2_IMAP UNKNOWN - There is no token file")


@pytest.mark.parametrize(
    ("fields", "code", "line"),
    [
        ({}, 0, "OK - 1 mailbox fresh | 'me@gmail.com'=N;300:;1:;0"),
        (
            {"left": 200},
            1,
            "WARNING - 1 of 1 mailbox: me@gmail.com (3 min left) | 'me@gmail.com'=N",
        ),
        ({"left": 100, "life": 600}, 1, "WARNING - 1 of 1 mailbox: me@gmail.com (100 s left) | "),
        (
            {"left": -9},
            2,
            "CRITICAL - 1 of 1 mailbox: me@gmail.com (expired) | 'me@gmail.com'=0s;300:",
        ),
        (
            {"left": -9, "refresh": ""},
            2,
            "CRITICAL - 1 of 1 mailbox: me@gmail.com (sign-in required)",
        ),
        (
            {"issued_at": None, "expires_at": None},
            3,
            "UNKNOWN - 1 of 1 mailbox: me@gmail.com (age unknown)",
        ),
        ({"left": 365 * DAY}, 3, "UNKNOWN - 1 of 1 mailbox: me@gmail.com (age unknown)\n"),
    ],
)
def test_check(
    program: Program, write: Write, fields: dict[str, Any], code: int, line: str
) -> None:
    """It prints one line, the status first and the perfdata last. The exit code is the status."""
    write(ME, **fields)
    done = program.run_here("status", "--check")
    assert (code, "") == (done.code, done.err)
    assert 1 == done.out.count("\n")
    found = re.sub(r"=[1-9]\d*s", "=N", done.out) if "N" in line else done.out
    found = re.sub(r"\b(9[89]|100) s left", "100 s left", found)
    assert found.startswith(f"OAUTH2_IMAP {line}"), done.out


def test_the_worst_counts(program: Program, write: Write) -> None:
    """Only the worst mailboxes are named, but the perfdata has all of them."""
    write("a@gmail.com")
    write("b@gmail.com", left=100)
    write("c@gmail.com", left=-100)
    done = program.run_here("status", "--check")
    assert 2 == done.code
    words, _, figures = done.out.partition(" | ")
    assert "OAUTH2_IMAP CRITICAL - 1 of 3 mailboxes: c@gmail.com (expired)" == words
    assert 3 == figures.count("=")


def test_hostile_names(program: Program, write: Write) -> None:
    """The account in a malicious file neither breaks the line nor forges perfdata."""
    write(ME, account="x'y=z|w=1")
    done = program.run_here("status", "--check")
    assert 1 == done.out.count("|")
    assert done.out.rstrip().endswith("'x''y_z/w_1'=" + done.out.rsplit("=", 1)[1].rstrip())


def test_check_needs_its_command(program: Program) -> None:
    """--check without status is refused; otherwise it would refresh the address."""
    done = program.run_here("--check", ME)
    assert (2, "") == (done.code, done.out)
    assert "--check works only with the command status" in done.err
