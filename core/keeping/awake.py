"""Keeps the computer awake; the screen may still go dark.

The computer may sleep again as soon as this process ends, even by a crash: Windows does that by
itself, `caffeinate` watches our process, and `systemd-inhibit` runs a `cat` that ends when our end
of its pipe is closed.
"""

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..child_environment import without_loader

if TYPE_CHECKING:
    import subprocess  # imported by the first child

log = logging.getLogger(__name__)

ES_CONTINUOUS, ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001  # winbase.h
_SYSTEMD_RUNS = Path("/run/systemd/system")  # sd_booted(3)
_GRACE = 1.0  # seconds for a child to end


def set_execution_state(flags: int) -> bool:
    """Call SetThreadExecutionState; it counts per thread, so always call it in the same one."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(flags)))
    else:
        return False


def inhibitor(
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
    systemd: Path = _SYSTEMD_RUNS,
) -> list[str]:
    """Return the command that keeps this system awake while it runs; empty where none is known."""
    if platform == "darwin" and (caffeinate := which("caffeinate")):
        return [caffeinate, "-i", "-w", str(os.getpid())]
    if platform == "linux" and systemd.is_dir() and (inhibit := which("systemd-inhibit")):
        who_and_why = ["--who=oauth2_imap", "--why=Mailboxes are refreshed for a migration"]
        return [inhibit, "--what=idle:sleep", *who_and_why, "cat"]
    return []


@contextmanager
def kept_awake(
    *,
    wanted: bool = True,
    platform: str = sys.platform,
    command: Sequence[str] | None = None,
    set_state: Callable[[int], bool] = set_execution_state,
) -> Iterator[None]:
    """Keep the computer awake until the block ends; enter and leave it in the same thread.

    A system that refuses is noted in the log only: a server needs no permission to stay awake.
    """
    if not wanted:
        yield
    elif platform == "win32":
        if not set_state(ES_CONTINUOUS | ES_SYSTEM_REQUIRED):
            log.warning("Windows refused to keep this computer awake")
        try:
            yield
        finally:
            set_state(ES_CONTINUOUS)
    else:
        child = _started(inhibitor(platform) if command is None else command)
        try:
            yield
        finally:
            if child:
                _end(child)


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes] | None":
    """The child, in a session of its own: a Ctrl-C at the terminal is not for it."""
    if not command:
        return None
    import subprocess

    try:
        with without_loader():
            return subprocess.Popen(  # noqa: S603  # a program of the system
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    except OSError as exc:
        log.warning("the computer can't be kept awake: %s", exc.strerror)
        return None


def _end(child: "subprocess.Popen[bytes]") -> None:
    import subprocess

    if child.stdin:
        child.stdin.close()
    child.terminate()
    try:
        code = child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        code = child.wait()
    log.debug("the program that kept the computer awake ended with %d", code)
