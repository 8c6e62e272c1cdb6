"""build_exe.bat in a real cmd.exe, up to the virtual environment.

The embeddable Python that runs under Wine can't make one: what follows (release/build.py) is
run on Windows by the workflow alone.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from wine.prefix import Wine, windows_path

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make the parts of a checkout that the batch file needs, in a folder with an unusual name."""
    folder = tmp_path / "Zwei Wörter"
    (folder / "release").mkdir(parents=True)
    shutil.copy(ROOT / "build_exe.bat", folder)
    shutil.copy(ROOT / "release" / "check_python.py", folder / "release")
    return folder


def _build_exe(windows: Wine, checkout: Path, typed: str = "", **variables: str) -> tuple[int, str]:
    """Run the batch file; return exit code and output. `typed` is the answer to its question."""
    environment = {**windows.environment(), **variables}
    if typed:
        environment.pop("CI", None)
    done = subprocess.run(
        ["wine", "cmd", "/c", windows_path(checkout / "build_exe.bat")],
        env=environment,
        input=f"{typed}\r\n".encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def test_without_a_python_it_says_where_to_get_one(windows: Wine, checkout: Path) -> None:
    """It does so too if the named Python doesn't exist; in CI it doesn't ask."""
    for named in ({}, {"PYTHON": r"Z:\nothing\python.exe"}):
        code, said = _build_exe(windows, checkout, CI="true", **named)
        assert 1 == code, said
        assert "there is no Python. Install 3.12.4 or newer from https://www.python.org" in said


@pytest.mark.parametrize("way", ["named", "typed"])
def test_a_python_is_taken(windows: Wine, windows_python: Path, checkout: Path, way: str) -> None:
    """Python is taken from the variable PYTHON or from the answer; this one has no venv."""
    path = windows_path(windows_python / "python.exe")
    if way == "named":
        code, said = _build_exe(windows, checkout, CI="true", PYTHON=path)
    else:
        code, said = _build_exe(windows, checkout, typed=path)
    assert 1 == code, said
    assert f'Building with "{path}"' in said
    assert "The build stopped: this Python can't make a virtual environment." in said


def test_a_python_that_is_too_old_is_refused(
    windows: Wine, windows_python: Path, checkout: Path
) -> None:
    """check_python.py refuses it before any file is made."""
    check = checkout / "release" / "check_python.py"
    newest = check.read_text("utf-8").replace("(3, 12, 4)", "(3, 99, 0)")
    check.write_text(newest, "utf-8")
    path = windows_path(windows_python / "python.exe")
    code, said = _build_exe(windows, checkout, CI="true", PYTHON=path)
    assert 1 == code, said
    assert "This is Python 3.13" in said
    assert "3.99.0 or newer is needed" in said
    assert not (checkout / "build").exists()
