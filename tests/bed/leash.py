"""Runs a command that knows no better until standard input closes: `leash.py COMMAND...`.

Dovecot and Chromium go on for ever when the process that started them is killed; on this leash they
do not, nor do the processes that they started.
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
    """Returns the command's exit status, when nothing of it runs any more."""
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
