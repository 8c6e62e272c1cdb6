"""Opens web pages in the system's browser.

The system or the variable `BROWSER` decides which browser that is. The standard library's
`webbrowser` isn't used on Linux and macOS: it accepts text browsers, and it waits until some other
browsers end.
"""

import contextlib
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import PurePath
from shutil import which

from ...browser_choice import SYSTEM_BROWSER, BrowserChoice
from ...child_environment import bundle, environment, without_loader
from ...errors import Misconfigured
from ...verdicts.local_sign_in import SIGN_IN_PAGE_NOT_HTTPS
from .installed_browsers import choose

# Printable ASCII without spaces, quotes and backslashes: a URL has them percent-encoded (RFC 3986).
_URL = re.compile(r"https://[a-z0-9\[][!#-&(-;=?-\[\]_a-z~]*", re.IGNORECASE)
# What follows the path of a page on this computer.
_REST = re.compile(r"\?[!#-&(-;=?-\[\]_a-z~]*", re.IGNORECASE)
_TEXT_BROWSERS = (
    "browsh",
    "carbonyl",
    "cha",
    "edbrowse",
    "elinks",
    "links",
    "links2",
    "lynx",
    "netrik",
    "retawq",
    "w3m",
    "www-browser",
)
# Graphical browsers, tried in this order if there is no xdg-open.
_GRAPHICAL = (
    "x-www-browser",
    "firefox",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "microsoft-edge",
)
# cmd.exe would take the "&" in a URL for a command separator.
_SHELL_SCRIPTS = (".bat", ".cmd")
# Without this flag Windows would show a console window if BROWSER names a console program.
_NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
# Seconds; a browser that ends later with an error was seen, and has crashed or was closed.
_SOON = 15.0

Open = Callable[[str], bool]


def find_browser(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    *,
    page: str = "",
    choice: BrowserChoice = SYSTEM_BROWSER,
) -> Open | None:
    """A function that opens a URL in a graphical browser; None if there is no browser.

    The function doesn't wait for the browser. It returns whether the browser was started and raises
    `Misconfigured` if the URL isn't an https address, or the demo's `page` on this computer with
    any query. Without a `choice` it is the system's browser. Raises `UsageProblem` if the chosen
    one isn't there.
    """
    if choice:
        browser = choose(choice, environ, platform)
        chosen = browser.private_command if choice.private else browser.command
        return CommandBrowser(chosen, environ, page) if _has_screen(environ, platform) else None
    named = _from_environment(environ, platform)
    if named is not None:
        return CommandBrowser(named, environ, page)
    if environ.get("SSH_CONNECTION") and platform in ("win32", "darwin"):
        return None  # it would open on the remote computer's screen
    if platform == "win32":
        return partial(_open_on_windows, page=page)
    if platform == "darwin":
        return CommandBrowser(["/usr/bin/open"], environ, page)
    if _is_installed("wslview", environ):
        return CommandBrowser(["wslview"], environ, page)
    if _has_screen(environ, platform):
        # Without this BROWSER xdg-open could start a text browser.
        graphical = {**environ, "BROWSER": ":".join(_GRAPHICAL)}
        for command in ("xdg-open", *_GRAPHICAL):
            if _is_installed(command, environ):
                return CommandBrowser([command], graphical, page)
    return None


def _has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a window of a browser could be seen; Windows and macOS always have a screen."""
    is_desktop = platform in ("win32", "darwin")
    return is_desktop or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _from_environment(environ: Mapping[str, str], platform: str) -> list[str] | None:
    """The first command in BROWSER that is installed and graphical."""
    windows = platform == "win32"
    for command in environ.get("BROWSER", "").split(";" if windows else ":"):
        try:
            words = shlex.split(command, posix=not windows)
        except ValueError:  # a quote that is not closed
            continue
        words = [word.strip('"') for word in words] if windows else words
        if words[-1:] == ["&"]:
            words.pop()
        if words and not _is_text_browser(words[0]) and _is_installed(words[0], environ):
            return words
    return None


def _is_text_browser(command: str) -> bool:
    return PurePath(command.replace("\\", "/")).stem.lower() in _TEXT_BROWSERS


def _is_installed(command: str, environ: Mapping[str, str]) -> bool:
    path = which(command, path=environ.get("PATH", os.defpath))
    return path is not None and not path.lower().endswith(_SHELL_SCRIPTS)


def _check(url: str, page: str) -> None:
    is_page = bool(page) and url.startswith(page) and _REST.fullmatch(url, len(page))
    if not is_page and not _URL.fullmatch(url):
        raise Misconfigured(SIGN_IN_PAGE_NOT_HTTPS)


class CommandBrowser:
    """A browser that a command starts.

    `failed` may be replaced. It is called with the URL, in a thread, if the command ends soon with
    an error. One that ends well may have passed the URL on to a browser that runs, as most do.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], page: str) -> None:
        self.failed: Callable[[str], None] = lambda _url: None
        self._command = command
        self._environ = environ
        self._page = page

    def __call__(self, url: str) -> bool:
        """Start it, and don't wait; return whether it was started."""
        _check(url, self._page)
        try:
            with without_loader():
                process = subprocess.Popen(  # noqa: S603  # no shell; the URL was checked
                    self._arguments(url),
                    env=environment(self._environ, bundle()),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    creationflags=_NO_CONSOLE,
                )
        except (OSError, ValueError):
            return False
        threading.Thread(target=self._watch, args=(process, url), daemon=True).start()
        return True

    def _arguments(self, url: str) -> list[str]:
        if any("%s" in word for word in self._command):
            return [word.replace("%s", url) for word in self._command]
        return [*self._command, url]

    def _watch(self, process: "subprocess.Popen[bytes]", url: str) -> None:
        """Wait for its end: a child that has ended stays a zombie until its parent does so."""
        begun = time.monotonic()
        if process.wait() != 0 and time.monotonic() - begun < _SOON:
            self.failed(url)


def _open_on_windows(url: str, *, page: str) -> bool:
    import webbrowser

    _check(url, page)
    with without_loader(), contextlib.suppress(OSError, webbrowser.Error):
        # This name means os.startfile. webbrowser.open() would read BROWSER, which is done above.
        return webbrowser.get("windows-default").open(url)
    return False
