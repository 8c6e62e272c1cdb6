"""The quick tests in a Windows Python: what they promise holds on Windows too.

pytest runs once in Windows, beside the other tests; quick.py says with which files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from wine.install import ROOT
from wine.prefix import Wine

SECONDS = 1400.0
_TEMPORARY = "Temp"  # below the profile; a run may leave files there
_SHOWN = 12_000  # characters of the output of a run that failed


@dataclass(frozen=True, slots=True)
class Run:
    """How the run went, and what it has left in Windows."""

    code: int
    said: str
    left: frozenset[Path]
    opened: str


@pytest.fixture(scope="session")
def run(windows: Wine, windows_python: Path) -> Run:
    """Run the quick tests."""
    python = _installed(windows_python, windows.drive_c / "Python")
    before, opened_before = frozenset(_files(windows.profile)), windows.opened()
    options = ("-q", "-rfs", "-p", "no:cacheprovider", "-m", "not thorough")
    code, said = windows.outcome(python, "-m", "pytest", *options, cwd=ROOT, seconds=SECONDS)
    left = frozenset(_files(windows.profile)) - before
    opened = windows.opened().removeprefix(opened_before)
    return Run(code, said, left, opened)


def _installed(python: Path, place: Path) -> Path:
    """Lay out the embeddable Python as an installed one, and return its program.

    With the file ._pth it would find no modules in the current folder, and read no PYTHONPATH.
    """
    place.mkdir()
    for part in python.iterdir():
        if part.suffix != "._pth":
            (place / part.name).symlink_to(part)
    return place / "python.exe"


def _files(profile: Path) -> Iterator[Path]:
    for path in profile.rglob("*"):
        if path.is_file() and _TEMPORARY not in path.parts:
            yield path.relative_to(profile)


def test_all_pass(run: Run) -> None:
    """What can't run there has a mark with the reason."""
    assert 0 == run.code, run.said[-_SHOWN:]
    print(run.said[-_SHOWN:])


def test_the_profile_is_untouched(run: Run) -> None:
    """Settings, tokens and log of whoever runs the tests stay as they are."""
    assert frozenset() == run.left


def test_no_browser_is_opened(run: Run) -> None:
    """Tests have browsers of their own."""
    assert "" == run.opened
