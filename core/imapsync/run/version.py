"""The version of imapsync. The question takes half a second, so other work goes on meanwhile."""

import contextlib
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import PurePath

from ...cancel import Cancellation
from ...child_environment import without_loader
from .command_line import ImapsyncCommand
from .process import NO_CONSOLE, end_tree

Version = tuple[int, int]
Answer = Callable[[], Version | None]

_PLAIN_NAME = re.compile(r"imapsync(-[\d.]+)?(\.exe|\.pl)?", re.IGNORECASE)
_FIRST_LINE = 256  # bytes
_VERSION = re.compile(r"\b(\d+)\.(\d+)\b")
_LONGEST_ANSWER = 60.0  # seconds; imapsync.exe unpacks itself at first
_SLICE = 0.5  # seconds; Ctrl-C doesn't interrupt a long wait on Windows


@contextmanager
def version_asked(
    command: ImapsyncCommand, environment: Mapping[str, str], cancelled: Cancellation
) -> Iterator[Answer]:
    """Run `imapsync --version` beside the block; it is ended at the end of the block.

    Yields a function that waits for the answer. That returns None if the version is unknown, and
    raises `Cancelled`.
    """
    process = _start(command, environment)
    if process is None:
        yield lambda: None
        return
    with process:
        try:
            yield partial(_answer, process, time.monotonic() + _LONGEST_ANSWER, cancelled)
        finally:
            if process.poll() is None:  # it hangs, or its answer is not needed any more
                end_tree(process.pid)
                process.kill()


def is_older(version: Version | None, than: str) -> bool:
    """Whether this imapsync is known to be older than that version."""
    limit = _version_in(than)
    return version is not None and limit is not None and version < limit


def is_at_least(version: Version | None, than: str) -> bool:
    """Whether this imapsync is known to be of that version or newer."""
    return version is not None and not is_older(version, than)


def _start(
    command: ImapsyncCommand, environment: Mapping[str, str]
) -> "subprocess.Popen[bytes] | None":
    """Start the question; None if the command is not imapsync itself or can't be started."""
    if not command.imapsync or _is_other_script(command.imapsync[-1]):
        return None
    try:
        with without_loader():
            return subprocess.Popen(  # noqa: S603  # the user's own command
                [*command.imapsync, "--version"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=NO_CONSOLE,
            )
    except OSError:
        return None


def _answer(
    process: "subprocess.Popen[bytes]", deadline: float, cancelled: Cancellation
) -> Version | None:
    while (left := deadline - time.monotonic()) > 0:
        cancelled.check()
        with contextlib.suppress(subprocess.TimeoutExpired):
            output, _ = process.communicate(timeout=min(left, _SLICE))
            return _version_in(output.decode(errors="replace"))
    return None


def _is_other_script(program: str) -> bool:
    """Whether a program like `imapsync_all` is a script that only starts imapsync."""
    if _PLAIN_NAME.fullmatch(PurePath(program).name):
        return False
    with contextlib.suppress(OSError), open(program, "rb") as file:
        first = file.readline(_FIRST_LINE)
        return first.startswith(b"#!") and b"perl" not in first
    return False


def _version_in(text: str) -> Version | None:
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2])) if found else None
