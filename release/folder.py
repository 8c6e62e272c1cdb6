"""Packs the folder variant into a reproducible zip file: equal content gives equal bytes."""

import platform
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from project import VERSION, WINDOW, commit_time

_SYSTEMS = {"win32": "windows", "darwin": "macos", "linux": "linux"}
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def label() -> str:
    """The part of the file names that tells version and system, like `1.2.3-windows-x86_64`."""
    machine = platform.machine().lower()
    system = _SYSTEMS.get(sys.platform, sys.platform)
    return f"{VERSION}-{system}-{_MACHINES.get(machine, machine)}"


def pack(folder: Path, target: Path) -> None:
    """Write `folder` with its content to the zip file `target`; links are followed."""
    date_time = datetime.fromtimestamp(commit_time(), UTC).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            name = f"{WINDOW}/{file.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, date_time)
            info.compress_type = zipfile.ZIP_DEFLATED
            executable = file.stat().st_mode & 0o100 or file.suffix == ".exe"
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(info, file.read_bytes())
