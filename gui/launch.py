"""Where `oauth2_imap` starts: the window without arguments, else the command line without Qt."""

import os
import sys
from collections.abc import Mapping


def main() -> int:
    """Run what fits; without arguments and without a display the command line shows its help."""
    if len(sys.argv) == 1 and has_display(os.environ):
        from gui.startup.app import run

        return run([])
    from core.cli import main as command_line

    return command_line(sys.argv[1:])


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a window could be seen; Windows and macOS always have a desktop."""
    if platform in ("win32", "darwin"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
