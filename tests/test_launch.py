"""The one command of two faces: the window without arguments, else the command line without Qt."""

import subprocess
import sys
from pathlib import Path

import pytest

from gui.system.caller import has_display
from program import Program

START = "import sys; from gui.launch import main; code = main(); "
TELL_QT = "print('PySide6' in sys.modules); "


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "win32", True),
        ({}, "darwin", True),
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
    ],
)
def test_where_a_window_could_be_seen(
    environ: dict[str, str], platform: str, expected: bool
) -> None:
    """Windows and macOS always; elsewhere where a display server is named."""
    assert expected == has_display(environ, platform)


def _launch(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = Program(tmp_path, tmp_path / "home").environment()
    environment.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, "-c", START + TELL_QT + "sys.exit(code)", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.only_on("linux", reason="Windows and macOS always have a display")
def test_without_arguments_and_display_it_helps(tmp_path: Path) -> None:
    """The help on standard error, exit code 2, and no Qt."""
    done = _launch(tmp_path)
    assert (2, "False\n") == (done.returncode, done.stdout), done.stderr
    assert "Examples:" in done.stderr


def test_arguments_are_the_command_lines(tmp_path: Path) -> None:
    """Options and addresses never load the window."""
    done = _launch(tmp_path, "detect", "you@gmail.com")
    assert 0 == done.returncode, done.stderr
    assert "gmail (gmail.com is Google's)\nFalse\n" == done.stdout


@pytest.mark.parametrize("module", ["core", "gui"])
def test_both_modules_start(tmp_path: Path, module: str) -> None:
    """python -m core and python -m gui are entry points of their own."""
    environment = Program(tmp_path, tmp_path / "home").environment()
    done = subprocess.run(
        [sys.executable, "-m", module, "--version"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("oauth2_imap ")
