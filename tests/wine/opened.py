"""The window, open in Windows for the length of a block."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from program import Program
from wine.prefix import Wine


@contextmanager
def opened(window: Program, windows: Wine, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Open the window; end it by force if it doesn't end by itself."""
    process = subprocess.Popen(
        [*window.command, *arguments],
        cwd=window.folder,
        env=window.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                windows.run("taskkill", "/f", "/im", "oauth2_imap.exe")
            process.communicate()  # the loader's child holds the pipe as long as it lives
