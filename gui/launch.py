"""The command `oauth2_imap`: without arguments the window, otherwise the command line."""

import os
import sys


def main() -> int:
    """Run the window or the command line, and return the exit code.

    Without arguments and without a display the command line shows its help. Qt is imported for
    the window only.
    """
    if len(sys.argv) == 1:
        from gui.system.caller import has_display

        if has_display(os.environ):
            from gui.startup.ending import end
            from gui.startup.window_face import main as show_window

            return end(show_window([]))
    from core.cli import main as command_line

    return command_line(sys.argv[1:])
