"""What the steps of a build share: places, names, the version, and how a step fails."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, only this folder is on the path

import core  # noqa: E402  # see the line above

VERSION = core.__version__
REPOSITORY = core.REPOSITORY
DIST = ROOT / "dist"
BUILD = ROOT / "build"
WINDOW = "oauth2_imap"
TERMINAL = "oauth2_imap_cli"
LICENCES = ROOT / "resources" / "LICENSES.txt"  # made by licences.py; the spec takes it along
_EARLIEST = 315532800  # 1980-01-01: zip files know no earlier time


class BuildProblem(Exception):
    """Ends the build; its message is the sentence that the person reads."""


def file_name(program: str, platform: str = sys.platform) -> str:
    """How a program's file is called on a system."""
    return f"{program}.exe" if platform == "win32" else program


def commit_time() -> int:
    """When the commit was made, in seconds: the time that every part of a build carries.

    SOURCE_DATE_EPOCH wins (https://reproducible-builds.org/docs/source-date-epoch/).
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  # constant
    except (OSError, subprocess.CalledProcessError):
        return _EARLIEST  # an unpacked archive without git
    return int(done.stdout)
