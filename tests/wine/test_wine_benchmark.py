"""The benchmark of the Windows programs runs and prints figures; people judge them."""

import re
import subprocess
import sys
from pathlib import Path

from wine.build import Programs
from wine.install import ROOT

SCRIPT = ROOT / "tests" / "benchmarks" / "windows_programs.py"


def test_short_form_prints_its_figures(bare: Path, programs: Programs) -> None:
    """It prints both programs beside the bare one."""
    made = map(str, (programs.window, programs.terminal, bare))
    command = [sys.executable, str(SCRIPT), "--runs", "1", "--programs", *made]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert 0 == done.returncode, done.stderr
    figures = r" +[\d.]+ MB +[\d.]+ s"
    assert re.search(rf"^bare{figures}$", done.stdout, re.MULTILINE), done.stdout
    for name in ("window", "terminal"):
        ratios = r"  size [\d.]+ x \(goal [\d.]+\)  start [\d.]+ x \(goal [\d.]+\)"
        assert re.search(rf"^{name}{figures}{ratios}$", done.stdout, re.MULTILINE), done.stdout
