"""The command line: the only part of core that prints."""

import os
import sys
from collections.abc import Sequence

from .. import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    # Before the rest is imported: scripts ask for the version before each run.
    if words == ["--version"] and _answer(f"oauth2_imap {__version__}\n"):
        return 0
    if words == ["--help"]:
        from .help import help_text

        if _answer(help_text()):
            return 0
    from .entry import run

    return run(words)


def _answer(text: str) -> bool:
    """Write to standard output; False if that failed, and the usual way has to tell it.

    Past the buffer of standard output, so that nothing is left in it for the usual way.
    """
    rest = text.replace("\n", os.linesep).encode()
    try:
        while rest:
            rest = rest[os.write(sys.stdout.fileno(), rest) :]
    except (OSError, AttributeError):  # AttributeError: there is no standard output
        return False
    return True
