"""What only root on Linux can do for a test: run as nobody, mount a small disk, mount a file.

Elsewhere such a test is skipped. In CI (CI=true) it fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bed.install import btrfs

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
_SMALLEST_BTRFS = 128 << 20  # bytes
# Runs a whole program as nobody, who may write what nobody may, but read all: the sources and the
# interpreter may lie where nobody may not look.
AS_NOBODY = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"),
    *(f"--{kind}=-all,+dac_read_search" for kind in ("bounding-set", "inh-caps", "ambient-caps")),
)
# Everything is imported as root: the sources may lie where nobody may not look.
_AS_NOBODY = f"""
import os, sys
from pathlib import Path
import hashlib, idna, platformdirs
from core.cancel import Cancellation
from core.doctor.diagnosis import examine
from core.errors import AppError
from core.providers.catalog import Catalog
from core.tokenfile import format, lock, place, read, save
os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
"""


def need_root() -> None:
    """Skip the test unless root on Linux runs it; in CI fail it."""
    if sys.platform == "linux" and os.geteuid() == 0:
        return
    reason = "only root on Linux can mount a small disk and become nobody"
    if sys.platform == "linux" and os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run_as_nobody(code: str, *arguments: object) -> str:
    """Run Python code without privileges, with the token file modules; return its output."""
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY + code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """Mount a file system that belongs to nobody; `size` is as in mount(8)."""
    need_root()
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    options = f"size={size},mode=0700,uid={NOBODY},gid={NOBODY}"
    folder.chmod(0o755)
    try:
        with _mounted(folder, "-t", "tmpfs", "-o", options, "tmpfs"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def small_btrfs() -> Iterator[Path]:
    """Mount a btrfs that is a file; raise `MissingPart` if this machine can't."""
    need_root()
    btrfs()
    with tempfile.TemporaryDirectory(prefix="small-btrfs-") as name:
        folder, image = Path(name) / "disk", Path(name) / "image"
        folder.mkdir()
        image.touch()
        os.truncate(image, _SMALLEST_BTRFS)
        subprocess.run(["mkfs.btrfs", "--quiet", image], check=True, stdout=subprocess.DEVNULL)
        Path(name).chmod(0o755)
        with _mounted(folder, "-o", "loop", str(image)):
            yield folder


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Make the small disk read-only, even for root."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@contextmanager
def mounted_file(source: Path, place: Path) -> Iterator[None]:
    """Mount `source` over another file, as Docker does with a single file."""
    need_root()
    place.touch()
    with _mounted(place, "--bind", str(source)):
        yield


@contextmanager
def _mounted(place: Path, *arguments: str) -> Iterator[None]:
    mounting = subprocess.run(
        ["mount", *arguments, place], capture_output=True, text=True, check=False
    )
    if mounting.returncode != 0:
        reason = f"this machine doesn't mount: {mounting.stderr.strip()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)
