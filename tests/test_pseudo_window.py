"""The window in a language that marks its texts: none is left in English, whoever gives it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import screenshots

SCRIPT = Path(screenshots.__file__).with_name("pseudo_window.py")


@pytest.mark.only_on("linux", reason="the stories stand in for programs with shell scripts")
def test_no_text_of_the_window_is_left_in_english() -> None:
    """In all stories of the pictures: labels, tool tips, menus, the list, names for readers."""
    done = subprocess.run(
        [sys.executable, SCRIPT],
        env={**os.environ, **screenshots.LOOKS, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stdout), done.stderr
