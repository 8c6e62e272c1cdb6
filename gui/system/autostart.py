"""Starts the window when the user logs in, so that refreshing goes on after a restart.

It works for this user alone and needs no administrator rights; `autostart_entries` knows where each
system keeps its entries.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import as_error
from core.verdicts import local_commands
from gui.system.autostart_entries import DesktopFile, Entry, LaunchAgent, RunKey

_SCRIPT = "oauth2_imap"


class Autostart:
    """Switches the start at login on and off; `enabled` asks the system each time."""

    def __init__(self, *, command: Sequence[str] | None = None, entry: Entry | None = None) -> None:
        """`command` is the running program by default, `entry` this system's own."""
        self._command = running_program(sys.argv) if command is None else command
        self._entry = entry or entry_of_system()

    @property
    def available(self) -> bool:
        """Whether this system has autostart entries, and the program is installed."""
        return self._entry is not None and bool(self._command)

    @property
    def enabled(self) -> bool:
        """Whether this program is started; an entry with another path doesn't count."""
        if self._entry is None or not self._command:
            return False
        try:
            return self._entry.starts(self._command)
        except ValueError:  # a path that an entry can't hold
            return False

    def set_enabled(self, enabled: bool) -> None:
        """Start the program at login from now on, or no longer; raises `AppError`."""
        if self._entry is None or not self._command:
            return
        try:
            if enabled:
                self._entry.write(self._command)
            else:
                self._entry.remove()
        except (OSError, ValueError) as exc:
            raise as_error(
                local_commands.AUTOSTART_NOT_CHANGED,
                detail=getattr(exc, "strerror", None) or str(exc),
            ) from exc


def running_program(argv: Sequence[str]) -> Sequence[str]:
    """Return the command line of the running window; empty where it isn't installed.

    It is the exe, or the script of an installation. A window from a source checkout has neither.
    """
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    script = Path(argv[0]).absolute() if argv else Path()
    if script.stem.lower() != _SCRIPT:
        return ()
    # The launcher on Windows leaves the suffix out.
    return next(((str(p),) for p in (script, script.with_suffix(".exe")) if p.is_file()), ())


def entry_of_system(platform: str = sys.platform) -> Entry | None:
    """Return the autostart entry of a system, or None where it has none."""
    if platform == "win32":
        return RunKey()
    if platform == "darwin":
        return LaunchAgent(Path.home() / "Library" / "LaunchAgents")
    if platform == "linux":
        config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return DesktopFile(Path(config) / "autostart")
    return None
