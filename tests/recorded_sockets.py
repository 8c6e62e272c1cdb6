"""Runs the command line, and writes down to whom it talks.

    python recorded_sockets.py FILE ARGUMENTS...

Python tells an audit hook of each name that is looked up and of each address that is connected to,
in whatever library (https://docs.python.org/3/library/audit_events.html).
"""

import sys
from typing import Any

from core.cli import main

_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")
_SENDS = ("socket.connect", "socket.sendto")


def record(file: str) -> None:
    """Write host and port into a file, one pair a line; other sockets have no host."""
    written = open(file, "a", encoding="utf-8", buffering=1)  # noqa: SIM115  # open to the end

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _LOOKUPS:
            written.write(f"{arguments[0]} {arguments[1] if arguments[1:] else ''}\n")
        elif event in _SENDS and isinstance(arguments[1], tuple):
            written.write(f"{arguments[1][0]} {arguments[1][1]}\n")

    sys.addaudithook(hear)


if __name__ == "__main__":
    record(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
