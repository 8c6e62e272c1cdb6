"""Starts both programs once, as they will be started by the person who downloads them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from project import TERMINAL, VERSION, WINDOW, BuildProblem, file_name

_SECONDS = 120  # a virus scanner may read the whole file first


@dataclass(frozen=True, slots=True)
class Start:
    """One start: the program, what it is given, what it has to print."""

    program: str
    arguments: tuple[str, ...]
    printed: str = ""


STARTS = (
    Start(TERMINAL, ("--version",), f"oauth2_imap {VERSION}"),
    Start(TERMINAL, ("providers",), "office365"),
    Start(WINDOW, ("--smoke-test",)),
)


def start_all(folder: Path, starts: Sequence[Start] = STARTS, *, seconds: float = _SECONDS) -> None:
    """Run each start with the programs in `folder`; the first that isn't right ends the build."""
    for start in starts:
        _start(folder / file_name(start.program), start, seconds)


def _start(program: Path, start: Start, seconds: float) -> None:
    line = " ".join([program.name, *start.arguments])
    try:
        done = _run(program, start.arguments, seconds)
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise BuildProblem(f"{line} did not run: {exc}") from exc
    output = done.stdout.decode(errors="replace")
    if done.returncode:
        tail = done.stderr.decode(errors="replace")[-1500:]
        raise BuildProblem(f"{line} ended with {done.returncode}:\n{tail}")
    if start.printed not in output:
        raise BuildProblem(f"{line} did not print {start.printed!r} but {output!r}")


def _run(
    program: Path, arguments: Sequence[str], seconds: float
) -> subprocess.CompletedProcess[bytes]:
    command = [str(program), *arguments]
    with subprocess.Popen(  # noqa: S603  # the programs just built
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _kill_tree(process.pid)
            process.communicate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _kill_tree(pid: int) -> None:
    """With its children: a one-file program is a loader, and the child in which it goes on.

    On Windows the child would hold the pipes open, and with them this build, which is why
    `subprocess.run` and its time limit don't do.
    """
    with suppress(psutil.NoSuchProcess):
        loader = psutil.Process(pid)
        for process in [loader, *loader.children(recursive=True)]:
            process.kill()


def _environment(platform: str = sys.platform) -> Mapping[str, str]:
    """Without a screen Qt draws into memory."""
    if platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return os.environ
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
