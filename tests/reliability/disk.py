"""Disks and folders that fail, before the request and while saving: whole runs as nobody.

    python tests/reliability/disk.py [--short] [--seed N] [--count N]

Each case breaks one thing on its own small disk, runs the program as a user without privileges, and
repairs it. It shows that the error is one clear sentence without a traceback, that the provider
isn't asked if its response couldn't be saved, that the tokens stay usable, and that the next run
refreshes without a browser. The cases of `failing_disk.py` let single system calls fail. COUNT is
the number of series. Only root on Linux with a C compiler can run it; elsewhere it exits with 3.
"""

from __future__ import annotations

import errno
import fcntl
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import failing_calls
import failing_disk
import harness
import proving
from harness import Provider
from proving import Proof
from stage import Stage, fill, give_to_nobody

from bed.install import MissingPart
from privileges import AS_NOBODY, mounted_file, read_only, small_btrfs, small_disk

PAGES = "512k"
_FILLED = 4000  # milliseconds in which the btrfs is full


def full_before(stage: Stage) -> None:
    """The disk is full before the request."""
    before, filler = stage.path.read_bytes(), fill(stage.disk)
    with stage.nothing_asked():
        stage.expect(stage.run(), 1, "so no token was requested", "No space left")
    stage.expect_usable(before)
    filler.unlink()


def full_meanwhile(stage: Stage) -> None:
    """The disk gets full during the request; the space for the response was reserved."""
    stage.expect_refreshed(stage.run_late(lambda: fill(stage.disk)))
    (stage.disk / "filler").unlink()


def folder_not_writable(stage: Stage) -> None:
    """The folder isn't writable."""
    before = stage.path.read_bytes()
    stage.path.parent.chmod(0o555)
    with stage.nothing_asked():
        stage.expect(stage.run(), 1, "Permission denied", "Next step")
    stage.expect_usable(before)
    stage.path.parent.chmod(0o700)


def folder_not_writable_meanwhile(stage: Stage) -> None:
    """The folder becomes read-only during the request; the new tokens wait beside the file."""
    before = stage.path.read_bytes()
    done = stage.run_late(lambda: stage.path.parent.chmod(0o555))
    stage.expect(done, 1, "can't be replaced, so the new tokens are still in", "Permission denied")
    stage.expect_usable(before)
    stage.path.parent.chmod(0o700)


def disk_not_writable(stage: Stage) -> None:
    """The disk is mounted read-only, as systems do when it begins to fail."""
    before = stage.path.read_bytes()
    with stage.nothing_asked(), read_only(stage.disk):
        stage.expect(stage.run(), 1, "Read-only file system", "Next step")
    stage.expect_usable(before)


def folder_gone(stage: Stage) -> None:
    """The folder is missing, like a network drive; no browser opens either."""
    elsewhere = stage.path.parent.rename(stage.disk / "elsewhere")
    with stage.nothing_asked():
        stage.expect(stage.run(), 3, "must sign in")
    shutil.rmtree(stage.path.parent, ignore_errors=True)  # it made an empty one
    elsewhere.rename(stage.path.parent)


def folder_removed_meanwhile(stage: Stage) -> None:
    """The folder is deleted during the request."""
    stage.expect_refreshed(stage.run_late(lambda: shutil.rmtree(stage.path.parent)))


def folder_renamed_meanwhile(stage: Stage) -> None:
    """The folder is moved during the request."""
    elsewhere = stage.disk / "elsewhere"
    stage.expect_refreshed(stage.run_late(lambda: stage.path.parent.rename(elsewhere)))
    shutil.rmtree(elsewhere)


def file_removed_meanwhile(stage: Stage) -> None:
    """The file is deleted during the request and made again."""
    stage.expect_refreshed(stage.run_late(stage.path.unlink))


def file_held_open(stage: Stage) -> None:
    """A reader has the file open and still reads the old content."""
    before = stage.path.read_bytes()
    with stage.path.open("rb") as held:
        stage.expect_refreshed(stage.run())
        stage.proof.check(before == held.read(), "held open: the reader sees something else")


def file_locked(stage: Stage) -> None:
    """Another program keeps the file locked."""
    before = stage.path.read_bytes()
    with stage.path.with_name("tokens.txt.lock").open("w") as lock:
        give_to_nobody(stage.disk)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with stage.nothing_asked():
            stage.expect(stage.run(), 4, f"Another program uses {stage.path}")
    stage.expect_usable(before)


def file_is_a_folder(stage: Stage) -> None:
    """A directory has the file's name."""
    kept = stage.path.rename(stage.disk / "kept")
    stage.path.mkdir()
    with stage.nothing_asked():
        stage.expect(stage.run(), 1, "can't be read", "Not a regular file")
    stage.path.rmdir()
    kept.rename(stage.path)


def file_is_a_folder_meanwhile(stage: Stage) -> None:
    """A directory takes the file's place during the request; later it is removed."""
    kept = stage.disk / "kept"

    def swap() -> None:
        stage.path.rename(kept)
        stage.path.mkdir()

    stage.expect(stage.run_late(swap), 1, "can't be replaced, so the new tokens are still in")
    stage.path.rmdir()
    kept.rename(stage.path)


def file_is_a_link(stage: Stage) -> None:
    """The file is a symbolic link to a file in another folder."""
    kept = stage.path.rename(stage.disk / "kept")
    before = kept.read_bytes()
    stage.path.symlink_to(kept)
    with stage.nothing_asked():
        stage.expect(stage.run(), 1, "is a link to a file in another folder")
    stage.expect_usable(before)
    stage.path.unlink()
    kept.rename(stage.path)


def file_is_a_link_meanwhile(stage: Stage) -> None:
    """A link is planted during the request: it is replaced, and its target is unchanged."""
    precious = stage.disk / "precious"
    precious.write_text("precious")

    def plant() -> None:
        stage.path.unlink()
        stage.path.symlink_to(precious)

    stage.expect_refreshed(stage.run_late(plant))
    stage.proof.check(precious.read_text() == "precious", "link planted: its target was written")
    stage.proof.check(not stage.path.is_symlink(), "link planted: it is still there")


def file_is_a_mount(stage: Stage) -> None:
    """The file is a bind mount, as Docker makes it."""
    source = stage.disk / "source"
    shutil.copy(stage.path, source)
    before = source.read_bytes()
    with stage.nothing_asked(), mounted_file(source, stage.path):
        stage.expect(stage.run(), 1, "Mount the folder, not the file")
    stage.proof.check(before == source.read_bytes(), "bind mount: the file is not what it was")


def btrfs_full_meanwhile(stage: Stage) -> None:
    """A btrfs gets full during the request: there, room that was reserved can't be written."""
    # The tokens are saved in one of the places; the next run tells.
    stage.run_late(lambda: fill(stage.disk), late=_FILLED)
    (stage.disk / "filler").unlink()


CASES = (
    full_before,
    full_meanwhile,
    folder_not_writable,
    folder_not_writable_meanwhile,
    disk_not_writable,
    folder_gone,
    folder_removed_meanwhile,
    folder_renamed_meanwhile,
    file_removed_meanwhile,
    file_held_open,
    file_locked,
    file_is_a_folder,
    file_is_a_folder_meanwhile,
    file_is_a_link,
    file_is_a_link_meanwhile,
    file_is_a_mount,
)


def cases(*, short: bool) -> Mapping[str, Callable[[Stage], None]]:
    """Return the cases on a tmpfs by name; the short form has one of the two errors of a disk."""
    return {
        **{case.__name__.replace("_", " "): case for case in CASES},
        **failing_disk.cases(errno.EIO, *(() if short else (errno.ENOSPC,))),
    }


class Series:
    """Runs cases, each on a new disk: break, report, repair, refresh."""

    def __init__(self, proof: Proof, provider: Provider) -> None:
        """Prepare the program, which runs as nobody."""
        self.proof, self.provider = proof, provider
        self.library = failing_calls.library(provider.folder)
        program = provider.program()
        self.program = replace(program, command=(*AS_NOBODY, *program.command))
        give_to_nobody(program.home)

    def run(self, name: str, case: Callable[[Stage], None], disk: Path) -> str:
        """Run one case; return its result in words."""
        stage = Stage(self.proof, self.provider, self.program, disk, self.library)
        stage.set_up(name)
        breaches = self.proof.breaches
        case(stage)
        stage.expect_refreshed(stage.run())
        return "reported, repaired" if breaches == self.proof.breaches else "BREACH"


def on_btrfs(series: Series, count: int) -> str:
    """Run the case for a btrfs; return its result in words."""
    try:
        for _ in range(count):
            with small_btrfs() as disk:
                result = series.run("btrfs full meanwhile", btrfs_full_meanwhile, disk)
            if result == "BREACH":
                break
    except MissingPart as missing:
        return f"NOT SHOWN: {missing}"
    return result


def main() -> int:
    """Run every case."""
    chosen = proving.options(__doc__, count=5, short=1)
    proof = proving.begin("disk", chosen)
    with harness.provider() as provider:
        series = Series(proof, provider)
        chosen_cases = cases(short=chosen.short)
        for number in range(chosen.count):
            for name, case in chosen_cases.items():
                with small_disk(PAGES) as disk:
                    result = series.run(name, case, disk)
                if number == 0 or result == "BREACH":
                    proof.figure(name, result)
        proof.figure("btrfs full meanwhile", on_btrfs(series, chosen.count))
    proof.figure("cases", chosen.count * len(chosen_cases))
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
