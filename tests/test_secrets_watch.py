"""The watch over secrets sees what it is there for: a planted one fails the whole run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from program import ROOT

SECRET = "planted-secret-0123456789-abcdefghij"
PLANTED = f"""
import logging, sys
from pathlib import Path
import secrets_watch
from core.demo.authorization_server import AuthorizationServer

def test_tells():
    with AuthorizationServer(client_secret="{SECRET}"):
        pass
    {{}}
"""


def run(told: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A test run of one test, which does this."""
    (folder / "test_planted.py").write_text(PLANTED.format(told), "utf-8")
    (folder / "home").mkdir()
    (folder / "home" / "a.log").write_text(f"state={SECRET}", "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "secrets_watch", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "telling",
    [
        f"logging.getLogger('core.x').debug('code %s', '{SECRET}')",
        f"print('{SECRET}')",
        f"print('only its end: {SECRET[-16:]}', file=sys.stderr)",
        f"secrets_watch.hear_program((), Path('nowhere'), 'said {SECRET}')",
        "secrets_watch.hear_program(('--print_token',), Path('home'), '')",
    ],
    ids=["log", "output", "error output", "program", "log of a program"],
)
def test_a_planted_secret_fails_the_run(telling: str, tmp_path: Path) -> None:
    """Though its only test passes; and the secret isn't told once more."""
    done = run(telling, tmp_path)

    assert "1 passed" in done.stdout, done.stdout
    assert "1 tell one" in done.stdout
    assert 1 == done.returncode
    assert SECRET[-16:] not in done.stdout


def test_a_run_that_tells_nothing_is_left_alone(tmp_path: Path) -> None:
    """Its exit code stays what it was."""
    done = run("print('nothing of interest')", tmp_path)

    assert 0 == done.returncode, done.stdout
    assert "1 secrets" in done.stdout
    assert "0 tell one" in done.stdout
