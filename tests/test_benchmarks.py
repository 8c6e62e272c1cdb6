"""The benchmarks run and print figures; people judge how good those are."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "benchmarks"
SHORT = {
    "window_start": (["--runs", "1"], r"first frame [\d.]+ times .*\nwhole .*[+-][\d.]+ MB"),
    "window_idle": (["--seconds", "2", "--mailboxes", "3"], r"window +[\d.]+% of a core"),
    "window_heartbeat": (
        ["--refreshes", "3", "--slowest", "0.3"],
        r"window +a sign-in +worst +[\d.]+ ms.*\nwindow +3 refreshes +worst +[\d.]+ ms",
    ),
    "window_many": (["--mailboxes", "30"], r"window +tick Keep +worst +[\d.]+ ms"),
}


@pytest.mark.only_on("linux", reason="they start an Xvfb where there is no screen")
@pytest.mark.parametrize("name", SHORT)
def test_short_form_prints_its_figures(name: str) -> None:
    """It prints the window's figures beside those of a bare window."""
    arguments, expected = SHORT[name]
    command = [sys.executable, str(FOLDER / f"{name}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert 0 == done.returncode, done.stderr
    assert re.search(expected, done.stdout), done.stdout
    assert re.search(r"^label ", done.stdout, re.MULTILINE), done.stdout
