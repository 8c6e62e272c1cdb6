"""A small disk with a token file on it, and whole runs of the program on it as nobody."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import harness
from failing_calls import FailingCall
from harness import Provider
from proving import Proof

from core.tokenfile.save import new_path
from privileges import NOBODY
from program import Finished, Program

LATE = 800  # milliseconds that the provider's answer takes where something breaks meanwhile
FORM = ("--no_check", "--timeout", "5")


@dataclass(slots=True)
class Stage:
    """A small disk with a token file on it, the program, and the library of failing calls."""

    proof: Proof
    provider: Provider
    program: Program
    disk: Path
    library: Path
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

    @property
    def second_place(self) -> Path:
        """The folder in which the tokens wait if they can't be written beside the token file."""
        return self.program.home / "unsaved"

    def run(self, fault: FailingCall | None = None) -> Finished:
        """Run the program to its end, with a fault or without."""
        environ = fault.environment(self.library) if fault else {}
        program = replace(self.program, environ=environ)
        return program.run(*harness.command(self.provider, self.path, *FORM))

    def run_late(self, meanwhile: Callable[[], object], late: int = LATE) -> Finished:
        """Run the program; call `meanwhile` while the provider's response is on its way."""
        fault = {"times": 1, "delay_ms": late}
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
        self.check(code == done.code, f"exit {done.code}, not {code}: {done.err}")
        self.check("Traceback" not in done.err, f"a traceback: {done.err}")
        self.check("signed in" not in done.err, f"a browser: {done.err}")
        for word in words:
            self.check(word in done.err, f"it doesn't say “{word}”: {done.err}")

    def expect_usable(self, before: bytes) -> None:
        """Check that the file is unchanged, so that imapsync can go on."""
        self.check(before == self.path.read_bytes(), "the file is not what it was")

    def expect_refreshed(self, done: Finished) -> None:
        """Check that the newest tokens are in the file and no other file is left."""
        self.expect(done, 0)
        newest = self.provider.refreshes(self.provider.granted() - 1)[0]
        lines = self.path.read_text("ascii").split("\n")
        self.check(lines[:2] == [newest["access_token"], newest["refresh_token"]], "an old pair")
        self.check(not new_path(self.path).exists(), "something was left beside the file")
        self.check(not self.waiting(), "something was left in the second place")

    def waiting(self) -> list[Path]:
        """The files in the second place."""
        return [*self.second_place.iterdir()] if self.second_place.exists() else []

    @contextmanager
    def nothing_asked(self) -> Iterator[None]:
        """Check that the provider gets no request during the block."""
        before = self.provider.server.control("stats")["token_requests"]
        yield
        asked = self.provider.server.control("stats")["token_requests"] - before
        self.check(asked == 0, f"the provider was asked {asked} times")

    def check(self, holds: bool, breach: str) -> None:
        """Count a breach of this case if it does not hold."""
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
