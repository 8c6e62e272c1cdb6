"""Runs a command until standard input closes: `leash.py COMMAND...`.

Dovecot and Chromium, and the processes that they started, would go on for ever after the process
that started them was killed. On this leash they end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

STOP_SECONDS = 5


def main(command: list[str]) -> int:
    """Run the command; when all its processes have ended, return its exit status."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)
    threading.Thread(target=_end_with_input, args=[child], daemon=True).start()
    status = child.wait()
    with suppress(ProcessLookupError):  # nobody is left
        os.killpg(child.pid, signal.SIGKILL)
    return status


def _end_with_input(child: subprocess.Popen[bytes]) -> None:
    sys.stdin.buffer.read()
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
