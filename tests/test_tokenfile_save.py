"""Saving a token file: nothing is lost, whatever fails and whenever."""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from errno import EIO, ENOSPC
from pathlib import Path

import pytest

from core.errors import AppError, Cancelled
from core.paths import HOME_VARIABLE
from core.tokenfile.format import LARGEST, TokenFile, parse_token_file, serialize
from core.tokenfile.hazards import hazards
from core.tokenfile.read import target_of
from core.tokenfile.save import adopt, foreign_path, new_path, prepare, second_path, waiting_path
from privileges import NOBODY, ROOT, mounted_file, need_root, run_as_nobody, small_disk
from waiting_file import closed

POSIX = pytest.mark.only_on("posix", reason="Windows has neither modes nor kill -9")
CLAIMS = base64.urlsafe_b64encode(json.dumps({"iat": 1, "exp": 2}).encode()).decode().rstrip("=")
OLD = serialize(TokenFile("old-access", "old-refresh", account="foo@example.com"), now=0)
NEW = serialize(
    TokenFile("new-access", "new-refresh", account="foo@example.com", expires_at=1_800_000_000.0),
    now=0,
)
# As nobody: the old file is there, and a replacement is tried; what it says is printed.
TRY = """
path = Path(sys.argv[1])
try:
    with save.prepare(path) as replacement:
        print("prepared")
        replacement.commit(b"new-access\\nnew-refresh\\n")
except AppError as exc:
    print(exc.verdict.id)
    print(exc.detail)
print(path.read_bytes().split(b"\\n")[0].decode())
print(sorted(other.name for other in path.parent.iterdir()))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A token file that is there already."""
    path = tmp_path / "tokens.txt"
    path.write_bytes(OLD)
    return path


def save(path: Path, content: bytes = NEW) -> None:
    """Prepare and commit."""
    with prepare(path) as replacement:
        replacement.commit(content)


AFTER_OLD = closed(NEW, follows=OLD)


def names(path: Path) -> list[str]:
    """What lies in the file's folder."""
    return sorted(other.name for other in path.parent.iterdir())


def test_replaces_the_file(path: Path) -> None:
    """The new content is there, with what it follows in its last line, and nothing beside it."""
    save(path)

    assert AFTER_OLD == path.read_bytes()
    assert ["tokens.txt"] == names(path)


def test_makes_the_first_file(tmp_path: Path) -> None:
    """There need not be an old one."""
    path = tmp_path / "tokens.txt"
    save(path)

    assert closed(NEW, follows=b"") == path.read_bytes()


def test_room_is_taken_before_it_is_asked_for(path: Path) -> None:
    """The place beside the file is larger than any pair of tokens, and not made of zeros."""
    with prepare(path) as replacement:
        place = replacement.path.read_bytes()

        assert path.with_name("tokens.txt.new") == replacement.path
        assert path.read_bytes() == OLD
        assert len(place) >= LARGEST
        assert len(set(place)) == 256


def test_no_room_is_taken_for_what_can_be_had_again(path: Path) -> None:
    """The file is there, so a folder that can't be written is noticed, but nothing is in it."""
    with prepare(path, reserve=False) as replacement:
        assert b"" == replacement.path.read_bytes()
        replacement.commit(NEW)
    assert NEW in path.read_bytes()


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt(), ZeroDivisionError()])
def test_without_an_answer_nothing_has_changed(error: BaseException, path: Path) -> None:
    """The place is taken away again, the file is as it was."""
    with pytest.raises(type(error)), prepare(path):
        raise error

    assert path.read_bytes() == OLD
    assert ["tokens.txt"] == names(path)


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o600, 0o666, 0o640, 0o660, 0o4755])
@pytest.mark.parametrize("umask", [0o022, 0, 0o077])
def test_a_refresh_keeps_the_permissions(mode: int, umask: int, path: Path) -> None:
    """But others can't write any more, whatever a `.new` that lay there allowed."""
    path.chmod(mode)
    stale = new_path(path)
    stale.touch()
    stale.chmod(0o666)
    before = os.umask(umask)
    try:
        with prepare(path) as replacement:
            replacement.commit(NEW)
    finally:
        os.umask(before)

    assert mode & 0o775 | 0o600 == path.stat().st_mode & 0o7777


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o600, 0o666])
@pytest.mark.parametrize("umask", [0o022, 0, 0o077])
def test_a_new_sign_in_is_private(mode: int, umask: int, path: Path) -> None:
    """Also where the old file wasn't."""
    path.chmod(mode)
    before = os.umask(umask)
    try:
        with prepare(path, keep_access=False) as replacement:
            assert 0o600 == replacement.path.stat().st_mode & 0o777
            replacement.commit(NEW)
    finally:
        os.umask(before)

    assert 0o600 == path.stat().st_mode & 0o777


@POSIX
def test_a_planted_place_is_neither_written_nor_followed(path: Path, tmp_path: Path) -> None:
    """A hard or symbolic link called `.new` leads to nobody else's file."""
    for plant in (os.link, os.symlink):
        path.write_bytes(OLD)
        other = tmp_path / "precious"
        other.write_text("precious")
        new_path(path).unlink(missing_ok=True)
        plant(other, new_path(path))
        save(path)

        assert other.read_text() == "precious"
        assert AFTER_OLD == path.read_bytes()
        assert not path.is_symlink()


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege")
def test_a_link_within_the_folder_is_followed(path: Path) -> None:
    """The link stays and the file behind it is replaced."""
    link = path.with_name("link.txt")
    link.symlink_to("tokens.txt")
    save(link)

    assert link.is_symlink()
    assert AFTER_OLD == path.read_bytes()
    assert ["link.txt", "tokens.txt"] == names(path)


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege")
def test_a_link_to_another_folder_is_refused(path: Path, tmp_path: Path) -> None:
    """It might lead to anything; the person names the file itself."""
    (tmp_path / "below").mkdir()
    link = tmp_path / "below" / "link.txt"
    link.symlink_to(path)

    with pytest.raises(AppError) as preparing, prepare(link):
        pass
    with pytest.raises(AppError) as adopting:
        adopt(link)
    for raised in (preparing, adopting):
        assert "link_to_other_folder" == raised.value.verdict.id
        assert {"path": link} == raised.value.parameters
    assert path.read_bytes() == OLD


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege")
def test_a_folder_that_is_a_link_is_as_good(path: Path, tmp_path: Path) -> None:
    """Only the file's own link counts; a link that leads nowhere gets its file, a loop none."""
    (tmp_path / "folder").symlink_to(tmp_path)
    save(tmp_path / "folder" / "tokens.txt")
    (tmp_path / "dangling.txt").symlink_to("later.txt")
    save(tmp_path / "dangling.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")

    assert AFTER_OLD == path.read_bytes()
    assert closed(NEW, follows=b"") == (tmp_path / "later.txt").read_bytes()
    assert tmp_path / "loop.txt" == target_of(tmp_path / "loop.txt")


def leave(path: Path, content: bytes, *, seconds: float = 0) -> Path:
    """A `.new` of an earlier run, so much younger than the file."""
    left = new_path(path)
    left.write_bytes(content)
    if path.exists():
        moment = path.stat().st_mtime + seconds
        os.utime(left, (moment, moment))
    return left


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
@pytest.mark.parametrize(
    "file",
    [
        TokenFile("new-access", "new-refresh"),
        TokenFile("new-access", "", account="foo@example.com"),
        TokenFile(f"e30.{CLAIMS}.sig", "new-refresh", account="foo@example.com"),
        TokenFile(f"e30.{CLAIMS}.sig", "new-refresh", issued_at=1_700_000_000.0),
        TokenFile("new-access", "new-refresh", login_hint="jürgen@example.com"),
    ],
    ids=["tokens", "no-refresh", "jwt", "jwt-issued", "hint"],
)
def test_adopts_what_could_not_be_put_in_place(file: TokenFile, seconds: float, path: Path) -> None:
    """It is the only copy of a rotated refresh token; written long ago, whatever the clock says."""
    content = closed(serialize(file, now=1_750_000_000), follows=OLD)
    leave(path, content, seconds=seconds)

    assert adopt(path)
    assert path.read_bytes() == content
    assert ["tokens.txt"] == names(path)
    assert not adopt(path)


def test_adopts_without_an_old_file(tmp_path: Path) -> None:
    """The first sign-in may be the one that could not be put in place."""
    path = tmp_path / "tokens.txt"
    leave(path, closed(NEW, follows=b""))

    assert adopt(path)
    assert closed(NEW, follows=b"") == path.read_bytes()


@pytest.mark.parametrize(
    "torn",
    [
        b"",
        NEW[:30],
        NEW[: NEW.index(b"# Account")],
        NEW,
        AFTER_OLD[:-1],
        AFTER_OLD[:-5],
        AFTER_OLD[:3] + b"X" + AFTER_OLD[4:],
        closed(NEW, follows=b""),
        NEW[:40] + b"\0" * (len(NEW) - 40),
        b"\0" * len(NEW),
        NEW + os.urandom(LARGEST - len(NEW)),
        AFTER_OLD[:-9] + os.urandom(LARGEST - len(AFTER_OLD) + 9),
        NEW[:15] + os.urandom(LARGEST - 15),
        os.urandom(LARGEST),
        b"{}",
        b"new-access\nnew-refresh\n",
    ],
)
def test_discards_what_is_torn(torn: bytes, path: Path) -> None:
    """Anything but a whole file is a place that was made ready and never filled."""
    leave(path, torn)

    assert not adopt(path)
    assert path.read_bytes() == OLD
    assert ["tokens.txt"] == names(path)


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
def test_discards_what_follows_another_content(seconds: float, path: Path) -> None:
    """Another program has written the file since, whatever the clock says."""
    theirs = serialize(TokenFile("their-access", "their-refresh"), now=0)
    path.write_bytes(theirs)
    leave(path, AFTER_OLD, seconds=seconds)

    assert not adopt(path)
    assert theirs == path.read_bytes()
    assert ["tokens.txt"] == names(path)


def test_a_file_that_was_taken_away_is_not_brought_back(path: Path) -> None:
    """Whoever deletes a token file wants a new sign-in."""
    path.unlink()
    leave(path, AFTER_OLD)

    assert not adopt(path)
    assert [] == names(path)


def test_the_last_line_does_not_pile_up(path: Path) -> None:
    """A content that was saved, read and saved again says it once."""
    save(path)
    file = parse_token_file(path.read_bytes())
    assert file is not None
    before = path.read_bytes()
    content = serialize(file, now=0)
    save(path, content)

    assert closed(content, follows=before) == path.read_bytes()


@POSIX
@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "plant",
    [
        lambda left: left.symlink_to("tokens.txt"),
        lambda left: left.mkdir(),
        lambda left: os.mkfifo(left),
        lambda left: left.symlink_to("missing"),
    ],
    ids=["link", "folder", "pipe", "dangling"],
)
def test_adopts_no_strange_thing(plant: Callable[[Path], None], path: Path) -> None:
    """Only a regular file is a file of ours; nothing hangs, it is said, and the old file stays."""
    plant(new_path(path))

    with pytest.raises(AppError) as raised:
        adopt(path)
    assert "new_file_unusable" == raised.value.verdict.id
    assert {"new_file": new_path(path)} == raised.value.parameters
    assert OLD == path.read_bytes()


def test_a_folder_in_the_files_place_is_said(path: Path) -> None:
    """What was left can't be compared with it, so it stays."""
    path.unlink()
    path.mkdir()
    left = leave(path, AFTER_OLD)

    with pytest.raises(AppError) as raised:
        adopt(path)
    assert "new_file_unusable" == raised.value.verdict.id
    assert AFTER_OLD == left.read_bytes()


def test_what_may_not_be_read_is_no_torn_file() -> None:
    """Newer tokens may wait in it: it is said, and neither taken nor thrown away."""
    adopting = """
path = Path(sys.argv[1])
try:
    save.adopt(path)
except AppError as exc:
    print(exc.verdict.id)
    print(exc.detail)
print(save.new_path(path).exists())
"""
    with small_disk("1m") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        os.chown(path, NOBODY, NOBODY)
        leave(path, AFTER_OLD).chmod(0o600)
        printed = run_as_nobody(adopting, path).splitlines()

    assert ["new_file_unusable", "Permission denied", "True"] == printed


def test_readers_never_see_less_than_a_token(path: Path) -> None:
    """imapsync may read at any moment: the first line is always whole, and one of the two."""
    lines: set[bytes] = set()
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            # Windows lets nobody open a file in the instant of its replacement.
            with contextlib.suppress(PermissionError), path.open("rb") as file:
                lines.add(file.readline())
            ended.wait(0.001)  # nor replaces a file that somebody always has open

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(40):
            save(path)
            save(path, OLD)
    finally:
        ended.set()
        for reader in readers:
            reader.join()

    assert {b"old-access\n", b"new-access\n"} == lines


KILLED = """
import os, signal, sys
from pathlib import Path
from core.tokenfile.save import prepare
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def write_half(descriptor, content, write=os.write):
    write(descriptor, content[:len(content) // 2])
    die()
with prepare(Path(sys.argv[1])) as replacement:
    moment = sys.argv[2]
    if moment == "asking":
        die()
    setattr(os, moment, write_half if moment == "write" else die)
    replacement.commit(sys.stdin.buffer.read())
"""


@POSIX
@pytest.mark.parametrize("moment", ["asking", "write", "ftruncate", "fsync", "replace"])
def test_killed_on_the_way(moment: str, path: Path) -> None:
    """The old file is whole; the next run takes what was written whole, and cleans up."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), moment],
        cwd=ROOT,
        input=NEW,
        check=False,
        timeout=60,
    )
    is_written = moment not in ("asking", "write")

    assert -signal.SIGKILL == done.returncode
    assert path.read_bytes() == OLD
    assert ["tokens.txt", "tokens.txt.new"] == names(path)
    assert is_written == bool(adopt(path))
    assert (AFTER_OLD if is_written else OLD) == path.read_bytes()
    assert ["tokens.txt"] == names(path)


class FailingDisk:
    """Lets one of the system's calls fail for the files of a folder."""

    def __init__(self, call: str, folder: Path, times: int, code: int) -> None:
        """Fail `times` times with this error of the system."""
        self._real, self._folder, self._code = getattr(os, call), folder, code
        self.left = times

    def __call__(self, descriptor: int, *arguments: object) -> object:
        """Do what the call does, or fail."""
        file = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if self.left and file.parent == self._folder:
            self.left -= 1
            raise OSError(self._code, os.strerror(self._code))
        return self._real(descriptor, *arguments)


LINUX = pytest.mark.only_on("linux", reason="a descriptor's file is in /proc")
FAULTS = [(call, code) for call in ("write", "ftruncate", "fsync") for code in (EIO, ENOSPC)]


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


@LINUX
@pytest.mark.parametrize(("call", "code"), FAULTS)
def test_a_disk_that_fails_once(
    call: str, code: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing is tried once more, in a new file."""
    with prepare(path) as replacement:
        disk = FailingDisk(call, path.parent, 1, code)
        monkeypatch.setattr(os, call, disk)
        replacement.commit(NEW)
    monkeypatch.undo()
    assert 0 == disk.left
    assert AFTER_OLD == path.read_bytes()
    assert ["tokens.txt"] == names(path)


@LINUX
@pytest.mark.parametrize(("call", "code"), FAULTS)
def test_a_disk_that_fails_for_good(
    call: str, code: int, path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the tokens are in a private file in the user's data folder; the next run gets them."""
    with prepare(path) as replacement, monkeypatch.context() as patched:
        patched.setattr(os, call, FailingDisk(call, path.parent, 100, code))
        with pytest.raises(AppError) as raised:
            replacement.commit(NEW)
    second = second_path(path)
    assert data_folder == second.parent.parent
    assert ("tokens_written_elsewhere", {"path": path, "new_file": second}) == (
        raised.value.verdict.id,
        raised.value.parameters,
    )
    assert os.strerror(code) == raised.value.detail
    assert (0o600, 0o700) == (second.stat().st_mode & 0o777, second.parent.stat().st_mode & 0o777)
    assert (OLD, ["tokens.txt"]) == (path.read_bytes(), [n for n in names(path) if n != "data"])
    assert second == waiting_path(path) == adopt(path)
    assert AFTER_OLD == path.read_bytes()
    assert (None, None) == (waiting_path(path), adopt(path))


@LINUX
def test_a_second_place_that_fails_too_stays(
    path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the disk fails, the tokens stay in the second place, run after run."""
    with prepare(path) as replacement, monkeypatch.context() as patched:
        patched.setattr(os, "fsync", FailingDisk("fsync", path.parent, 100, EIO))
        with pytest.raises(AppError):
            replacement.commit(NEW)
        for _ in range(2):
            with pytest.raises(AppError) as raised:
                adopt(path)
            assert "no_room_for_token" == raised.value.verdict.id
    assert second_path(path) == adopt(path)
    assert AFTER_OLD == path.read_bytes()


@LINUX
def test_no_place_at_all_is_said(
    path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If nothing can be written anywhere, the error doesn't claim that something was saved."""
    data_folder.touch()  # a file in the folder's place
    with prepare(path) as replacement, monkeypatch.context() as patched:
        patched.setattr(os, "fsync", FailingDisk("fsync", path.parent, 100, EIO))
        with pytest.raises(AppError) as raised:
            replacement.commit(NEW)
    assert "tokens_not_written" == raised.value.verdict.id
    assert path.read_bytes() == OLD


@LINUX
def test_what_waits_in_the_second_place_is_not_newer_than_the_file(
    path: Path, data_folder: Path
) -> None:
    """Another program has written the token file since: its tokens stay."""
    second = second_path(path)
    second.parent.mkdir(parents=True)
    second.write_bytes(closed(NEW, follows=b"something else"))
    assert adopt(path) is None
    assert (OLD, False) == (path.read_bytes(), second.exists())


@POSIX
def test_what_another_user_has_placed_is_never_adopted() -> None:
    """Neither by root nor by a user: it may hold somebody else's tokens."""
    with small_disk("1m") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        new_path(path).write_bytes(AFTER_OLD)
        os.chown(new_path(path), NOBODY, NOBODY)
        assert (None, new_path(path)) == (waiting_path(path), foreign_path(path))
        assert [f"{new_path(path)} belongs to another user"] == [
            sentence.partition(",")[0] for sentence in hazards(path)
        ]
        assert adopt(path) is None
        assert (OLD, False) == (path.read_bytes(), new_path(path).exists())
        new_path(path).write_bytes(AFTER_OLD)
        os.chown(path, NOBODY, NOBODY)
        printed = run_as_nobody("print(save.adopt(Path(sys.argv[1])))", path)
        assert ("None\n", OLD) == (printed, path.read_bytes())


@POSIX
@pytest.mark.parametrize(
    ("owner", "group", "mode", "verdict"),
    [
        (0, NOBODY, 0o640, "readers_would_lose_access"),
        (NOBODY, 0, 0o640, "readers_would_lose_access"),
        (NOBODY, 0, 0o600, ""),
        (NOBODY, NOBODY, 0o640, ""),
    ],
)
def test_nobody_loses_access_by_a_refresh(owner: int, group: int, mode: int, verdict: str) -> None:
    """Where owner or group can't be kept and they could read the file, nothing is replaced."""
    with small_disk("1m") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        os.chown(path, owner, group)
        path.chmod(mode)
        lines = run_as_nobody(TRY, path).splitlines()
        assert (verdict or "prepared") == lines[0]
        status = path.stat()
    if verdict:
        assert (owner, group, mode) == (status.st_uid, status.st_gid, status.st_mode & 0o777)


@POSIX
@pytest.mark.parametrize(
    ("folder_owner", "folder_mode", "is_safe"),
    [
        (NOBODY, 0o755, True),
        (0, 0o755, True),
        (NOBODY, 0o775, False),
        (0, 0o777, False),
        (1234, 0o755, False),
    ],
)
def test_root_refreshes_a_users_file_in_a_safe_folder_only(
    folder_owner: int, folder_mode: int, is_safe: bool, tmp_path: Path
) -> None:
    """Elsewhere somebody could exchange the file while root writes it."""
    need_root()
    folder = tmp_path / "shared"
    folder.mkdir()
    path = folder / "tokens.txt"
    path.write_bytes(OLD)
    os.chown(path, NOBODY, NOBODY)
    os.chown(folder, folder_owner, folder_owner)
    folder.chmod(folder_mode)
    if is_safe:
        save(path)
    else:
        with pytest.raises(AppError) as raised:
            save(path)
        assert "folder_open_to_others" == raised.value.verdict.id
    assert (AFTER_OLD if is_safe else OLD) == path.read_bytes()
    with prepare(path, keep_access=False) as replacement:  # a sign-in belongs to root
        replacement.commit(NEW)
    assert 0 == path.stat().st_uid


def test_what_can_not_be_put_in_place_waits_beside_it(path: Path) -> None:
    """Then the next run takes it from there: here a folder has come into the file's place."""
    with prepare(path) as replacement:
        path.unlink()
        path.mkdir()
        (path / "full").touch()
        with pytest.raises(AppError) as raised:
            replacement.commit(NEW)

    assert "token_file_not_replaced" == raised.value.verdict.id
    assert {"path": path, "new_file": new_path(path)} == raised.value.parameters
    assert AFTER_OLD == new_path(path).read_bytes()
    (path / "full").unlink()
    path.rmdir()
    path.write_bytes(OLD)
    assert adopt(path)
    assert AFTER_OLD == path.read_bytes()


@POSIX
@pytest.mark.parametrize(
    "vanish",
    [
        lambda folder: shutil.rmtree(folder),
        lambda folder: folder.rename(folder.with_name("elsewhere")),
        lambda folder: new_path(folder / "tokens.txt").unlink(),
    ],
    ids=["folder removed", "folder renamed", "place removed"],
)
def test_what_vanishes_meanwhile_is_made_again(
    vanish: Callable[[Path], object], tmp_path: Path
) -> None:
    """The answer exists nowhere else, so it gets a new folder and a new place."""
    path = tmp_path / "folder" / "tokens.txt"
    path.parent.mkdir()
    path.write_bytes(OLD)
    path.chmod(0o600)
    with prepare(path) as replacement:
        vanish(path.parent)
        replacement.commit(NEW)

    assert AFTER_OLD == path.read_bytes()
    assert ["tokens.txt"] == names(path)
    assert 0o600 == path.stat().st_mode & 0o777


def test_a_full_disk_is_known_beforehand() -> None:
    """Exit 1 before anything is asked for; no rest of the try takes the last bytes."""
    with small_disk("64k") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        os.chown(path, NOBODY, NOBODY)
        printed = run_as_nobody(TRY, path).splitlines()

    verdict, *rest = printed
    assert "no_room_for_token" == verdict
    assert ["No space left on device", "old-access", "['tokens.txt']"] == rest


def test_a_disk_that_fills_up_meanwhile_costs_nothing() -> None:
    """The room for the answer was taken before; so it is there when all other room is gone."""
    fill = """
path = Path(sys.argv[1])
with save.prepare(path) as replacement:
    with path.with_name("filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError as exc:
            print(exc.strerror)
    replacement.commit(b"new-access\\n" + b"r" * 30000 + b"\\n")
print(len(path.read_bytes()))
"""
    with small_disk("256k") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        os.chown(path, NOBODY, NOBODY)
        printed = run_as_nobody(fill, path)

    assert [
        "No space left on device",
        str(30012 + len(closed(b"", follows=OLD))),
    ] == printed.splitlines()


def test_a_read_only_folder_is_known_beforehand() -> None:
    """The same where the folder may not be written, though the file may."""
    with small_disk("1m") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        path.chmod(0o666)
        disk.chmod(0o555)
        printed = run_as_nobody(TRY, path).splitlines()

    verdict, *rest = printed
    assert "no_room_for_token" == verdict
    assert ["Permission denied", "old-access", "['tokens.txt']"] == rest


@pytest.mark.parametrize("name", ["tokens.txt", "with space.txt", "back\\slash\ttab.txt"])
def test_a_single_mounted_file_is_known_beforehand(name: str, tmp_path: Path) -> None:
    """Docker's bind mount of one file can't be replaced: mount the folder, and nothing is asked."""
    source, path = tmp_path / "source.txt", tmp_path / name
    source.write_bytes(OLD)
    with (
        mounted_file(source, path),
        pytest.raises(AppError) as raised,
        prepare(path),
    ):
        pass

    assert ("token_file_is_mounted", {"path": path}) == (
        raised.value.verdict.id,
        raised.value.parameters,
    )
    assert source.read_bytes() == OLD
    assert not new_path(path).exists()


def test_root_leaves_the_file_to_its_owner() -> None:
    """A user whose token root's cron refreshed still owns it, and can read it."""
    with small_disk("1m") as disk:
        path = disk / "tokens.txt"
        path.write_bytes(OLD)
        os.chown(path, NOBODY, NOBODY)
        path.chmod(0o600)
        save(path)
        status = path.stat()
        printed = run_as_nobody("print(Path(sys.argv[1]).read_text().split()[0])", path)

    assert (NOBODY, NOBODY, 0o600) == (status.st_uid, status.st_gid, status.st_mode & 0o777)
    assert "new-access\n" == printed
