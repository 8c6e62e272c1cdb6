"""Builds all files of a release from a checkout and puts them into dist/.

    python release/build.py

build_exe.bat and build_exe.sh find a Python, install requirements-build.lock and start this. It
stops at the first step that fails and says why. It publishes nothing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import checksums
import completion
import first_start
import folder
import licences
import manual
import sbom
import sign
from project import (
    BUILD,
    DIST,
    LICENCES,
    ROOT,
    TERMINAL,
    WINDOW,
    BuildProblem,
    commit_time,
    file_name,
)

_FOLDER = BUILD / "folder" / f"{WINDOW}_folder"  # the name in oauth2_imap.spec
_PROGRAMS = tuple(file_name(name) for name in (WINDOW, TERMINAL))


def gather_licences() -> None:
    """gather the licences of everything inside the programs"""
    licences.write()


def build_programs() -> None:
    """build both programs, as one file each and as a folder, which takes some minutes"""
    remove(DIST)
    remove(_FOLDER.parent)
    _pyinstaller()
    _FOLDER.parent.mkdir(parents=True)
    (DIST / _FOLDER.name).rename(_FOLDER)


def sign_programs() -> None:
    """sign the programs, if a certificate is configured"""
    programs = [place / name for place in (DIST, _FOLDER) for name in _PROGRAMS]
    _say(sign.sign(programs))


def start_programs() -> None:
    """start both programs of both variants"""
    for place in (DIST, _FOLDER):
        first_start.start_all(place)


def write_the_rest() -> None:
    """write the zip file of the folder, the licences, the bill of materials and SHA256SUMS"""
    for place in (DIST, _FOLDER):
        shutil.copy(LICENCES, place)
    completion.write(_FOLDER / "completion")
    if sys.platform != "win32":
        manual.write(_FOLDER / f"{WINDOW}.{manual.SECTION}")
    if sys.platform == "linux":
        shutil.copy(ROOT / "release" / "oauth2_imap.desktop", _FOLDER)
    name = f"{WINDOW}-{folder.label()}"
    folder.pack(_FOLDER, DIST / f"{name}.zip")
    sbom.write([DIST / program for program in _PROGRAMS], DIST / f"{name}.cdx.json")
    checksums.write(DIST)


def remove(folder: Path) -> None:
    """Remove a folder of an earlier build; raises `BuildProblem` if one of its files is in use."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError as exc:
        raise BuildProblem(
            f"{exc.filename} can't be removed: {exc.strerror}. Close oauth2_imap, and build again."
        ) from exc


STEPS: tuple[Callable[[], None], ...] = (
    gather_licences,
    build_programs,
    sign_programs,
    start_programs,
    write_the_rest,
)


def _pyinstaller() -> None:
    places = ("--distpath", str(DIST), "--workpath", str(BUILD / "pyinstaller"))
    quietly = ("--noconfirm", "--clean", "--log-level", "WARN")
    spec = str(ROOT / "oauth2_imap.spec")
    _run("-m", "PyInstaller", *quietly, *places, spec, why="PyInstaller failed")


def _run(*arguments: str, why: str) -> None:
    """Run this Python with `arguments`, in an environment for reproducible builds.

    Raises `BuildProblem` with `why` if it fails.
    """
    reproducible = {"SOURCE_DATE_EPOCH": str(commit_time()), "PYTHONHASHSEED": "1"}
    environment = {**os.environ, **reproducible}
    done = subprocess.run(  # noqa: S603  # constants and our own paths
        [sys.executable, *arguments], cwd=ROOT, env=environment, check=False
    )
    if done.returncode:
        raise BuildProblem(f"{why} (exit code {done.returncode}). Its output is above.")


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    """Run all steps; returns the exit code."""
    for number, step in enumerate(STEPS, 1):
        _say(f"== Step {number} of {len(STEPS)}: {step.__doc__}")
        try:
            step()
        except (BuildProblem, OSError) as exc:
            print(f"\nThe build stopped: {exc}", file=sys.stderr)
            return 1
    _say(f"\nDone. Everything is in {DIST}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
