"""Starts both programs once, in the same way as a user does after the download."""

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
    """One start: the program, its arguments, and the text that it must print."""

    program: str
    arguments: tuple[str, ...]
    printed: str = ""


STARTS = (
    Start(TERMINAL, ("--version",), f"oauth2_imap {VERSION}"),
    Start(TERMINAL, ("--help",), "usage: oauth2_imap"),
    Start(TERMINAL, ("providers",), "office365"),
    Start(WINDOW, ("--version",), f"oauth2_imap {VERSION}"),
    Start(WINDOW, ("--help",), "usage: oauth2_imap"),
    Start(WINDOW, ("--smoke-test",)),
)


def start_all(folder: Path, starts: Sequence[Start] = STARTS, *, seconds: float = _SECONDS) -> None:
    """Start the programs in `folder`; raises `BuildProblem` at the first one that fails."""
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
        raise BuildProblem(f"{line} failed with exit code {done.returncode}:\n{tail}")
    if start.printed not in output:
        raise BuildProblem(f"{line} printed {output!r}, but {start.printed!r} was expected")


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
    """Kill a process and its children: a one-file program is a loader that starts a child.

    `subprocess.run` with a timeout would kill only the loader. On Windows the child would then hold
    the pipes open, and the build would wait for it.
    """
    with suppress(psutil.NoSuchProcess):
        loader = psutil.Process(pid)
        for process in [loader, *loader.children(recursive=True)]:
            process.kill()


def _environment(platform: str = sys.platform) -> Mapping[str, str]:
    """The environment for a start; without a screen Qt draws into memory."""
    if platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return os.environ
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
