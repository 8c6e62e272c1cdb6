"""Writes the three locks from one resolution of pyproject.toml.

    python release/locks.py [--upgrade | --upgrade-package NAME]

Each lock begins with the one before it and adds what its group of dependencies needs. Without an
option every version stays as it is if pyproject.toml allows it. `nox -s lock` runs this program.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from uv import find_uv_bin

from project import ROOT

LOCKS = {
    "requirements.lock": "source",
    "requirements-build.lock": "build",
    "requirements-dev.lock": "test",
}
# Markers for every system, hashes of every file, and no address of a package index.
_FORMAT = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
)
_PIN = re.compile(r"^[a-z0-9].*(?:\n .*)*\n", re.MULTILINE)


def pins(lock: str) -> list[str]:
    """Return the pins that stand in this text, each with its marker and hashes."""
    return _PIN.findall(lock)


def write(options: Sequence[str]) -> None:
    """Resolve everything once, then write each lock with the versions of that resolution."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.lock"
        whole.write_text("".join(pin for name in LOCKS for pin in _pins_now(name)), "utf-8")
        _compile(whole, LOCKS.values(), options)
        above, groups, written = "", list[str](), set[str]()
        for name, group in LOCKS.items():
            groups.append(group)
            part = Path(folder) / name
            _compile(part, groups, ["--constraints", str(whole)])
            new = [pin for pin in pins(part.read_text("utf-8")) if pin not in written]
            (ROOT / name).write_text(above + "".join(new), "utf-8", newline="\n")
            above, written = f"-r {name}\n", written.union(new)


def _pins_now(name: str) -> list[str]:
    lock = ROOT / name
    return pins(lock.read_text("utf-8")) if lock.exists() else []


def _compile(target: Path, groups: Iterable[str], options: Sequence[str]) -> None:
    """Resolve the program and these groups into `target`, keeping versions that stand there."""
    chosen = [argument for group in groups for argument in ("--group", group)]
    command = [find_uv_bin(), "pip", "compile", "--quiet", *_FORMAT, *chosen, *options]
    command += ["--output-file", str(target), "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  # constants and our own options


if __name__ == "__main__":
    write(sys.argv[1:])
