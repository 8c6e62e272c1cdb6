"""A virtual screen: real keys for the windows on it, and pictures of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

PICTURE = Path(__file__).parent / "picture.py"
SIZE = "1280x1000x24"
_PAUSE = 0.2  # seconds
_BETWEEN_KEYS = "30"  # milliseconds


@dataclass(frozen=True, slots=True)
class Screen:
    """An X display."""

    display: str

    def wait_for_window(self, title: str, seconds: float = 120.0) -> str:
        """Wait for a visible window with this title; return its id."""
        look = ("search", "--onlyvisible", "--name", title)
        return wait(lambda: self._xdotool(*look, check=False).split("\n")[0], title, seconds)

    def is_visible(self, window: str) -> bool:
        """Whether a window is still there."""
        look = ("search", "--onlyvisible", "--name", ".")
        return window in self._xdotool(*look, check=False).split("\n")

    def type(self, text: str) -> None:
        """Type text where the focus is."""
        self._xdotool("type", "--delay", _BETWEEN_KEYS, text)

    def press(self, *keys: str) -> None:
        """Press keys, each as `alt+g` or `Tab`."""
        self._xdotool("key", "--delay", _BETWEEN_KEYS, *keys)

    def picture(self, file: Path, window: str = "0") -> Path:
        """Write a picture of a window, or of the whole screen, as PNG."""
        environ = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        subprocess.run([sys.executable, PICTURE, window, file], env=environ, check=True)
        return file

    def _xdotool(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env={"DISPLAY": self.display},
            capture_output=True,
            text=True,
            check=check,
        )
        return done.stdout.strip()


T = TypeVar("T")


def wait(look: Callable[[], T], what: str, seconds: float = 240.0) -> T:
    """Call `look` until its result is true; return the result."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(_PAUSE)
    return seen
