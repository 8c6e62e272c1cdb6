"""Builds the programs in Windows as a user does, and a bare one to compare with.

Processes that name the same folder share what is built: the first one builds, the others wait.
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from bed.install import CACHE
from wine import install
from wine.install import ROOT
from wine.prefix import Wine, windows_path

BARE = Path(__file__).parent / "bare_window.py"
SECONDS = 2400.0  # on a busy machine
# What Wine's cmd says if it could not start a program, which happens once in many runs.
_NOT_STARTED, _TRIES = "ShellExecuteEx failed: Internal error", 3
# As Windows names a second download, with more of what cmd.exe finds hard to read.
UNPACKED = "oauth2_imap-main (1) & Söhne"


@dataclass(frozen=True, slots=True)
class Programs:
    """The paths of the programs; the folder variant's are in `folder`, unpacked."""

    window: Path
    terminal: Path
    folder: Path
    output: Path  # what build_exe.bat said, and its exit code in the last line

    @property
    def dist(self) -> Path:
        """The folder with all that was built."""
        return self.window.parent


def build(wine: Wine, folder: Path) -> Programs:
    """Run build_exe.bat of an unpacked ZIP file below `folder`, unless it was run already."""
    checkout = folder / UNPACKED
    dist, variant = checkout / "dist", folder / "folder"
    made = Programs(
        window=dist / "oauth2_imap.exe",
        terminal=dist / "oauth2_imap_cli.exe",
        folder=variant / "oauth2_imap",
        output=folder / "build.txt",
    )
    with FileLock(folder / "ours.lock"):
        if not made.output.exists():
            unpack(checkout)
            code, said = build_exe(wine, checkout, install.bare_python() / "python.exe")
            made.output.write_text(f"{said}\n{code}\n", "utf-8")
            assert code == 0, said[-4000:]
            (archive,) = dist.glob("*.zip")
            zipfile.ZipFile(archive).extractall(variant)
    return made


def unpack(target: Path) -> None:
    """Put the sources there as a ZIP file of them has them: without git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def build_exe(
    wine: Wine, checkout: Path, python: Path | None = None, typed: str = "", **variables: str
) -> tuple[int, str]:
    """Run build_exe.bat; return its exit code and its output.

    `python` is named in the variable PYTHON. `typed` answers the question for one, as after
    a double-click; Wine has no CMDCMDLINE, which tells of that, so it is set.
    """
    environment = {**wine.environment(), "CI": "true", **variables}
    if python is not None:
        environment["PYTHON"] = windows_path(python)
    if typed:
        environment.pop("CI")
        batch = windows_path(checkout / "build_exe.bat")
        environment["CMDCMDLINE"] = rf'C:\windows\system32\cmd.exe /c ""{batch}" "'
    # pip under Wine takes the certificates of Windows, where Wine puts this machine's.
    environment.pop("PIP_CERT", None)
    environment["PIP_CACHE_DIR"] = windows_path(CACHE / "pip")
    for _ in range(_TRIES):
        done = subprocess.run(
            ["wine", "cmd", "/c", "build_exe.bat"],
            cwd=checkout,
            env=environment,
            input=f"{typed}\r\n".encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
        code, said = done.returncode, done.stdout.decode(errors="replace")
        if _NOT_STARTED not in said:
            break
    return code, said


def build_bare(wine: Wine, python: Path, folder: Path) -> Path:
    """Build a window with one label with default options; return its path."""
    (folder / "bare").mkdir()
    careless = ("--onefile", "--windowed", "--name", "bare", "--specpath", windows_path(folder))
    command = [str(python / "python.exe"), "-m", "PyInstaller", "--noconfirm", *careless]
    wine.run(*command, windows_path(BARE), cwd=folder / "bare", seconds=SECONDS)
    return folder / "bare" / "dist" / "bare.exe"
