"""The command line: the only part of core that prints."""

import os
import sys
from collections.abc import Sequence

from .. import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words == ["--version"] and _tell_version():
        return 0
    from .entry import run

    return run(words)


def _tell_version() -> bool:
    """Answer before anything is imported: scripts ask it before each run. False if that failed.

    Past the buffer of standard output, so that nothing is left in it for the usual way.
    """
    try:
        os.write(sys.stdout.fileno(), f"oauth2_imap {__version__}\n".encode())
    except (OSError, AttributeError):  # AttributeError: there is no standard output
        return False
    return True
