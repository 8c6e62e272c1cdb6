"""The browsers on this computer, and how each of them opens a private window.

The browser's usual window is often signed in to the wrong account. A private window isn't.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from ...browser_choice import BrowserChoice
from ...errors import as_error
from ...verdicts import local_sign_in


@dataclass(frozen=True, slots=True)
class Browser:
    """An installed browser: `command`, followed by a URL, opens a page.

    `private_command` does so in a private window; it is empty if no option opens one.
    """

    name: str
    label: str
    command: tuple[str, ...]
    private_command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A browser, and how each system knows it.

    `private` is its option for a private window, `commands` are its programs on Linux (the last is
    Flatpak's), `client` is how its key in Windows' registry begins, `bundle` its name on macOS.
    """

    name: str
    label: str
    private: str
    commands: tuple[str, ...] = ()
    client: str = ""
    bundle: str = ""


_PRIVATE_WINDOW = "--private-window"  # https://wiki.mozilla.org/Firefox/CommandLineOptions
_INCOGNITO = "--incognito"  # https://chromium.org/developers/how-tos/run-chromium-with-flags
_KNOWN = (
    _Known(
        *("firefox", "Firefox", _PRIVATE_WINDOW),
        ("firefox", "firefox-esr", "org.mozilla.firefox"),
        *("Firefox", "Firefox"),
    ),
    _Known(
        *("chrome", "Google Chrome", _INCOGNITO),
        ("google-chrome", "google-chrome-stable", "com.google.Chrome"),
        *("Google Chrome", "Google Chrome"),
    ),
    _Known(
        *("edge", "Microsoft Edge", "--inprivate"),
        ("microsoft-edge", "microsoft-edge-stable", "com.microsoft.Edge"),
        *("Microsoft Edge", "Microsoft Edge"),
    ),
    _Known(
        *("chromium", "Chromium", _INCOGNITO),
        ("chromium", "chromium-browser", "org.chromium.Chromium"),
        *("Chromium", "Chromium"),
    ),
    _Known(
        *("brave", "Brave", _INCOGNITO),
        ("brave-browser", "brave", "com.brave.Browser"),
        *("Brave", "Brave Browser"),
    ),
    _Known(
        *("vivaldi", "Vivaldi", _INCOGNITO),
        ("vivaldi", "vivaldi-stable", "com.vivaldi.Vivaldi"),
        *("Vivaldi", "Vivaldi"),
    ),
    _Known("opera", "Opera", "--private", ("opera", "com.opera.Opera"), "OperaStable", "Opera"),
    _Known(
        *("librewolf", "LibreWolf", _PRIVATE_WINDOW),
        ("librewolf", "io.gitlab.librewolf-community"),
        *("LibreWolf", "LibreWolf"),
    ),
    _Known("safari", "Safari", "", bundle="Safari"),
)
NAMES = tuple(known.name for known in _KNOWN)

# Where Flatpak puts its programs; PATH often lacks these folders.
_FLATPAK = ("/var/lib/flatpak/exports/bin", "~/.local/share/flatpak/exports/bin")
_BUNDLES = ("/Applications", "~/Applications")
_OPEN = "/usr/bin/open"  # its -n is needed for options if the browser runs already
# https://learn.microsoft.com/windows/win32/shell/start-menu-reg
_CLIENTS = r"SOFTWARE\Clients\StartMenuInternet"


def choose(
    choice: BrowserChoice, environ: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Browser:
    """The browser that was chosen, which is the first that fits if no name was given.

    Raises `UsageProblem` if it isn't installed or can't do what was asked for.
    """
    installed = installed_browsers(environ, platform)
    named = [browser for browser in installed if choice.name.lower() in ("", browser.name)]
    if choice.name and not named:
        raise as_error(local_sign_in.BROWSER_NOT_FOUND, name=choice.name, found=_names(installed))
    fitting = [browser for browser in named if browser.private_command or not choice.private]
    if not fitting:
        raise as_error(local_sign_in.NO_PRIVATE_WINDOW, found=_names(installed))
    return fitting[0]


def _names(browsers: Iterable[Browser]) -> str:
    return ", ".join(browser.name for browser in browsers) or "none"


def installed_browsers(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[Browser, ...]:
    """The known browsers that are installed here, the most common first."""
    find = _FINDERS.get(platform, _on_linux)
    return tuple(find(environ))


def _on_linux(environ: Mapping[str, str]) -> Iterator[Browser]:
    flatpak = [_home(folder, environ) for folder in _FLATPAK]
    path = os.pathsep.join((environ.get("PATH", os.defpath), *flatpak))
    for known in _KNOWN:
        found = (program for command in known.commands if (program := which(command, path=path)))
        if program := next(found, None):
            yield _browser(known, (program,))


def _on_macos(environ: Mapping[str, str]) -> Iterator[Browser]:
    for known in _KNOWN:
        folders = (Path(_home(folder, environ)) for folder in _BUNDLES)
        if any((folder / f"{known.bundle}.app").is_dir() for folder in folders):
            private = (_OPEN, "-n", "-a", known.bundle, "--args", known.private)
            yield Browser(
                known.name,
                known.label,
                (_OPEN, "-a", known.bundle),
                private if known.private else (),
            )


def _on_windows(environ: Mapping[str, str]) -> Iterator[Browser]:
    quoted = {key: command.strip().strip('"') for key, command in _clients()}
    programs = {key: program for key, program in quoted.items() if os.path.isfile(program)}
    for known in _KNOWN:
        # The number of an installation may follow: "Firefox-308046B0AF4A39CB", "Chromium.7XY".
        keys = (key for key in programs if re.split("[-.]", key)[0] == known.client)
        if key := next(keys, None):
            yield _browser(known, (programs[key],))


def _clients() -> list[tuple[str, str]]:
    """The key and the command of each browser in Windows' registry, the user's own last."""
    found: list[tuple[str, str]] = []
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            with suppress(OSError), winreg.OpenKey(root, _CLIENTS) as clients:
                for number in range(winreg.QueryInfoKey(clients)[0]):
                    key = winreg.EnumKey(clients, number)
                    with suppress(OSError):  # it has no command
                        command = winreg.QueryValue(clients, rf"{key}\shell\open\command")
                        found.append((key, command))
    return found


def _browser(known: _Known, command: tuple[str, ...]) -> Browser:
    return Browser(known.name, known.label, command, (*command, known.private))


def _home(folder: str, environ: Mapping[str, str]) -> str:
    return folder.replace("~", environ.get("HOME", ""), 1)


_FINDERS: Mapping[str, Callable[[Mapping[str, str]], Iterator[Browser]]] = {
    "darwin": _on_macos,
    "win32": _on_windows,
}
