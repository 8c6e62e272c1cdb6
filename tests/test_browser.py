"""Tests of core/oauth/sign_in/browser.py; real programs stand in for browsers."""

import os
import shlex
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.oauth.sign_in import browser
from core.oauth.sign_in.browser import find_browser
from servers import AT_ONCE

URL = "https://login.example/authorize?a=1&b=$(touch%20x)&c=%25s;d=e~"
posix_only = pytest.mark.only_on("posix", reason="the stand-ins are shell scripts")

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Install programs with these names into a folder; returns a PATH that finds only them.

    On Windows they are found, but can't be started.
    """

    def install(*names: str, then: str = "") -> str:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        suffix = ".exe" if sys.platform == "win32" else ""
        log = shlex.quote(str(tmp_path / "log"))
        for name in names:
            program = folder / f"{name}{suffix}"
            program.write_text(
                '#!/bin/sh\nfor word in "$0" "$@" "BROWSER=$BROWSER"\n'
                f'do echo "$word" >> {log}.part\ndone\n'
                f"echo noise\necho noise >&2\nread line\n/bin/mv {log}.part {log}\n{then}\n"
            )
            program.chmod(0o755)
        return str(folder)

    return install


def started(tmp_path: Path) -> list[str]:
    """The started programs with their arguments and their BROWSER variable."""
    log = tmp_path / "log"
    deadline = time.monotonic() + AT_ONCE
    while not log.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    program, *arguments = log.read_text().splitlines()
    return [Path(program).name, *arguments]


@posix_only
@pytest.mark.parametrize(
    ("environ", "names", "expected"),
    [
        ({"BROWSER": "mine"}, ["mine"], ["mine", URL, "BROWSER=mine"]),
        ({"BROWSER": "mine --new %s -x"}, ["mine"], ["mine", "--new", URL, "-x"]),
        ({"BROWSER": "mine --to='%s' &"}, ["mine"], ["mine", f"--to={URL}", "BROWSER="]),
        ({"BROWSER": "lynx:/usr/bin/w3m -x:absent:'open:mine"}, ["lynx", "mine"], ["mine", URL]),
        ({"DISPLAY": ":0"}, ["xdg-open", "firefox"], ["xdg-open", URL, "BROWSER=x-www-browser:"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["firefox", "lynx"], ["firefox", URL]),
        ({"DISPLAY": ":0", "BROWSER": "lynx"}, ["xdg-open", "lynx"], ["xdg-open", URL]),
        ({}, ["wslview", "xdg-open"], ["wslview", URL]),
        ({"DISPLAY": ":0"}, ["wslview", "xdg-open"], ["wslview", URL]),
    ],
)
def test_opens_what_a_person_can_see(
    tmp_path: Path, install: Install, environ: dict[str, str], names: list[str], expected: list[str]
) -> None:
    """BROWSER comes first, then the desktop's browser; the URL is passed as one argument."""
    opener = find_browser({**environ, "PATH": install(*names)}, "linux")

    assert opener is not None
    assert opener(URL)
    given = started(tmp_path)
    assert expected[:-1] == given[: len(expected) - 1]
    assert given[len(expected) - 1].startswith(expected[-1])


@posix_only
@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, ["xdg-open", "firefox"]),
        ({"DISPLAY": ""}, ["xdg-open", "firefox"]),
        ({"DISPLAY": ":0"}, ["lynx", "w3m", "links", "elinks", "www-browser"]),
        ({"DISPLAY": ":0"}, []),
        ({"BROWSER": "lynx"}, ["lynx"]),
        ({"BROWSER": "www-browser:links2 -g:browsh"}, ["www-browser", "links2", "browsh"]),
        ({"BROWSER": "/bin/../bin/W3M %s"}, []),
        ({"BROWSER": "absent: : "}, []),
        ({"BROWSER": "script.cmd"}, ["script.cmd"]),
    ],
)
def test_none_where_nobody_can_see_it(
    install: Install, environ: dict[str, str], names: list[str]
) -> None:
    """Without a display there is no browser; text browsers and shell scripts are not used."""
    assert None is find_browser({**environ, "PATH": install(*names)}, "linux")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_one(platform: str) -> None:
    """The desktop has a browser, but over SSH it would open on the remote computer's screen."""
    over_ssh = {"PATH": "", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
    assert find_browser({"PATH": ""}, platform) is not None
    assert None is find_browser(over_ssh, platform)


@posix_only
def test_over_ssh_the_persons_word_counts(install: Install, tmp_path: Path) -> None:
    """Over SSH the user's BROWSER is used, and on Linux the display that ssh -X forwards."""
    ssh = {"PATH": install("mine", "xdg-open"), "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
    for platform in ("win32", "darwin", "linux"):
        assert find_browser({**ssh, "BROWSER": "mine"}, platform) is not None
    assert find_browser({**ssh, "DISPLAY": "localhost:10.0"}, "linux") is not None
    assert None is find_browser(ssh, "linux")


@posix_only
def test_windows_honours_browser_too(tmp_path: Path, install: Install) -> None:
    """On Windows BROWSER is a list with semicolons, with backslashes and quotes in the paths."""
    path = install("mine")
    opener = find_browser({"PATH": path, "BROWSER": 'C:\\x\\lynx.exe;"mine" --new'}, "win32")

    assert opener is not None
    assert opener(URL)
    assert ["mine", "--new", URL] == started(tmp_path)[:3]


@posix_only
def test_opening_never_waits_and_never_prints(
    install: Install, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The program doesn't wait for the browser and doesn't show its output."""
    opener = find_browser({"PATH": install("mine", then="exec /bin/sleep 5"), "BROWSER": "mine"})
    assert opener is not None
    before = time.monotonic()
    assert opener(URL)

    assert 5 > time.monotonic() - before
    started(tmp_path)
    assert ("", "") == capfd.readouterr()


@posix_only
def test_says_when_it_could_not_be_started(install: Install, tmp_path: Path) -> None:
    """The function returns False if the browser can't be started."""
    path = install("mine")
    opener = find_browser({"PATH": path, "BROWSER": str(Path(path) / "mine")}, "linux")
    os.remove(tmp_path / "bin" / "mine")

    assert opener is not None
    assert not opener(URL)


@posix_only
@pytest.mark.parametrize(
    ("then", "soon", "told"),
    [("exit 3", AT_ONCE, True), ("exit 0", AT_ONCE, False), ("exit 3", 0.0, False)],
    ids=["error", "ends well", "later error"],
)
def test_tells_that_it_ended_soon_with_an_error(
    install: Install, monkeypatch: pytest.MonkeyPatch, then: str, soon: float, told: bool
) -> None:
    """One that ends well has passed the URL on; one that ends later was seen."""
    monkeypatch.setattr(browser, "_SOON", soon)
    opener = find_browser({"PATH": install("mine", then=then), "BROWSER": "mine"}, "linux")
    assert isinstance(opener, browser.CommandBrowser)
    failed: list[str] = []
    opener.failed = failed.append
    before = set(threading.enumerate())
    assert opener(URL)
    for thread in set(threading.enumerate()) - before:
        thread.join(AT_ONCE)
    assert [URL] * told == failed


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://login.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "--new-window=https://login.example/",
        "-h",
        " https://login.example/",
        "https://login.example/ --option",
        "https://login.example/\n",
        'https://login.example/"x',
        "https://login.example/\\x",
        "https://login.example/'x",
        "https://login.example/<x>",
        "https://login.exämple/",
        "https://",
        "https:///login",
        "https://-login.example/",
        "\\\\host\\share",
        "ms-settings:",
    ],
)
@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_only_proper_https_addresses_are_opened(
    tmp_path: Path, install: Install, url: str, platform: str
) -> None:
    """Other addresses are refused, since openers also run files and other schemes."""
    opener = find_browser({"PATH": install("xdg-open"), "DISPLAY": ":0"}, platform)

    assert opener is not None
    with pytest.raises(Misconfigured) as raised:
        opener(url)
    assert "sign_in_page_not_https" == raised.value.verdict.id
    assert not (tmp_path / "log").exists()


@posix_only
def test_ipv6_and_ports_are_proper(tmp_path: Path, install: Install) -> None:
    """Addresses with a port or an IPv6 host are opened, as the demo needs them."""
    opener = find_browser({"PATH": install("mine"), "BROWSER": "mine"}, "linux")

    assert opener is not None
    assert opener("https://[::1]:8443/authorize?x=[1]")
    assert "https://[::1]:8443/authorize?x=[1]" == started(tmp_path)[1]


@posix_only
def test_the_demos_page_alone_is_opened_without_tls(tmp_path: Path, install: Install) -> None:
    """That page with any query, and no other one on this computer."""
    page = "http://127.0.0.1:4711/demo/authorize"
    opener = find_browser({"PATH": install("mine"), "BROWSER": "mine"}, "linux", page=page)
    assert opener is not None
    for other in (
        "http://127.0.0.1:4711/demo/authorize/other",
        "http://127.0.0.1:4711/demo/authorized?x=1",
        "http://127.0.0.1:4711/demo/authorize?x='",
        "http://127.0.0.1:4711/demo/authorize?x=1 2",
        "http://127.0.0.1:47110/demo/authorize?x=1",
        "http://example.com/demo/authorize?x=1",
    ):
        with pytest.raises(Misconfigured):
            opener(other)
    assert not (tmp_path / "log").exists()
    assert opener(f"{page}?client_id=demo&state=x")
    assert f"{page}?client_id=demo&state=x" == started(tmp_path)[1]
