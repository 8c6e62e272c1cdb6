"""Tests of the file of a mailbox's history: it is small and private, and it never disturbs."""

import contextlib
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AppError
from core.files import make_private_folder
from core.history import journal
from core.history.entry import Entry, Happened, entries_of, line_of
from core.mailbox.forget import forget
from core.mailbox.get_token import check_login, get_token, refresh_mailbox
from core.mailbox.remove import remove_mailbox
from core.paths import HOME_VARIABLE
from core.verdicts.verdict import Kind
from privileges import read_only, small_disk
from servers import ADDRESS, Stage

NOON = 1_772_445_600.0
FEW, MANY = 80, 2_000  # entries; two times FEW fit into a file
HOUR, DAY = 3600.0, 86400.0
ROOT = Path(__file__).resolve().parent.parent
REFRESHED = Entry(NOON, Happened.REFRESHED, NOON + HOUR)
FAILED = Entry(NOON + 1, Happened.REFRESH_FAILED, verdict="NETWORK_UNREACHABLE", kind=Kind.PASSING)
_APPENDING = """
import sys
from pathlib import Path
from core.history import journal
from core.history.entry import Entry, Happened

for number in range(1, int(sys.argv[3]) + 1):
    journal.append(Path(sys.argv[1]), Entry(float(sys.argv[2]) + number, Happened.REFRESHED))
print("done", flush=True)
sys.stdin.read()
"""


def appending(token_file: Path, start: float, count: int = FEW) -> subprocess.Popen[str]:
    """A process that adds so many entries, a second apart from `start` on."""
    return subprocess.Popen(
        [sys.executable, "-c", _APPENDING, str(token_file), str(start), str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def fill(path: Path) -> None:
    """Write into a file until its disk is full."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def happened(token_file: Path) -> list[Happened]:
    """What the history of a token file tells, in its order."""
    return [entry.what for entry in journal.read(token_file)]


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """The path of a token file; the history needs no more of it."""
    return tmp_path / "tokens.txt"


def test_what_is_written_is_read(token_file: Path) -> None:
    """By time, whatever the order; another token file has another history."""
    journal.append(token_file, FAILED)
    journal.append(token_file, REFRESHED)
    assert [REFRESHED, FAILED] == journal.read(token_file)
    assert [] == journal.read(token_file.with_name("other.txt"))


def test_a_path_has_one_history(token_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is written in another way."""
    monkeypatch.chdir(token_file.parent)
    assert journal.file_of(token_file) == journal.file_of(Path(token_file.name))
    assert journal.file_of(token_file) == journal.file_of(Path("x", "..", token_file.name))


@pytest.mark.only_on("posix", reason="Windows has no modes")
def test_it_is_private(token_file: Path) -> None:
    """Only the user can read the file and enter the folder."""
    before = os.umask(0)
    try:
        journal.append(token_file, REFRESHED)
    finally:
        os.umask(before)
    path = journal.file_of(token_file)
    assert (0o600, 0o700) == (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777)


def test_both_procedures_write_it(stage: Stage) -> None:
    """A sign-in with its login, a refresh, a test of the login; a fresh token is no news."""
    stage.sign_in()
    stage.age()
    refresh_mailbox(stage.job())
    refresh_mailbox(stage.job())
    check_login(stage.job())
    expected = ["signed in", "login worked", "refreshed", "login worked"]
    assert expected == happened(stage.path)
    refreshed = journal.read(stage.path)[2]
    assert int(stage.file().expires_at or 0) == refreshed.until


def test_failures_have_their_verdict(stage: Stage) -> None:
    """Of a refresh, and of a login; a sign-in that nobody finished is none."""
    stage.sign_in()
    stage.server.revoke_grants()
    stage.age()
    with pytest.raises(AppError) as refresh:
        refresh_mailbox(stage.job())
    with pytest.raises(AppError):
        get_token(stage.job(), None)
    with pytest.raises(AppError) as login:
        check_login(stage.job())
    failures = [entry for entry in journal.read(stage.path) if entry.failed]
    assert [
        (Happened.REFRESH_FAILED, refresh.value.verdict.id, Kind.DEAD_GRANT),
        (Happened.REFRESH_FAILED, refresh.value.verdict.id, Kind.DEAD_GRANT),
        (Happened.LOGIN_FAILED, login.value.verdict.id, login.value.kind),
    ] == [(entry.what, entry.verdict, entry.kind) for entry in failures]


def test_it_holds_nothing_of_others(stage: Stage) -> None:
    """No token, no address, no words of a server: times, and the program's own names."""
    stage.sign_in()
    file = stage.file()
    stage.server.revoke_grants()
    stage.age()
    with pytest.raises(AppError) as refresh:
        refresh_mailbox(stage.job())
    path = journal.file_of(stage.path)
    content = f"{path.name}\n{path.read_text('ascii')}"
    words = (file.access, file.refresh, ADDRESS, "demo", refresh.value.detail)
    assert all(words)
    assert [] == [word for word in words if word in content]


def test_it_ends_with_the_mailbox(stage: Stage, token_file: Path) -> None:
    """Whether the mailbox is forgotten or only its file removed."""
    stage.sign_in()
    forget(stage.job())
    assert [] == happened(stage.path)
    journal.append(token_file, REFRESHED)
    token_file.touch()
    remove_mailbox(token_file)
    assert [] == happened(token_file)


@pytest.mark.only_on("linux", reason="mounts a small disk")
@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_disk_that_takes_nothing_disturbs_no_refresh(
    fault: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history is lost, the refresh is not; afterwards the history goes on."""
    stage.sign_in()
    stage.age()
    with small_disk("64k") as disk:
        monkeypatch.setenv(HOME_VARIABLE, str(disk))
        make_private_folder(disk / journal.FOLDER)
        if fault == "read-only":
            with read_only(disk):
                outcome = refresh_mailbox(stage.job())
        else:
            rest = disk / "rest"
            fill(rest)
            outcome = refresh_mailbox(stage.job())
            rest.unlink()
        assert (True, []) == (outcome.renewed, happened(stage.path))
        stage.age()
        refresh_mailbox(stage.job())
        assert ["refreshed"] == happened(stage.path)


@pytest.mark.parametrize("is_folder", [True, False])
def test_something_else_in_its_place_disturbs_no_refresh(is_folder: bool, stage: Stage) -> None:
    """A folder where the file should be, or a file where the folder should be."""
    stage.sign_in(check=False)
    path = journal.file_of(stage.path)
    journal.delete(stage.path)
    if is_folder:
        path.mkdir()
    else:
        path.parent.rmdir()
        path.parent.touch()
    stage.age()
    assert refresh_mailbox(stage.job()).renewed
    assert [] == happened(stage.path)


@pytest.mark.only_on("posix", reason="Windows has no pipes in folders")
@pytest.mark.parametrize("plant", ["pipe", "link"])
def test_a_planted_file_is_no_history(plant: str, token_file: Path, tmp_path: Path) -> None:
    """Nothing hangs at a pipe, and nothing is written where a link leads."""
    path, other = journal.file_of(token_file), tmp_path / "other"
    make_private_folder(path.parent)
    other.write_bytes(line_of(REFRESHED))
    if plant == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(other)
    journal.append(token_file, FAILED)
    assert [] == journal.read(token_file)
    assert line_of(REFRESHED) == other.read_bytes()


BROKEN = [
    b"{",
    b"[]",
    b"7",
    b"\xff\x00",
    b"[" * 100_000,
    b'{"at":1772445600}',
    b'{"at":true,"what":"refreshed"}',
    b'{"at":1e999,"what":"refreshed"}',
    b'{"at":NaN,"what":"refreshed"}',
    b'{"at":-5,"what":"refreshed"}',
    b'{"at":1e12,"what":"refreshed"}',
    b'{"at":"1772445600","what":"refreshed"}',
    b'{"at":1772445600,"what":"exploded"}',
    b'{"at":1772445600,"what":["refreshed"]}',
    b'{"at":1772445600,"what":"refreshed","until":5}',
    b'{"at":1772445600,"what":"refreshed","until":null}',
    b'{"at":1772445600,"what":"refreshed","kind":"passing"}',
    b'{"at":1772445600,"what":"refresh failed"}',
    b'{"at":1772445600,"what":"refresh failed","kind":"unheard of"}',
    b'{"at":1772445600,"what":"refresh failed","kind":"passing","verdict":7}',
    b'{"at":1772445600,"what":"refresh failed","kind":"passing","verdict":"' + b"x" * 65 + b'"}',
    b'{"at":1772445600,"what":"refresh failed","kind":"passing","verdict":"\\u202e"}',
]


@pytest.mark.parametrize("line", BROKEN, ids=lambda line: line[:60].decode("ascii", "replace"))
def test_a_broken_line_is_skipped(line: bytes) -> None:
    """The lines before and after it are read."""
    content = line_of(REFRESHED) + line + line_of(FAILED)
    assert [REFRESHED, FAILED] == entries_of(content)


@given(st.binary(max_size=400))
def test_no_content_raises_an_error(content: bytes) -> None:
    """Whatever stands there, the entry after it is read."""
    assert REFRESHED in entries_of(content + line_of(REFRESHED))


@pytest.mark.parametrize("cut", range(1, len(line_of(FAILED)) - 1))
def test_a_line_that_was_cut_off_is_skipped(cut: int) -> None:
    """A full disk or a crash ends it anywhere; the next process goes on behind it."""
    read = entries_of(line_of(FAILED)[:cut] + line_of(REFRESHED))
    assert [REFRESHED] == read


@pytest.mark.only_on("posix", reason="Windows finds the end of a file before it writes there")
def test_two_processes_write_at_once(token_file: Path) -> None:
    """No entry is lost, and none is mixed with another."""
    writers = [appending(token_file, start) for start in (NOON, NOON + DAY)]
    for writer in writers:
        writer.communicate(timeout=60)
    entries = journal.read(token_file)
    expected = [start + n for start in (NOON, NOON + DAY) for n in range(1, FEW + 1)]
    assert expected == [entry.at for entry in entries]


@pytest.mark.only_on("posix", reason="Windows lets nobody replace a file that is open")
def test_two_processes_shorten_at_once(token_file: Path) -> None:
    """The file stays whole and small, and the next entry is added."""
    writers = [appending(token_file, start, MANY) for start in (NOON, NOON + DAY)]
    assert [0, 0] == [writer.wait(60) for writer in writers if writer.communicate("")]
    journal.append(token_file, Entry(NOON + 2 * DAY, Happened.LOGGED_IN))
    assert Happened.LOGGED_IN is journal.read(token_file)[-1].what
    assert len(journal.read(token_file)) > FEW // 2
    assert journal.file_of(token_file).stat().st_size <= journal.FULL + len(line_of(FAILED))


def test_a_killed_process_leaves_a_history(token_file: Path) -> None:
    """Only what it hadn't written is missing."""
    journal.append(token_file, REFRESHED)
    with appending(token_file, NOON + DAY) as writer:
        path = journal.file_of(token_file)
        before = path.stat().st_size
        while path.stat().st_size == before:
            time.sleep(0.001)
        writer.kill()
    entries = journal.read(token_file)
    assert REFRESHED == entries[0]
    assert [NOON + DAY + n for n in range(1, len(entries))] == [e.at for e in entries[1:]]
    journal.append(token_file, FAILED)
    assert FAILED in journal.read(token_file)


def test_months_of_refreshes_stay_small(token_file: Path) -> None:
    """Without a gap they become one entry; what happened seldom is still there."""
    journal.append(token_file, Entry(NOON, Happened.SIGNED_IN, NOON + HOUR))
    end = NOON
    while end < NOON + 29 * DAY:
        end += HOUR / 2
        journal.append(token_file, Entry(end, Happened.REFRESHED, end + HOUR))
    entries = journal.read(token_file)
    assert journal.file_of(token_file).stat().st_size <= 2 * journal.FULL
    assert Happened.SIGNED_IN == entries[0].what
    assert NOON + HOUR / 2 == entries[1].at
    assert end == entries[-1].at
    assert all(later.at <= entry.end for entry, later in itertools.pairwise(entries[1:]))


def test_what_is_old_is_left_out() -> None:
    """A month after its end; a failure that is repeated for long counts to its end."""
    old = [Entry(NOON + n * HOUR, Happened.SIGNED_IN, NOON + n * HOUR + 60) for n in range(40)]
    now = NOON + journal.OLDEST + 20 * HOUR
    assert old[20:] == journal.shortened(old, now)


def test_an_outage_is_one_entry() -> None:
    """The same failure again and again; another one, or one after a pause, is another entry."""
    outage = [
        Entry(NOON + n * 60, Happened.REFRESH_FAILED, verdict="a", kind=Kind.PASSING)
        for n in range(50)
    ]
    later = Entry(NOON + DAY, Happened.REFRESH_FAILED, verdict="a", kind=Kind.PASSING)
    other = [
        Entry(NOON + DAY + n, Happened.REFRESH_FAILED, verdict="b", kind=Kind.PASSING)
        for n in range(1, 40)
    ]
    shortened = journal.shortened([*outage, later, *other], NOON + DAY)
    first = Entry(NOON, Happened.REFRESH_FAILED, NOON + 49 * 60, "a", Kind.PASSING)
    assert [first, later] == shortened[:2]


def test_a_long_file_is_not_ours(token_file: Path) -> None:
    """It isn't read to its end, and the next entry makes it short."""
    path = journal.file_of(token_file)
    make_private_folder(path.parent)
    with path.open("wb") as file:
        file.write(line_of(REFRESHED))
        file.truncate(1 << 30)
    journal.append(token_file, FAILED)
    assert [REFRESHED, FAILED] == journal.read(token_file)
    assert path.stat().st_size <= journal.FULL


def test_what_nobody_wrote_for_a_month_is_deleted(token_file: Path) -> None:
    """Its token file has gone or is somewhere else; the others stay."""
    other = token_file.with_name("other.txt")
    for path in (token_file, other):
        journal.append(path, REFRESHED)
    now = time.time()
    os.utime(journal.file_of(other), (now, now - journal.OLDEST - 1))
    os.utime(journal.file_of(token_file), (now, now - journal.OLDEST + 60))
    journal.tidy(now)
    assert ([REFRESHED], []) == (journal.read(token_file), journal.read(other))


def test_without_a_folder_there_is_nothing_to_delete() -> None:
    """It raises no error."""
    journal.tidy(time.time())


def test_a_history_that_cannot_be_shortened_grows_no_more(token_file: Path) -> None:
    """Something that is in the way of the new file can't be removed."""
    for number in range(400):
        journal.append(token_file, Entry(NOON + DAY * number / 100, Happened.LOGGED_IN))
        if number == 0:
            path = journal.file_of(token_file)
            path.with_name(path.name + ".new").mkdir()
    assert path.stat().st_size <= journal.FULL + len(line_of(FAILED))
