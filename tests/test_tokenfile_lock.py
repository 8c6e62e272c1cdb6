"""The lock of a token file: one holder, whoever it is, and no longer than it lives."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.cancel import Cancellation
from core.doctor.diagnosis import examine
from core.errors import AppError, Cancelled, TryAgain
from core.providers.catalog import load_catalog
from core.tokenfile.lock import lock_path, locked, refuses_locks
from privileges import NOBODY, ROOT, run_as_nobody, small_disk
from servers import AT_ONCE

HOLD = """
import sys, time
from pathlib import Path
from core.cancel import Cancellation
from core.tokenfile.lock import locked
with locked(Path(sys.argv[1]), timeout=5, cancelled=Cancellation()):
    print("locked", flush=True)
    time.sleep(60)
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """Another program that holds the lock until it is killed."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert "locked\n" == holder.stdout.readline()
    return holder


def take(path: Path, timeout: float = 0) -> None:
    """Lock and let go."""
    with locked(path, timeout=timeout, cancelled=Cancellation()):
        pass


def test_another_program_is_waited_for_no_longer_than_asked(tmp_path: Path) -> None:
    """Then it is exit 4, and says which file; when the holder is killed the lock is free."""
    path = tmp_path / "tokens.txt"
    with hold(path) as holder:
        started = time.monotonic()
        with pytest.raises(TryAgain) as raised:
            take(path, timeout=0.3)
        waited = time.monotonic() - started
        holder.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        holder.wait()

    assert 0.3 <= waited < AT_ONCE
    assert ("token_file_in_use", {"path": path}) == (
        raised.value.verdict.id,
        raised.value.parameters,
    )
    take(path)


def test_threads_exclude_each_other(tmp_path: Path) -> None:
    """The window renews many mailboxes at once, in one process."""
    path = tmp_path / "tokens.txt"
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        with locked(path, timeout=20, cancelled=Cancellation()):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [1] * 8 == most


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    """Whatever happens inside."""
    path = tmp_path / "tokens.txt"
    with pytest.raises(ZeroDivisionError), locked(path, timeout=0, cancelled=Cancellation()):
        raise ZeroDivisionError

    take(path)


def test_files_have_locks_of_their_own(tmp_path: Path) -> None:
    """One mailbox never waits for another."""
    with locked(tmp_path / "one.txt", timeout=0, cancelled=Cancellation()):
        take(tmp_path / "two.txt")


@pytest.mark.not_under_wine(reason="Wine 8 says that it has made a link, and makes none")
def test_a_link_and_its_file_have_one_lock(tmp_path: Path) -> None:
    """Else two programs would spend one refresh token."""
    path, link = tmp_path / "tokens.txt", tmp_path / "link.txt"
    path.touch()
    _link(link, path)

    with locked(link, timeout=0, cancelled=Cancellation()), pytest.raises(TryAgain):
        take(path)
    assert not (tmp_path / "link.txt.lock").exists()


def test_cancel_ends_the_wait_at_once(tmp_path: Path) -> None:
    """Long before the time limit."""
    path = tmp_path / "tokens.txt"
    cancelled = Cancellation()
    with locked(path, timeout=0, cancelled=Cancellation()):
        threading.Timer(0.1, cancelled.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled), locked(path, timeout=30, cancelled=cancelled):
            pass
        assert time.monotonic() - started < AT_ONCE


def test_cancelled_before_it_is_not_locked(tmp_path: Path) -> None:
    """Who has been cancelled doesn't take the lock, free or not."""
    cancelled = Cancellation()
    cancelled.set()

    with (
        pytest.raises(Cancelled),
        locked(tmp_path / "tokens.txt", timeout=0, cancelled=cancelled),
    ):
        pass
    assert [] == list(tmp_path.iterdir())


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    """In a sentence, not with a traceback."""
    with pytest.raises(AppError) as raised:
        take(tmp_path / ("a" * 253))

    assert "token_file_not_locked" == raised.value.verdict.id


def test_the_lock_s_file_stays(tmp_path: Path) -> None:
    """A waiting program that had opened a deleted one would lock nothing."""
    path = tmp_path / "tokens.txt"
    take(path)

    assert lock_path(path).exists()


def test_the_lock_s_file_goes_with_the_token_file(tmp_path: Path) -> None:
    """If that is asked for, and if the removal didn't fail."""
    path = tmp_path / "tokens.txt"
    with (
        pytest.raises(ZeroDivisionError),
        locked(path, timeout=0, cancelled=Cancellation(), removes=True),
    ):
        raise ZeroDivisionError
    assert lock_path(path).exists()
    with locked(path, timeout=0, cancelled=Cancellation(), removes=True):
        assert lock_path(path).exists()
    assert not lock_path(path).exists()


def test_a_lock_that_is_removed_lets_nobody_in_twice(tmp_path: Path) -> None:
    """Whoever waited for it does not hold the removed file beside the holder of a new one."""
    path = tmp_path / "tokens.txt"
    inside: list[int] = []
    together: list[int] = []

    def act(number: int) -> None:
        for turn in range(40):
            removes = (turn + number) % 2 == 0
            with locked(path, timeout=60, cancelled=Cancellation(), removes=removes):
                inside.append(number)
                together.append(len(inside))
                time.sleep(0.001)
                inside.remove(number)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [1] * 160 == together


@pytest.mark.only_on("posix", reason="Windows deletes no open file")
def test_a_lock_s_file_that_is_deleted_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last holder may delete it after it was opened here, and before it is locked."""
    import fcntl

    path = tmp_path / "tokens.txt"
    flock = fcntl.flock
    deleted: list[Path] = []

    def delete_first(descriptor: int, operation: int) -> None:
        if not deleted:
            deleted.append(lock_path(path))
            lock_path(path).unlink()
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", delete_first)
    with locked(path, timeout=5, cancelled=Cancellation()), pytest.raises(TryAgain):
        take(path)
    assert [lock_path(path)] == deleted


@pytest.mark.only_on("posix", reason="Windows has no modes")
@pytest.mark.parametrize(("mode", "expected"), [(0o660, 0o660), (0o640, 0o600), (0o666, 0o660)])
def test_who_can_replace_the_file_can_lock_it(tmp_path: Path, mode: int, expected: int) -> None:
    """Its group, if that can write; nobody else, who could keep it locked."""
    path = tmp_path / "tokens.txt"
    path.touch()
    path.chmod(mode)
    take(path)
    assert expected == lock_path(path).stat().st_mode & 0o777
    assert path.stat().st_gid == lock_path(path).stat().st_gid


@pytest.mark.only_on("posix", reason="Windows has no flock")
@pytest.mark.parametrize("name", ["ENOSYS", "ENOLCK", "EOPNOTSUPP", "EINVAL", "EBADF", "EIO"])
def test_a_file_system_without_locks_is_said(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once and without a warning; the folder's permissions are not to blame."""
    import fcntl

    number = getattr(errno, name)

    def refuse(_: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    started = time.monotonic()
    with pytest.raises(AppError) as raised:
        take(tmp_path / "tokens.txt", timeout=30)

    assert time.monotonic() - started < AT_ONCE
    assert "file_lock_refused" == raised.value.verdict.id
    assert os.strerror(number) == raised.value.detail
    path = tmp_path / "here.txt"
    path.write_bytes(b"an-access-token-of-you\n")
    findings = examine(str(path), catalog=load_catalog(), now=0.0).findings
    assert "no_locks" in [finding.name for finding in findings]


@pytest.mark.only_on("posix", reason="Windows has no flock")
def test_locks_that_work_are_no_finding(tmp_path: Path) -> None:
    """Also while another program holds one; nothing is written, and a missing file is no fault."""
    path = tmp_path / "tokens.txt"
    path.write_bytes(b"an-access-token-of-you\n")
    path.chmod(0o400)
    import fcntl

    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert not refuses_locks(path)
    assert not refuses_locks(path)
    assert not refuses_locks(tmp_path / "missing.txt")
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.only_on("posix", reason="Windows keeps access in ACLs, inherited here")
def test_the_lock_is_private(tmp_path: Path) -> None:
    """Whoever may open it could hold the program up."""
    path = tmp_path / "tokens.txt"
    take(path)

    assert 0o600 == (tmp_path / "tokens.txt.lock").stat().st_mode & 0o777


@pytest.mark.only_on("posix", reason="on Windows, links need a privilege")
def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    """In a folder that others write to it could lead anywhere."""
    (tmp_path / "tokens.txt.lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(AppError) as raised:
        take(tmp_path / "tokens.txt")
    assert "token_file_not_locked" == raised.value.verdict.id
    assert not (tmp_path / "elsewhere").exists()


def test_a_read_only_folder_is_said() -> None:
    """In a sentence, before anything is sent."""
    with small_disk("1m") as disk:
        disk.chmod(0o500)
        printed = run_as_nobody(
            """
try:
    with lock.locked(Path(sys.argv[1], "t.txt"), timeout=0, cancelled=Cancellation()):
        print("locked")
except AppError as exc:
    print(exc.verdict.id, exc.parameters["path"], exc.detail)
""",
            disk,
        )

    assert printed == f"token_file_not_locked {disk / 't.txt'} Permission denied\n"


def test_root_leaves_the_lock_to_the_file_owner() -> None:
    """A user whose token root's cron refreshed can go on refreshing it."""
    with small_disk("1m") as disk:
        path = disk / "tokens.txt"
        path.touch(0o600)
        os.chown(path, NOBODY, NOBODY)
        take(path)
        printed = run_as_nobody(
            """
with lock.locked(Path(sys.argv[1]), timeout=0, cancelled=Cancellation()):
    print("locked")
""",
            path,
        )

    assert "locked\n" == printed


def _link(link: Path, path: Path) -> None:
    try:
        link.symlink_to(path)
    except OSError as exc:
        pytest.skip(f"links need a privilege here: {exc}")
