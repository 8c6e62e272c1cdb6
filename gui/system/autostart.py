"""Starts the window when the person logs in, so that an update's restart doesn't end the weekend.

Per user and without rights; where each system keeps it is in `autostart_entries`.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import AppError
from gui.system.autostart_entries import DesktopFile, Entry, LaunchAgent, RunKey

_SCRIPT = "oauth2_imap"


class Autostart:
    """Whether the window starts at log-in: `enabled` asks the system each time."""

    def __init__(self, *, command: Sequence[str] | None = None, entry: Entry | None = None) -> None:
        """Without `command` the running program; without `entry` this system's own."""
        self._command = running_program(sys.argv) if command is None else command
        self._entry = entry or entry_of_system()

    @property
    def available(self) -> bool:
        """Not where the system has no place for it, nor for a program that isn't installed."""
        return self._entry is not None and bool(self._command)

    @property
    def enabled(self) -> bool:
        """Whether this very program is started; not one that lay elsewhere before."""
        if self._entry is None or not self._command:
            return False
        try:
            return self._entry.starts(self._command)
        except ValueError:  # what can't be written there isn't there
            return False

    def set_enabled(self, enabled: bool) -> None:
        """Start it at log-in from now on, or no longer; an `AppError` where that can't be set."""
        if self._entry is None or not self._command:
            return
        try:
            if enabled:
                self._entry.write(self._command)
            else:
                self._entry.remove()
        except (OSError, ValueError) as exc:
            raise AppError(
                "The start at log-in can't be set",
                detail=getattr(exc, "strerror", None) or str(exc),
                hint="After a restart of the computer, start the program by hand.",
            ) from exc


def running_program(argv: Sequence[str]) -> Sequence[str]:
    """The command line of the window that runs; empty where it isn't installed.

    That is the exe, or the script that an installation made; a checkout has neither.
    """
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    script = Path(argv[0]).absolute() if argv else Path()
    if script.stem.lower() != _SCRIPT:
        return ()
    # Windows' own starter leaves the ending out.
    return next(((str(p),) for p in (script, script.with_suffix(".exe")) if p.is_file()), ())


def entry_of_system(platform: str = sys.platform) -> Entry | None:
    """Where a system keeps what it starts at log-in; None where that isn't known."""
    if platform == "win32":
        return RunKey()
    if platform == "darwin":
        return LaunchAgent(Path.home() / "Library" / "LaunchAgents")
    if platform == "linux":
        config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return DesktopFile(Path(config) / "autostart")
    return None
