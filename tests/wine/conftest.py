"""The fixtures of Wine and of the programs built in it; in CI a missing part fails the tests."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bed.as_provider import providers_toml
from bed.fixtures import Bed, do_without
from bed.install import MissingPart
from program import Program
from screenshots import virtual_screen
from wine import install, prefix
from wine.batch import Scripts
from wine.build import Programs, build
from wine.prefix import Wine
from wine.screen import SIZE, Screen

BROWSER = Path(__file__).parents[1] / "bed" / "browser.py"


@pytest.fixture(scope="session")
def windows_python() -> Path:
    """Return the folder of a Windows Python with the pinned libraries."""
    try:
        install.wine()
        return install.windows_python()
    except MissingPart as missing:
        do_without(missing)


@pytest.fixture(scope="session")
def screen(windows_python: Path) -> Iterator[Screen]:
    """Run the screen that the windows are on."""
    with virtual_screen(SIZE) as display:
        yield Screen(display)


@pytest.fixture(scope="session")
def windows(screen: Screen) -> Iterator[Wine]:
    """Run a new Windows 10 whose browser is the bed's Chromium."""
    with prefix.running({"DISPLAY": screen.display}) as started:
        started.open_pages_with(shlex.join([sys.executable, str(BROWSER)]))
        yield started


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for what is built; the workers of pytest-xdist share it."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def programs(windows: Wine, builds: Path) -> Programs:
    """Build everything that build_exe.bat builds."""
    try:
        return build(windows, builds)
    except MissingPart as missing:
        do_without(missing)


@pytest.fixture
def terminal(windows: Wine, programs: Programs, tmp_path: Path) -> Iterator[Program]:
    """Yield the terminal program, without settings, in a folder with an unusual name."""
    folder = windows.drive_c / "Zwei Wörter"
    folder.mkdir(parents=True)
    exe = shutil.copy(programs.terminal, folder)
    command = ("wine", windows.path(Path(exe)))
    yield Program(folder, tmp_path, windows.environment(), command, windows.config_folder)
    shutil.rmtree(folder)
    shutil.rmtree(windows.config_folder, ignore_errors=True)


@pytest.fixture
def program(bed: Bed, terminal: Program) -> Program:
    """Return the terminal program with the bed as its providers."""
    terminal.configure(providers_toml(bed))
    return terminal


@pytest.fixture
def scripts(bed: Bed, windows: Wine, tmp_path: Path) -> Iterator[Scripts]:
    """Yield a folder for batch files, with the bed as the providers."""
    folder = windows.drive_c / "Große Übertragung" / tmp_path.name
    folder.mkdir(parents=True)
    windows.config_folder.mkdir(parents=True, exist_ok=True)
    (windows.config_folder / "providers.toml").write_text(providers_toml(bed), "utf-8")
    yield Scripts(windows, folder)
    shutil.rmtree(folder)
    shutil.rmtree(windows.config_folder)
