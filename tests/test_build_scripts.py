"""Tests of build_exe.sh and build_exe.bat, up to the start of release/build.py."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest

import build
import check_folder
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


@pytest.mark.parametrize(
    ("platform", "machine", "said"),
    [
        ("win-amd64", "", ""),
        ("win-arm64", "", 'Install the "Windows installer (64-bit)", which Windows 11 on ARM'),
        ("macosx-11.0-universal2", "arm64", ""),
        ("macosx-10.13-universal2", "x86_64", "This Mac has an Intel processor."),
    ],
)
def test_a_processor_without_libraries_is_named(
    monkeypatch: pytest.MonkeyPatch, platform: str, machine: str, said: str
) -> None:
    """With what to do, before pip says that it finds no distribution."""
    monkeypatch.setattr(check_python, "OLDEST", (3, 11, 0))
    monkeypatch.setattr(sys, "platform", "darwin" if machine else "win32")
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine=machine), raising=False)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: platform)
    assert said in check_python.problem()
    assert bool(said) == bool(check_python.problem())


def test_32_bits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the name of the right installer."""
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert "for 32 bits" in check_python.problem()
    assert '"Windows installer (64-bit)"' in check_python.problem()


def test_a_folder_that_is_too_deep_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its length and the limit, unless long paths are possible, as on other systems."""
    deepest, deeper = "d" * check_folder.DEEPEST, "d" * (check_folder.DEEPEST + 1)
    if sys.platform != "win32":
        assert "" == check_folder.problem(deeper)
    monkeypatch.setattr(check_folder, "_long_paths", lambda: False)
    assert "" == check_folder.problem(deepest)
    said = check_folder.problem(deeper)
    assert f"has {len(deeper)} characters, and Windows allows {len(deepest)} here" in said


def test_this_python_may_build() -> None:
    """The check accepts the Python of the tests."""
    command = [sys.executable, str(ROOT / "release" / "check_python.py")]
    if sys.version_info < check_python.OLDEST:
        pytest.skip("an older Python runs the tests than may build")
    assert b"" == subprocess.run(command, capture_output=True, check=True).stdout


def test_what_is_in_use_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Windows keeps the file of a running program; PyInstaller would end with a traceback."""

    def in_use(*_: object) -> None:
        raise PermissionError(13, "used by another process", "oauth2_imap.exe")

    (tmp_path / "oauth2_imap.exe").touch()
    monkeypatch.setattr(shutil, "rmtree", in_use)
    with pytest.raises(BuildProblem, match=r"Close oauth2_imap, and build again"):
        build.remove(tmp_path)


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
