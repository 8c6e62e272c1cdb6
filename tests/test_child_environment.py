"""Tests of core/child_environment.py: what other programs inherit from a frozen one."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.child_environment import environment, without_loader
from core.cli.run import child_environment
from core.oauth.sign_in.browser import find_browser
from servers import AT_ONCE

BUNDLE = os.path.join(os.sep, "tmp", "_MEI123")
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


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_browser_inherits_nothing(frozen: str, tmp_path: Path) -> None:
    """A browser doesn't inherit the loader's variables, with which it would load our libraries."""
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\n/usr/bin/env > "{seen}.part"; /bin/mv "{seen}.part" "{seen}"\n')
    browser.chmod(0o755)
    opener = find_browser({**os.environ, "BROWSER": str(browser)}, "linux")

    assert opener is not None
    assert opener("https://login.example/")
    deadline = time.monotonic() + AT_ONCE
    while not seen.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "PATH=" in seen.read_text()
    assert frozen not in seen.read_text()
    assert "_PYI_" not in seen.read_text()


def test_imapsync_inherits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """imapsync inherits neither the loader's variables nor the client secret."""
    monkeypatch.setattr(sys, "_MEIPASS", BUNDLE, raising=False)

    assert AS_BEFORE == child_environment({**FROZEN, "OAUTH2_IMAP_CLIENT_SECRET": "x"})
