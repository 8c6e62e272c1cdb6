"""What all build steps share: paths, names, the version, and the error class."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a script has only its own folder on the path

import core  # noqa: E402  # see the line above

VERSION = core.__version__
REPOSITORY = core.REPOSITORY
DIST = ROOT / "dist"
BUILD = ROOT / "build"
WINDOW = "oauth2_imap"
TERMINAL = "oauth2_imap_cli"
LICENCES = ROOT / "resources" / "LICENSES.txt"  # written by licences.py, included by the spec
_EARLIEST = 315532800  # 1980-01-01, the earliest time in a zip file


class BuildProblem(Exception):
    """The build can't go on; the message says why and is shown to the user."""


def file_name(program: str, platform: str = sys.platform) -> str:
    """The file name of a program on a system."""
    return f"{program}.exe" if platform == "win32" else program


def commit_time() -> int:
    """The time of the commit in seconds since the epoch, used as the time of every built file.

    SOURCE_DATE_EPOCH takes precedence (https://reproducible-builds.org/docs/source-date-epoch/).
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  # constant
    except (OSError, subprocess.CalledProcessError):
        return _EARLIEST  # not a git checkout, or no git
    return int(done.stdout)
