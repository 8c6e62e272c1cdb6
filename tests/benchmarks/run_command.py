"""`run` with two mailboxes: from its start until imapsync starts, with both tokens tested."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from .servers import ACCOUNT, OTHER, Servers, servers
from .surroundings import installed_command, work_folder
from .table import Row
from .timing import in_turns, output

# Only tells its version, and when it was started.
IMAPSYNC = """#!/bin/sh
[ "$1" = --version ] && echo 2.296 && exit
date +%s%N > started
"""


def rows(*, short: bool = False) -> Iterator[Row]:
    """Ours beside two refreshes with a login, started at the same time."""
    with work_folder() as folder, servers(folder) as running:
        imapsync = folder / "imapsync"
        imapsync.write_text(IMAPSYNC)
        imapsync.chmod(0o755)
        ours = installed_command(folder)
        took = in_turns(
            1 if short else 15,
            {
                "two": lambda: _two_refreshes(running, ours),
                "run": lambda: _run(running, ours, imapsync),
            },
        )
    yardstick = "two refreshes with a login, side by side"
    yield Row("`run`, two sides, until imapsync starts", took["run"], yardstick, took["two"], 1.2)


def _two_refreshes(running: Servers, ours: list[str]) -> float:
    files = _expired(running)
    begin = time.perf_counter()
    processes = [
        subprocess.Popen(
            [*ours, address, "--token_file", str(file)],
            cwd=running.folder,
            env=running.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for address, file in files.items()
    ]
    codes = [process.wait() for process in processes]
    assert codes == [0, 0]
    return (time.perf_counter() - begin) * 1000


def _run(running: Servers, ours: list[str], imapsync: Path) -> float:
    users = [f"--user1={ACCOUNT}", f"--user2={OTHER}"]
    _expired(running)
    begin = time.time_ns()
    command = [*ours, "run", ACCOUNT, OTHER, "--", str(imapsync), *users]
    output(command, running.environment(), running.folder)
    started = int((running.folder / "started").read_text())
    return (started - begin) / 1e6


def _expired(running: Servers) -> dict[str, Path]:
    """Both token files, at their usual places."""
    tokens = running.folder / "tokens"
    return {
        address: running.write(tokens / f"oauth2_tokens_{address}.txt", address=address)
        for address in (ACCOUNT, OTHER)
    }
