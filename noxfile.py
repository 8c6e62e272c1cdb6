"""The commands for developers. `nox --list` names them, CONTRIBUTING.md explains them.

    pip install nox && nox -s tests

Each session runs in an environment below .nox/ that holds one lock. pip checks the hash of every
file that it installs there. Sessions that need the same lock share the environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "none"  # environment() makes environments that sessions share
nox.options.sessions = ["lint", "types", "tests"]

PROGRAM, BUILD, DEV = "requirements.lock", "requirements-build.lock", "requirements-dev.lock"
# A lock names everything that is needed, so pip has nothing to resolve.
INSTALL = (
    *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
    *("--no-deps", "--require-hashes", "-r"),
)
# Some machines set these. They change how Python and TLS work, and no test needs them.
UNSET: dict[str, str | None] = dict.fromkeys(
    (
        "CURL_CA_BUNDLE",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUNBUFFERED",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
    )
)
# Tests wait more than they compute, so there are more processes than cores, and one more: it waits
# until another one has built the Windows programs.
PARALLEL = ("-n", str(min(8, 2 * (os.cpu_count() or 1) + 1)))
QUICK = (*PARALLEL, "-m", "not thorough")
COVERAGE = (*PARALLEL, "--cov", "--cov-report=term")
# It installs what the tests need beyond Python. A script has only its own folder on the path.
PREPARE, OUR_PACKAGES = ("tests/prepare.py",), {"PYTHONPATH": "."}

PROOFS = (
    *("kill", "readers", "disk", "hostile", "local_attack", "faults", "soak"),
    *("many_mailboxes", "long_list", "audit"),
)
NOT_SHOWN = 3  # the exit code of a script that this computer can't run


@nox.session
def demo(session: nox.Session) -> None:
    """Run the demo: the whole procedure, without an account and without a network."""
    python = environment(session, PROGRAM)
    session.run(python, "-m", "core", "--demo", *(session.posargs or ["--yes"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format with ruff; `-- --fix` corrects what ruff can correct."""
    ruff(session, environment(session, DEV), fix="--fix" in session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy."""
    session.run(environment(session, DEV), "-m", "mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the quick tests."""
    pytest(session, environment(session, DEV), *QUICK)


@nox.session(name="all")
def everything(session: nox.Session) -> None:
    """Run everything that must pass before a change is merged: lint, types and all tests."""
    python = environment(session, DEV)
    # The end of the block waits for it.
    with subprocess.Popen([python, *PREPARE], env={**os.environ, **OUR_PACKAGES}) as preparing:
        ruff(session, python)
        session.run(python, "-m", "mypy")
    if preparing.returncode:
        session.error("tests/prepare.py failed. Its output is above.")
    pytest(session, python, *PARALLEL)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run all tests and measure what they cover; it takes twice as long as the tests alone."""
    python = environment(session, DEV)
    session.run(python, *PREPARE, env=OUR_PACKAGES)
    pytest(session, python, *COVERAGE)


@nox.session
def wine(session: nox.Session) -> None:
    """Build the Windows programs and test them under Wine."""
    python = environment(session, DEV)
    session.run(python, *PREPARE, env=OUR_PACKAGES)
    pytest(session, python, "-n", "2", "tests/wine")


@nox.session
def proofs(session: nox.Session) -> None:
    """Run the tests of docs/RELIABILITY.md in full; `-- kill` runs one."""
    run_programs(session, "tests/reliability", PROOFS)


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks of docs/PERFORMANCE.md; `-- refresh` runs one, `--write` writes it too."""
    python = environment(session, DEV)
    command = (python, "tests/bench.py", *session.posargs)
    session.run(*command, env=UNSET, success_codes=[0, NOT_SHOWN])


@nox.session
def build(session: nox.Session) -> None:
    """Build the programs into dist/, as build_exe.bat and build_exe.sh do."""
    session.run(environment(session, BUILD), "release/build.py")


@nox.session
def screenshots(session: nox.Session) -> None:
    """Make new screenshots of the window."""
    python = environment(session, DEV)
    session.run(python, "tests/screenshots.py", *session.posargs, env=UNSET)


@nox.session
def lock(session: nox.Session) -> None:
    """Update the lock files; `-- --upgrade` takes the newest versions."""
    session.run(environment(session, DEV), "release/locks.py", *session.posargs)


def environment(session: nox.Session, lock: str) -> str:
    """Install what `lock` pins, with hashes checked, and return the Python that has it."""
    version = "{}.{}".format(*sys.version_info)
    folder = Path(".nox", f"{Path(lock).stem}-{version}").resolve()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    try:
        session.run_install(sys.executable, "release/check_python.py", log=False)
        if not python.exists():
            session.run_install(sys.executable, "-m", "virtualenv", "--quiet", folder)
        session.run_install(python, *INSTALL, lock)
    except CommandFailed:
        session.error(f"{lock} could not be installed, for the reason above")
    return str(python)


def ruff(session: nox.Session, python: str, *, fix: bool = False) -> None:
    """Check the whole project with ruff, or correct it."""
    session.run(python, "-m", "ruff", "check", *(["--fix"] if fix else []))
    session.run(python, "-m", "ruff", "format", *([] if fix else ["--check"]))


def pytest(session: nox.Session, python: str, *options: str) -> None:
    """Run tests without what a machine sets for its other programs."""
    session.run(python, "-m", "pytest", *options, *session.posargs, env=UNSET)


def run_programs(session: nox.Session, folder: str, names: Sequence[str]) -> None:
    """Run each of these programs, or those that the arguments name, with the other arguments."""
    python = environment(session, DEV)
    chosen = [name for name in names if name in session.posargs] or names
    options = [argument for argument in session.posargs if argument not in names]
    failed = []
    for name in chosen:
        command = (python, f"{folder}/{name}.py", *options)
        try:
            session.run(*command, env=UNSET, success_codes=[0, NOT_SHOWN])
        except CommandFailed:
            failed.append(name)
    if failed:
        session.error(f"failed: {', '.join(failed)}")
