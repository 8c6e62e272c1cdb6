"""Known vulnerabilities in what is pinned: pip-audit over the locks.

    python tests/reliability/audit.py

pip-audit comes from a lock of its own, into its own environment; the locks of the program don't
have it. Exit 0: its data was reached and it knows of nothing. 1: it knows of something. 3: its data
can't be reached from here, so nothing is shown. pip-audit alone would exit with 0 then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_LOCK = Path(__file__).with_suffix(".lock")
LOCKS = [*sorted(ROOT.glob("requirements*.lock")), OWN_LOCK]
PROBE = "idna"  # asked about first: where its data can't be had, nobody else's can
NOT_SHOWN = 3
SECONDS = 300


class NotReached(Exception):
    """The data can't be reached; the message says what is missing."""


def install(folder: Path, lock: Path = OWN_LOCK) -> Path:
    """Install what the lock pins, which is pip-audit, in its own environment; return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    strict = ("--quiet", "--no-deps", "--require-hashes", "-r", lock)
    done = run([python, "-m", "pip", "install", *strict])
    if done.returncode:
        raise NotReached(f"pip-audit can't be installed: {done.stderr[-300:].strip()}")
    return python


def audit(python: Path, folder: Path, pins: list[str]) -> list[dict[str, Any]]:
    """Return what pip-audit says of each pin."""
    requirements = folder / "requirements.txt"
    requirements.write_text("\n".join(pins), "utf-8")
    options = ("--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off")
    done = run([python, "-m", "pip_audit", "-r", requirements, *options])
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        raise NotReached(f"pip-audit has no result: {done.stderr[-300:].strip()}") from None
    skipped = [one["name"] for one in found if "skip_reason" in one]
    if skipped:
        raise NotReached(f"pip-audit finds no data of {len(skipped)} of {len(found)} packages")
    return found


def run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def pins(lock: Path) -> list[str]:
    """Return names, versions and markers; pins that their marker excludes here aren't audited."""
    lines = lock.read_text("utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if "==" in line and line[0] != " "]


def main() -> int:
    """Ask about the probe, then about each lock."""
    wanted = [pins(lock) for lock in LOCKS]
    probe = [pin for lock in wanted for pin in lock if pin.startswith(f"{PROBE}==")]
    with tempfile.TemporaryDirectory(prefix="oauth2_imap_audit_") as name:
        folder = Path(name)
        try:
            python = install(folder / "venv")
            audit(python, folder, probe)
            # One by one: pip-audit refuses a name that stands in two locks.
            found = [one for lock in wanted for one in audit(python, folder, lock)]
        except (NotReached, subprocess.TimeoutExpired) as reason:
            print(f"NOT SHOWN: {reason}")
            return NOT_SHOWN
    for one in found:
        for known in one["vulns"]:
            print(f"BREACH {one['name']} {one['version']}: {known['id']}")
    print(f"packages audited: {len(found)}")
    return 1 if any(one["vulns"] for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
