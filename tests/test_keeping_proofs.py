"""The soak and the faults in their short forms; docs/RELIABILITY.md has the figures of the long."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "reliability"
FIGURES = {
    "soak": r"at the end +[\d.]+ MB, \d+ handles, \d+ threads",
    "faults": r"real time: grants lost +0",
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FIGURES)
def test_short_form(name: str) -> None:
    """It prints its seed and its figures, and finds no breach."""
    command = [sys.executable, FOLDER / f"{name}.py", "--short"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    assert re.search(r"^seed +\d+$", done.stdout, re.MULTILINE)
    assert re.search(FIGURES[name], done.stdout)
    assert re.search(r"^breaches +0$", done.stdout, re.MULTILINE)
