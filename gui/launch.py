"""The command `oauth2_imap`: without arguments the window, otherwise the command line."""

import os
import sys
from collections.abc import Mapping


def main() -> int:
    """Run the window or the command line, and return the exit code.

    Without arguments and without a display the command line shows its help. Qt is imported for
    the window only.
    """
    if len(sys.argv) == 1 and has_display(os.environ):
        from gui.startup.window_face import main as show_window

        return show_window([])
    from core.cli import main as command_line

    return command_line(sys.argv[1:])


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a window can be shown; Windows and macOS always have a desktop."""
    if platform in ("win32", "darwin"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
