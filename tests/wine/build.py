"""Builds the programs in Windows, and a bare one to compare with.

Processes that name the same folder share what is built: the first one builds, the others wait.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

from filelock import FileLock

from wine.install import ROOT
from wine.prefix import Wine, windows_path

BARE = Path(__file__).parent / "bare_window.py"
SECONDS = 1200.0


@dataclass(frozen=True, slots=True)
class Programs:
    """The paths of the programs."""

    window: Path
    terminal: Path


def build(wine: Wine, python: Path, folder: Path) -> Programs:
    """Build what oauth2_imap.spec describes, below `folder`, unless it is there already."""
    made = folder / "ours" / "dist"
    programs = Programs(made / "oauth2_imap.exe", made / "oauth2_imap_cli.exe")
    with FileLock(folder / "ours.lock"):
        if not all(map(Path.exists, astuple(programs))):
            _pyinstaller(wine, python, folder / "ours", ROOT / "oauth2_imap.spec")
    return programs


def build_bare(wine: Wine, python: Path, folder: Path) -> Path:
    """Build a window with one label with default options, unless it is there already."""
    program = folder / "bare" / "dist" / "bare.exe"
    careless = ("--onefile", "--windowed", "--name", "bare", "--specpath", windows_path(folder))
    with FileLock(folder / "bare.lock"):
        if not program.exists():
            _pyinstaller(wine, python, folder / "bare", BARE, *careless)
    return program


def _pyinstaller(wine: Wine, python: Path, folder: Path, source: Path, *options: str) -> None:
    folder.mkdir(exist_ok=True)
    command = [str(python / "python.exe"), "-m", "PyInstaller", "--noconfirm", *options]
    wine.run(*command, windows_path(source), cwd=folder, seconds=SECONDS)
