"""Starts a server, waits until it responds, and stops it by its own handle, never by name.

The standard input of such a server is a pipe, and the server ends when that closes. So it ends with
the process that started it, even if that was killed.
"""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 10
START_SECONDS = 30
# Below the range from which systems take ports for outgoing connections (Linux: from 32768 on),
# so that a server which was stopped finds its port free again.
PORTS = range(20000, 32000)


class NotStarted(Exception):
    """A server ended at once or did not open its port in time; the message has its last output."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that was started here."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Close its standard input and wait; kill it if it doesn't end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def is_running(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def tail(self) -> str:
        """Return the end of its output."""
        return self.log.read_text("utf-8", errors="replace")[-2000:]


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    port: int,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Server:
    """Start a server and return when its port is open; its output is appended to `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for pytest, which then stops us in good order
        )
    server = Server(name, process, log)
    deadline = time.monotonic() + START_SECONDS
    while not is_open(port):
        if not server.is_running() or time.monotonic() > deadline:
            server.stop()
            raise NotStarted(f"{name} did not open port {port}:\n{server.tail()}")
        time.sleep(0.05)
    return server


def free_port() -> int:
    """Return a port of 127.0.0.1 that no process listens on."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def is_open(port: int) -> bool:
    """Whether a process listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
