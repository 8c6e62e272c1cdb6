"""The end of a process that has shown a window."""

import contextlib
import logging
import os
import sys


def end(code: int) -> int:
    """Return the exit code; after a window was shown, end the process with it at once.

    At its own end Python destroys Qt's objects in an order that Qt doesn't expect, and now and then
    Qt crashes: a script that waits would hear of a failure after all was done. What has to be saved
    is saved before, by `CloseController.quit` and `Tasks.close`.
    """
    if "PySide6.QtWidgets" not in sys.modules:
        return code
    logging.shutdown()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with contextlib.suppress(OSError, ValueError):  # its reader has gone, or it is closed
            stream.flush()
    os._exit(code)
