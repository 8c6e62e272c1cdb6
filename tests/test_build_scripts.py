"""Tests of build_exe.sh and build_exe.bat, up to the start of release/build.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import build
import check_python
from project import BuildProblem

ROOT = Path(__file__).resolve().parent.parent
posix = pytest.mark.only_on("posix", reason="build_exe.sh is for Linux and macOS")


def _build_exe(python: Path | str) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", ROOT / "build_exe.sh"],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@posix
def test_a_python_that_is_not_there_is_said() -> None:
    """A missing Python is reported, with what to do."""
    code, said = _build_exe("python-that-is-not-there")
    assert 1 == code
    assert "The build stopped: there is no python-that-is-not-there." in said


@posix
def test_a_python_that_may_not_build_ends_it(tmp_path: Path) -> None:
    """An unsuitable Python ends the build before anything is created."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "asked for $1"\nexit 1\n')
    python.chmod(0o755)
    assert (1, "asked for release/check_python.py\n") == _build_exe(python)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ((3, 9, 18), "This is Python 3.9.18, but 3.11.0 or newer is needed"),
        ((3, 11, 0), ""),
        ((3, 14, 1), ""),
    ],
)
def test_the_age_of_a_python_is_judged(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: tuple[int, ...],
    said: str,
) -> None:
    """Versions are compared as numbers, not as text."""
    monkeypatch.setattr(check_python, "OLDEST", (3, 11, 0))
    monkeypatch.setattr(sys, "version_info", version)
    assert (1 if said else 0) == check_python.main()
    assert said in capsys.readouterr().out


def test_this_python_may_build() -> None:
    """The check accepts the Python of the tests."""
    command = [sys.executable, str(ROOT / "release" / "check_python.py")]
    if sys.version_info < check_python.OLDEST:
        pytest.skip("an older Python runs the tests than may build")
    assert b"" == subprocess.run(command, capture_output=True, check=True).stdout


def test_the_batch_file_has_the_line_ends_of_windows() -> None:
    """All lines end with CR LF; otherwise cmd.exe may not find labels."""
    content = (ROOT / "build_exe.bat").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 20


def test_the_first_failure_ends_the_build(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build prints why it stopped, and later steps don't run."""
    ran: list[str] = []

    def fails() -> None:
        """fails"""
        raise BuildProblem("the moon is in the way")

    def follows() -> None:
        """follows"""
        ran.append("follows")

    monkeypatch.setattr(build, "STEPS", (fails, follows))
    assert 1 == build.main()
    said = capsys.readouterr()
    assert "== Step 1 of 2: fails\n" == said.out
    assert "\nThe build stopped: the moon is in the way\n" == said.err
    assert [] == ran
