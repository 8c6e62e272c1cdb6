"""The watch over secrets fails a test run in which a secret was told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from program import ROOT

# Each test passes, and tells the secret of its own authorization server in another way.
TELLING = """
import logging, sys
from pathlib import Path
import pytest
import secrets_watch
from faulty_servers.authorization_server import FaultyAuthorizationServer

def log(secret):
    logging.getLogger("core.x").debug("code %s", secret)

def output(secret):
    print(secret)

def its_end_on_error_output(secret):
    print("its end:", secret[-16:], file=sys.stderr)

def program(secret):
    secrets_watch.hear_program((), Path("nowhere"), f"said {secret}")

def log_of_a_program(secret):
    Path("home").mkdir()
    Path("home", "a.log").write_text(f"state={secret}", "utf-8")
    secrets_watch.hear_program(("--print_token",), Path("home"), "")

@pytest.mark.parametrize("tell", [log, output, its_end_on_error_output, program, log_of_a_program])
def test_tells(tell):
    secret = f"{tell.__name__}-planted-this-secret-in-{tell.__name__}"
    with FaultyAuthorizationServer(client_secret=secret):
        pass
    tell(secret)
"""
SILENT = """
from faulty_servers.authorization_server import FaultyAuthorizationServer

def test_tells_nothing():
    with FaultyAuthorizationServer(client_secret="a secret that nobody tells"):
        print("nothing of interest")
"""


def run(tests: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with these tests alone."""
    (folder / "test_planted.py").write_text(tests, "utf-8")
    plugins = ("-p", "secrets_watch", "-p", "no:cacheprovider", "-p", "no:pytest-qt")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_told_secret_fails_the_run(options: tuple[str, ...], tmp_path: Path) -> None:
    """The run fails although its tests pass, and doesn't repeat the secrets."""
    done = run(TELLING, tmp_path, *options)

    assert "5 passed" in done.stdout, done.stdout
    assert "5 secrets" in done.stdout
    assert "5 tell one" in done.stdout
    assert 1 == done.returncode
    assert "planted-this-secret" not in done.stdout


def test_a_run_that_tells_nothing_is_left_alone(tmp_path: Path) -> None:
    """Its exit code stays what it was."""
    done = run(SILENT, tmp_path)

    assert 0 == done.returncode, done.stdout
    assert "1 secrets" in done.stdout
    assert "0 tell one" in done.stdout
