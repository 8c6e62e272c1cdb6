"""build_exe.bat in a real cmd.exe, with a real Windows Python.

Its module venv is a stand-in, since the embeddable package has none. Wine has no CMDCMDLINE, so the
double-click itself is a step in docs/RELEASING.md. The fixture `programs` runs the file whole.
"""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import check_folder
import checksums
from program import Program
from wine.build import UNPACKED, Programs, build_exe
from wine.install import LIBRARIES, ROOT, bare_python
from wine.prefix import Wine, windows_path

NO_PYTHON = "The build stopped: there is no Python. Install 3.13 from https://www.python.org"
NO_VENV = "The build stopped: build\\venv could not be made."


@pytest.fixture
def short() -> Iterator[Path]:
    """Make a folder whose path leaves room for a build."""
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        yield Path(folder)


@pytest.fixture
def checkout(short: Path) -> Path:
    """Make the parts of a checkout that the batch file needs, in a folder with an unusual name."""
    folder = short / UNPACKED
    (folder / "release").mkdir(parents=True)
    shutil.copy(ROOT / "build_exe.bat", folder)
    for name in ("check_python.py", "check_folder.py"):
        shutil.copy(ROOT / "release" / name, folder / "release")
    return folder


@pytest.fixture(scope="module")
def without_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a Python without the module venv, in a folder with an unusual name."""
    home = tmp_path_factory.mktemp("pythons") / "Python (3) & more!"
    shutil.copytree(bare_python(), home, ignore=shutil.ignore_patterns("site-packages", "venv.py"))
    return home / "python.exe"


def test_it_builds_everything_from_a_zip_file(programs: Programs) -> None:
    """Without git, and with every step named; the output shows what pip installs."""
    said = programs.output.read_text("utf-8")
    assert "\n0\n" == said[-3:]
    assert "Installing collected packages: " in said
    assert "Done. Everything is in " in said
    names = {file.name for file in programs.dist.iterdir()}
    assert {"oauth2_imap.exe", "oauth2_imap_cli.exe", "LICENSES.txt", "SHA256SUMS"} <= names
    for name, digest in checksums.read(programs.dist / "SHA256SUMS").items():
        assert digest == hashlib.sha256((programs.dist / name).read_bytes()).hexdigest()


def test_it_installs_no_test_tools(programs: Programs) -> None:
    """Only what the program and its build need."""
    installed = programs.dist.parent / "build" / "venv" / "Scripts" / LIBRARIES
    names = {folder.name.partition("-")[0] for folder in installed.glob("*.dist-info")}
    assert {"pyinstaller", "msal", "pyside6_essentials"} <= names
    assert set() == names & {"pytest", "mypy", "ruff", "hypothesis"}


def test_qt_is_under_the_lgpl(programs: Programs) -> None:
    """The wheels for Windows hold a commercial licence alone, which we don't have."""
    with zipfile.ZipFile(next(programs.dist.glob("*.zip"))) as archive:
        variants = [archive.read("oauth2_imap/LICENSES.txt")]
        assert [] == [name for name in archive.namelist() if "commercial" in name.lower()]
    variants.append((programs.dist / "LICENSES.txt").read_bytes())
    variants.append((programs.folder / "_internal/resources/LICENSES.txt").read_bytes())  # About
    for content in variants:
        text = content.decode("utf-8")
        assert "\npyside6-essentials 6." in text
        assert "LGPL-3.0-only\n" in text
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
        assert "GNU GENERAL PUBLIC LICENSE" in text
        assert "You may replace them by versions of your" in text
        assert "commercial license" not in text.lower()


def test_without_a_python_it_says_where_to_get_one(windows: Wine, checkout: Path) -> None:
    """It does so too if the named Python doesn't exist; in CI it doesn't ask."""
    code, said = build_exe(windows, checkout)
    assert 1 == code, said
    assert NO_PYTHON in said
    code, said = build_exe(windows, checkout, PYTHON=r"Z:\nothing & more\python.exe")
    assert 1 == code, said
    assert r'The Python that you named does not start: "Z:\nothing & more\python.exe"' in said
    assert NO_PYTHON in said


@pytest.mark.parametrize("way", ["named", "with quotes", "typed"])
def test_a_python_is_taken(windows: Wine, without_venv: Path, checkout: Path, way: str) -> None:
    """Python is taken from the variable PYTHON or from the answer; this one has no venv."""
    path = windows_path(without_venv)
    if way == "typed":
        code, said = build_exe(windows, checkout, typed=path)
        assert "Press any key" in said
    else:
        code, said = build_exe(windows, checkout, PYTHON=path if way == "named" else f'"{path}"')
    assert 1 == code, said
    assert f'Building with "{path}"' in said
    assert NO_VENV in said


def test_a_python_that_is_too_old_is_refused(
    windows: Wine, without_venv: Path, checkout: Path
) -> None:
    """check_python.py refuses it before any file is made."""
    check = checkout / "release" / "check_python.py"
    newest = check.read_text("utf-8").replace("(3, 12, 4)", "(3, 99, 0)")
    check.write_text(newest, "utf-8")
    code, said = build_exe(windows, checkout, without_venv)
    assert 1 == code, said
    assert "This is Python 3.13" in said
    assert "3.99.0 or newer is needed" in said
    assert not (checkout / "build").exists()


def test_a_folder_that_is_too_deep_is_refused(
    windows: Wine, without_venv: Path, checkout: Path
) -> None:
    """The limit is told before anything is installed, unless Windows allows long paths."""
    deep = checkout.parent / ("d" * check_folder.DEEPEST)
    checkout.rename(deep)
    code, said = build_exe(windows, deep, without_venv)
    assert 1 == code, said
    assert f"and Windows allows {check_folder.DEEPEST} here" in said
    key = (r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled", "REG_DWORD")
    windows.set(*key, "1")
    try:
        code, said = build_exe(windows, deep, without_venv)
    finally:
        windows.set(*key, "0")
    assert NO_VENV in said


def test_the_deepest_folder_is_measured(programs: Programs) -> None:
    """By the longest path that a build makes below the checkout."""
    checkout = programs.dist.parent
    libraries = checkout / "build" / "venv" / "Scripts" / LIBRARIES
    inside = max(len(str(file.relative_to(libraries))) for file in libraries.rglob("*"))
    real = len(r"\build\venv\Lib\site-packages" "\\") + inside
    built = [*(checkout / "build").rglob("*"), *checkout.glob("dist/*")]
    others = [file for file in built if libraries not in file.parents]
    assert check_folder.LONGEST_INSIDE == real
    assert real >= max(len(str(file.relative_to(checkout))) + 1 for file in others)


@pytest.mark.parametrize("variant", ["one file", "folder"])
@pytest.mark.parametrize("name", ["oauth2_imap.exe", "oauth2_imap_cli.exe"])
def test_the_rehearsal_runs_at_its_end(
    programs: Programs, terminal: Program, variant: str, name: str
) -> None:
    """A sign-in, a refresh and two logins without a network, by each program that was built."""
    exe = (programs.dist if variant == "one file" else programs.folder) / name
    rehearsing = replace(terminal, command=("wine", windows_path(exe)))
    done = rehearsing.run("--demo", "--yes", timeout=120)
    assert 0 == done.code, done.err
    assert "It works" in done.err
