"""Tests of core/child_environment.py: what other programs inherit from a frozen one."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.child_environment import SECRET_VARIABLE, environment, without_loader
from core.oauth.sign_in.browser import find_browser
from program import ROOT
from servers import AT_ONCE

BUNDLE = os.path.join(os.sep, "tmp", "_MEI123")
# What starts a program. A pattern that is too wide is better than one that misses a place.
_STARTS = re.compile(
    r"subprocess\.(run|Popen|call|check_\w+)\(|\bchild\.start\(|startDetached\(|\.openUrl\("
    r"|\bos\.(startfile|system|popen|exec\w+|spawn\w+)\(|webbrowser\.\w+\(.*\)\.open\("
)
LIBRARIES = os.path.join(BUNDLE, "lib")


def joined(*paths: str) -> str:
    """A list of paths as the value of a variable."""
    return os.pathsep.join(paths)


FROZEN = {
    "_PYI_ARCHIVE_FILE": "/opt/oauth2_imap",
    "_PYI_APPLICATION_HOME_DIR": BUNDLE,
    "_MEIPASS2": BUNDLE,
    "LD_LIBRARY_PATH": joined(BUNDLE, "/usr/local/lib"),
    "LD_LIBRARY_PATH_ORIG": "/usr/local/lib",
    "QT_PLUGIN_PATH": LIBRARIES,
    "PATH": joined(BUNDLE, "/usr/bin", f"{BUNDLE}4", ""),
    "HOME": "/home/you",
    "EMPTY": "",
    "MINE_ORIG": "stays",
}
AS_BEFORE = {
    "LD_LIBRARY_PATH": "/usr/local/lib",
    "PATH": joined("/usr/bin", f"{BUNDLE}4", ""),
    "HOME": "/home/you",
    "EMPTY": "",
    "MINE_ORIG": "stays",
}


@pytest.mark.parametrize(
    ("environ", "inside", "expected"),
    [
        (FROZEN, BUNDLE, AS_BEFORE),
        ({"LD_LIBRARY_PATH": BUNDLE}, BUNDLE, {}),
        (FROZEN, "", FROZEN),
    ],
    ids=["frozen", "nothing before", "from source"],
)
def test_the_loaders_variables_are_left_out(
    environ: dict[str, str], inside: str, expected: dict[str, str]
) -> None:
    """The loader's variables and the paths in the bundle are removed; everything else stays."""
    assert expected == environment(environ, inside)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Make this process look as if the loader had started it."""
    inside = str(tmp_path / "_MEI123")
    monkeypatch.setattr(sys, "_MEIPASS", inside, raising=False)
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "x")
    monkeypatch.setenv("QT_PLUGIN_PATH", inside)
    return inside


def test_a_child_inherits_nothing_and_we_keep_it(frozen: str) -> None:
    """The variables are removed from the process only while a child is started."""
    show = "import os; print(os.environ.get('QT_PLUGIN_PATH'), '_PYI_ARCHIVE_FILE' in os.environ)"
    with without_loader():
        said = subprocess.check_output([sys.executable, "-c", show], text=True)

    assert "None False\n" == said
    assert (frozen, "x") == (os.environ["QT_PLUGIN_PATH"], os.environ["_PYI_ARCHIVE_FILE"])


@pytest.mark.only_on("posix", reason="the stand-in is a shell script")
def test_a_browser_inherits_nothing(frozen: str, tmp_path: Path) -> None:
    """A browser inherits neither the client secret nor the loader's variables.

    With those it would load our libraries.
    """
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\n/usr/bin/env > "{seen}.part"; /bin/mv "{seen}.part" "{seen}"\n')
    browser.chmod(0o755)
    environ = {**os.environ, "BROWSER": str(browser), SECRET_VARIABLE: "the-secret"}
    opener = find_browser(environ, "linux")

    assert opener is not None
    assert opener("https://login.example/")
    deadline = time.monotonic() + AT_ONCE
    while not seen.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "PATH=" in seen.read_text()
    assert frozen not in seen.read_text()
    assert "_PYI_" not in seen.read_text()
    assert "the-secret" not in seen.read_text()


@pytest.mark.parametrize("inside", [BUNDLE, ""], ids=["frozen", "from source"])
def test_no_child_inherits_the_client_secret(inside: str) -> None:
    """The other variables don't change for that."""
    assert environment(FROZEN, inside) == environment({**FROZEN, SECRET_VARIABLE: "x"}, inside)


def test_nor_a_child_that_inherits_the_process_s_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From source too; the program itself keeps the secret."""
    monkeypatch.setenv(SECRET_VARIABLE, "x")
    show = f"import os; print({SECRET_VARIABLE!r} in os.environ)"
    with without_loader():
        said = subprocess.check_output([sys.executable, "-c", show], text=True)

    assert ("False\n", "x") == (said, os.environ[SECRET_VARIABLE])


def test_every_program_is_started_without_them() -> None:
    """Each place that starts a program does so inside `without_loader`."""
    found = []
    for path in (*ROOT.glob("core/**/*.py"), *ROOT.glob("gui/**/*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if _STARTS.search(line):
                before = path.read_text("utf-8").splitlines()[max(number - 3, 0) : number]
                found.append((path.name, any("with without_loader()" in one for one in before)))

    assert {
        ("browser.py", True),
        ("version.py", True),
        ("process.py", True),
        ("macos_keychain.py", True),
        ("open_external.py", True),
        ("keep_awake.py", True),
        ("awake.py", True),
        ("hooks.py", True),
    } == set(found)
