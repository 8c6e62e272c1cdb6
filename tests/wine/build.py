"""Builds the programs in Windows, and a bare one to compare with."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path

from filelock import FileLock

from wine.install import ROOT
from wine.prefix import Wine, windows_path

BARE = Path(__file__).parent / "bare_window.py"
SECONDS = 1200.0


@dataclass(frozen=True, slots=True)
class Programs:
    """The paths of the built programs."""

    window: Path
    terminal: Path
    bare: Path


def build(wine: Wine, python: Path, folder: Path) -> Programs:
    """Build what oauth2_imap.spec describes, and a window with one label with default options.

    The first process that names the folder builds the programs; others wait and share them.
    """
    made = folder / "ours" / "dist"
    programs = Programs(
        window=made / "oauth2_imap.exe",
        terminal=made / "oauth2_imap_cli.exe",
        bare=folder / "bare" / "dist" / "bare.exe",
    )
    with FileLock(f"{folder}.lock"):
        if not all(map(Path.exists, astuple(programs))):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _build(wine, python, folder)
    return programs


def _build(wine: Wine, python: Path, folder: Path) -> None:
    careless = ("--onefile", "--windowed", "--name", "bare", "--specpath", windows_path(folder))
    with ThreadPoolExecutor() as pool:
        ours = pool.submit(_pyinstaller, wine, python, folder / "ours", ROOT / "oauth2_imap.spec")
        bare = pool.submit(_pyinstaller, wine, python, folder / "bare", BARE, *careless)
        ours.result()
        bare.result()


def _pyinstaller(wine: Wine, python: Path, folder: Path, source: Path, *options: str) -> None:
    folder.mkdir()
    command = [str(python / "python.exe"), "-m", "PyInstaller", "--noconfirm", *options]
    wine.run(*command, windows_path(source), cwd=folder, seconds=SECONDS)
