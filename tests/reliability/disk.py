"""Disks and folders that fail, before the request and while saving: whole runs as nobody.

    python tests/reliability/disk.py [--short] [--seed N] [--count N]

Each case breaks one thing on its own small disk, runs the program as a user without privileges, and
repairs it. It shows that the error is one clear sentence without a traceback, that the provider
isn't asked if its response couldn't be saved, that the tokens stay usable, and that the next run
refreshes without a browser. COUNT is the number of series. Only root on Linux can mount such disks;
elsewhere it exits with 3.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import harness
import proving
from harness import Provider
from proving import Proof

from core.tokenfile.save import new_path
from privileges import AS_NOBODY, NOBODY, mounted_file, read_only, small_disk
from program import Finished, Program

PAGES = "512k"
LATE = 1500  # milliseconds that the provider's answer takes where something breaks meanwhile
FORM = ("--no_check", "--timeout", "5")


@dataclass(slots=True)
class Stage:
    """A small disk with a token file on it, and the program."""

    proof: Proof
    provider: Provider
    program: Program
    disk: Path
    name: str = ""

    @property
    def path(self) -> Path:
        """The token file."""
        return self.disk / "tokens" / "tokens.txt"

    def set_up(self, name: str) -> None:
        """Make a token file with a new grant that belongs to nobody."""
        self.name = name
        self.provider.sign_in(self.path)
        give_to_nobody(self.disk)

    def run(self) -> Finished:
        """Run the program to its end."""
        return self.program.run(*harness.command(self.provider, self.path, *FORM))

    def run_late(self, meanwhile: Callable[[], object]) -> Finished:
        """Run the program; call `meanwhile` while the provider's response is on its way."""
        fault = {"times": 1, "delay_ms": LATE}
        self.provider.server.control("config", token_fault=fault)
        before = self.path.read_bytes()
        with self.program.start(*harness.command(self.provider, self.path, *FORM)) as running:
            while not harness.has_place(self.path, before):
                assert running.process.poll() is None, running.finish().err
                time.sleep(0.01)
            meanwhile()
            return running.finish()

    def expect(self, done: Finished, code: int, *words: str) -> None:
        """Check the exit code and that these words were printed."""
        self._check(code == done.code, f"exit {done.code}, not {code}: {done.err}")
        self._check("Traceback" not in done.err, f"a traceback: {done.err}")
        self._check("signed in" not in done.err, f"a browser: {done.err}")
        for word in words:
            self._check(word in done.err, f"it doesn't say “{word}”: {done.err}")

    def expect_usable(self, before: bytes) -> None:
        """Check that the file is unchanged, so that imapsync can go on."""
        self._check(before == self.path.read_bytes(), "the file is not what it was")

    def expect_refreshed(self, done: Finished) -> None:
        """Check that the newest tokens are in the file and no other file is left."""
        self.expect(done, 0)
        newest = self.provider.refreshes(self.provider.granted() - 1)[0]
        lines = self.path.read_text("ascii").split("\n")
        self._check(lines[:2] == [newest["access_token"], newest["refresh_token"]], "an old pair")
        self._check(not new_path(self.path).exists(), "something was left beside the file")

    @contextmanager
    def nothing_asked(self) -> Iterator[None]:
        """Check that the provider gets no request during the block."""
        before = self.provider.server.control("stats")["token_requests"]
        yield
        asked = self.provider.server.control("stats")["token_requests"] - before
        self._check(asked == 0, f"the provider was asked {asked} times")

    def _check(self, holds: bool, breach: str) -> None:
        self.proof.check(holds, f"{self.name}: {breach}")


def give_to_nobody(folder: Path) -> None:
    """Let the folder and all in it belong to nobody."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def fill(disk: Path) -> Path:
    """Fill the disk; return the file that fills it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return filler


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


def main() -> int:
    """Run every case: break, report, repair, refresh."""
    chosen = proving.options(__doc__, count=5, short=1)
    proof = proving.begin("disk", chosen)
    with harness.provider() as provider:
        program = provider.program()
        program = replace(program, command=(*AS_NOBODY, *program.command))
        give_to_nobody(program.home)
        for number in range(chosen.count * len(CASES)):
            case = CASES[number % len(CASES)]
            with small_disk(PAGES) as disk:
                stage = Stage(proof, provider, program, disk)
                stage.set_up(case.__name__.replace("_", " "))
                breaches = proof.breaches
                case(stage)
                stage.expect_refreshed(stage.run())
            if number < len(CASES):
                proof.figure(
                    stage.name, "reported, repaired" if breaches == proof.breaches else "BREACH"
                )
    proof.figure("cases", chosen.count * len(CASES))
    return proof.end()


if __name__ == "__main__":
    proving.run(main)
