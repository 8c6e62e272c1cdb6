"""Where `oauth2_imap` starts: the command line, without loading anything of a window."""

import sys


def main() -> int:
    """Run the command line; without arguments it shows its help."""
    from core.cli import main as command_line

    return command_line(sys.argv[1:])
