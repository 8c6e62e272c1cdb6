"""System calls on the file beside a token file that fail, or after which the program is killed.

A small library in C does it (`failing_calls.c`), which is compiled when a proof starts.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import proving

from bed.install import MissingPart

SOURCE = proving.HERE / "failing_calls.c"
# The order in which the program makes these calls on this file: the room for the answer is
# written (write 1) and flushed (fsync 1). After the answer come write 2, ftruncate 1, fsync 2 and
# rename 1.
FILE = "/tokens.txt.new"
FOR_EVER = 1000


@dataclass(frozen=True, slots=True)
class FailingCall:
    """The calls of this name with the numbers `first` to `last`; error 0 kills after the first."""

    name: str
    first: int
    last: int
    error: int = 0

    def environment(self, library: Path) -> Mapping[str, str]:
        """Return the variables with which the program has this fault."""
        fault = f"{self.name} {self.first} {self.last} {self.error} {FILE}"
        return {"LD_PRELOAD": str(library), "FAILING_CALL": fault}


def library(folder: Path) -> Path:
    """Compile the library into the folder; raise `MissingPart` if there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise MissingPart("there is no C compiler (cc)")
    made = folder / "failing_calls.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", made, SOURCE, "-ldl"], check=True)
    return made
