"""Tests of core/oauth/sign_in/installed_browsers.py; stand-ins take the place of browsers."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.browser_choice import BrowserChoice
from core.errors import UsageProblem
from core.oauth.sign_in.browser import find_browser
from core.oauth.sign_in.installed_browsers import NAMES, choose, installed_browsers
from servers import AT_ONCE

posix_only = pytest.mark.only_on("posix", reason="the stand-ins are shell scripts")
URL = "https://login.example/authorize?a=1"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment with a screen, in which no browser is installed."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "DISPLAY": ":0"}


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., None]:
    """Install stand-ins, which write down their arguments, into a folder of the user's."""

    def install(*names: str, folder: str = "bin") -> None:
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            log = tmp_path / "log"
            program = place / name
            program.write_text(
                f'#!/bin/sh\necho "$0" "$@" > {log}.part\n/bin/mv {log}.part {log}\n'
            )
            program.chmod(0o755)

    return install


@posix_only
def test_linux_finds_them_by_their_programs(
    environ: dict[str, str], install: Callable[..., None]
) -> None:
    """Also those of Flatpak, whose folder is often not in PATH; text browsers are none."""
    install("firefox-esr", "chromium", "lynx")
    install("com.brave.Browser", folder=".local/share/flatpak/exports/bin")

    found = installed_browsers(environ, "linux")

    assert ["firefox", "chromium", "brave"] == [browser.name for browser in found]
    assert "com.brave.Browser" == Path(found[-1].command[0]).name


@posix_only
def test_macos_finds_them_by_their_bundles(environ: dict[str, str], tmp_path: Path) -> None:
    """`open` is given the option for a private window, in a new instance."""
    for bundle in ("Google Chrome", "Safari"):
        (tmp_path / "Applications" / f"{bundle}.app").mkdir(parents=True)

    chrome, safari = installed_browsers(environ, "darwin")

    assert ("/usr/bin/open", "-a", "Google Chrome") == chrome.command
    expected = ("/usr/bin/open", "-n", "-a", "Google Chrome", "--args", "--incognito")
    assert expected == chrome.private_command
    assert ("safari", ()) == (safari.name, safari.private_command)


@posix_only
@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (BrowserChoice("chromium"), f"chromium {URL}"),
        (BrowserChoice("Chromium", private=True), f"chromium --incognito {URL}"),
        (BrowserChoice(private=True), f"firefox --private-window {URL}"),
        (BrowserChoice("edge", private=True), f"microsoft-edge --inprivate {URL}"),
        (BrowserChoice("opera", private=True), f"opera --private {URL}"),
    ],
)
def test_opens_the_chosen_one(
    environ: dict[str, str],
    install: Callable[..., None],
    tmp_path: Path,
    choice: BrowserChoice,
    expected: str,
) -> None:
    """The choice counts more than BROWSER and the system's browser."""
    install("firefox", "chromium", "microsoft-edge", "opera", "xdg-open", "mine")

    opener = find_browser({**environ, "BROWSER": "mine"}, "linux", choice=choice)

    assert opener is not None
    assert opener(URL)
    deadline = time.monotonic() + AT_ONCE
    while not (tmp_path / "log").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert f"{tmp_path}/bin/{expected}\n" == (tmp_path / "log").read_text()


@posix_only
def test_without_a_screen_nothing_opens(
    environ: dict[str, str], install: Callable[..., None]
) -> None:
    """A browser that nobody can see is no way to sign in."""
    install("firefox")

    assert None is find_browser(
        {**environ, "DISPLAY": ""}, "linux", choice=BrowserChoice("firefox")
    )


@posix_only
def test_says_which_browsers_are_there(
    environ: dict[str, str], install: Callable[..., None]
) -> None:
    """A wrong name, and a browser without a private window, are refused with what is there."""
    install("firefox", "chromium")

    with pytest.raises(UsageProblem) as raised:
        choose(BrowserChoice("netscape"), environ, "linux")
    assert "Found: firefox, chromium." == raised.value.explanation
    with pytest.raises(UsageProblem, match='"brave" was not found'):
        choose(BrowserChoice("brave"), environ, "linux")


def test_no_private_window_without_an_option_for_it(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Safari opens a private window by its menu only; another browser is taken if there is one."""
    (tmp_path / "Applications" / "Safari.app").mkdir(parents=True)

    with pytest.raises(UsageProblem) as raised:
        choose(BrowserChoice("safari", private=True), environ, "darwin")

    assert "no_private_window" == raised.value.verdict.id


def test_the_command_lists_what_is_installed() -> None:
    """`browsers` prints one line each, `--json` one object each."""
    expected = {browser.name for browser in installed_browsers()}
    command = [sys.executable, "-m", "core", "browsers"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert expected == {line.partition(":")[0] for line in done.stdout.splitlines()}
    assert expected <= set(NAMES)


if sys.platform == "win32":  # elsewhere there is no registry
    import winreg

    def test_windows_finds_them_in_the_registry(tmp_path: Path) -> None:
        """The key has the number of the installation; a program that is gone is left out."""
        program = tmp_path / "Mozilla Firefox" / "firefox.exe"
        program.parent.mkdir()
        program.write_bytes(b"")
        key = r"SOFTWARE\Clients\StartMenuInternet\Firefox-308046B0AF4A39CB"
        command = rf"{key}\shell\open\command"
        winreg.SetValue(winreg.HKEY_CURRENT_USER, command, winreg.REG_SZ, f'"{program}"')
        try:
            found = {browser.name: browser for browser in installed_browsers({}, "win32")}
            assert (str(program),) == found["firefox"].command
            assert (str(program), "--private-window") == found["firefox"].private_command
            program.unlink()
            assert "firefox" not in {b.name for b in installed_browsers({}, "win32")}
        finally:
            for name in (command, rf"{key}\shell\open", rf"{key}\shell", key):
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, name)
