"""A separate Windows: a Wine prefix that is made for a run and removed after it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.paths import HOME_VARIABLE
from isolation import NO_BROWSER

FONTS = Path("/usr/share/wine/fonts")
STAND_INS = Path(__file__).parent / "stand_ins"
# Wine's own in place of ours would be found first; it has no `mscms` function that Qt asks for.
OVERRIDES = {
    "mscoree": "",  # no offer to download .NET
    "mshtml": "",  # nor a browser engine
    "winemenubuilder.exe": "",  # no entries in the desktop's menu
    "mscms": "n",  # the stand-in
}
_FONT_LIST = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\Fonts"
SETTINGS = (
    # The accent colour of a new Windows, as ABGR; Wine has none, and Qt would take black.
    (r"HKCU\Software\Microsoft\Windows\DWM", "AccentColor", "REG_DWORD", "0xffd77800"),
    # A program that crashes ends, and doesn't ask what to do.
    (r"HKCU\Software\Wine\WineDbg", "ShowCrashDialog", "REG_DWORD", "0"),
    # There is no window manager here: Wine draws frames and gives the focus itself.
    (r"HKCU\Software\Wine\X11 Driver", "Managed", "REG_SZ", "N"),
    # Qt's words are in this font, which is listed here or not found.
    (_FONT_LIST, "Tahoma (TrueType)", "REG_SZ", "tahoma.ttf"),
    (_FONT_LIST, "Tahoma Bold (TrueType)", "REG_SZ", "tahomabd.ttf"),
)
_BROWSERS = (r"HKCU\Software\Wine\WineBrowser", "Browsers", "REG_SZ")
# Variables by which the test run measures itself; nothing of it happens in Windows.
_LEFT_OUT = ("COVERAGE_", "COV_CORE_", "PYTHON")
SECONDS = 300.0
# Now and then a new process ends before its first instruction under Wine 8, and CreateProcess fails
# with ERROR_INTERNAL_ERROR (1359). These are the words of Python, and of a program of PyInstaller.
_LOST = ("[WinError 1359]", "Failed to create child process")


@dataclass(frozen=True, slots=True)
class Wine:
    """A running Windows; its drive Z: is this machine's file system."""

    prefix: Path
    display: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        """Return the variables that programs in it are started with."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_LEFT_OUT)}
        overrides = ";".join(f"{name}={how}" for name, how in OVERRIDES.items())
        return {
            **inherited,
            **self.display,
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": overrides,
            # Its user's profile is only for tests, and so is its browser.
            HOME_VARIABLE: "",
            **dict.fromkeys(NO_BROWSER, ""),
        }

    @property
    def profile(self) -> Path:
        """The folder of its only user."""
        users = (self.drive_c / "users").iterdir()
        return next(user for user in users if user.name != "Public")

    @property
    def config_folder(self) -> Path:
        """The folder with the settings of the program."""
        return self.profile / "AppData" / "Roaming" / "oauth2_imap"

    @property
    def drive_c(self) -> Path:
        """The folder that programs in it call C:."""
        return self.prefix / "drive_c"

    def path(self, file: Path) -> str:
        """Return the name of a file of drive C: for a program in it."""
        return f"C:\\{file.relative_to(self.drive_c)}".replace("/", "\\")

    def run(self, *command: str | Path, cwd: Path | None = None, seconds: float = SECONDS) -> str:
        """Run a Windows program to its end, which must be good; return its output."""
        code, said = self.outcome(*command, cwd=cwd, seconds=seconds)
        assert code == 0, said[-4000:]
        return said

    def outcome(
        self, *command: str | Path, cwd: Path | None = None, seconds: float = SECONDS
    ) -> tuple[int, str]:
        """Run a Windows program to its end; return its exit code and its output.

        Where a process that it starts was lost by Wine, it is run once more.
        """
        code, said = self._run_once(*command, cwd=cwd, seconds=seconds)
        if code and any(lost in said for lost in _LOST):
            code, said = self._run_once(*command, cwd=cwd, seconds=seconds)
        return code, said

    def _run_once(self, *command: str | Path, cwd: Path | None, seconds: float) -> tuple[int, str]:
        # Python under Wine 8 takes no regular file as standard output; a pipe it does.
        done = subprocess.run(
            ["wine", *command],
            cwd=cwd,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
        return done.returncode, done.stdout.decode(errors="replace")

    def open_pages_with(self, command: str) -> None:
        """Make a command of this machine the browser; each address is noted for `opened`."""
        opener = self.prefix / "browser"
        opener.write_text(f'#!/bin/sh\necho "$1" >> {self._pages}\nexec {command} "$1"\n')
        opener.chmod(0o755)
        self.set(*_BROWSERS, str(opener))

    def opened(self) -> str:
        """Return the addresses that the browser has opened so far, a line each."""
        return self._pages.read_text() if self._pages.exists() else ""

    @property
    def _pages(self) -> Path:
        return self.prefix / "opened"

    def set(self, key: str, name: str, kind: str, value: str) -> None:
        """Write a value into the registry."""
        self.run("reg", "add", key, "/v", name, "/t", kind, "/d", value, "/f")


def windows_path(path: Path) -> str:
    """Return the name of a file of this machine for a program in Windows."""
    return "Z:" + str(path).replace("/", "\\")


@contextmanager
def running(display: Mapping[str, str]) -> Iterator[Wine]:
    """Run a new Windows 10 until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="wine-", ignore_cleanup_errors=True) as folder:
        wine = Wine(Path(folder), display)
        try:
            wine.run("wineboot", "--init")
            _wineserver(wine, "--kill")  # what lies in the folders is read at the next start
            _put_stand_ins(wine.drive_c / "windows" / "system32")
            _put_fonts(wine.drive_c / "windows" / "Fonts")
            with _kept_up(wine):
                for setting in SETTINGS:
                    wine.set(*setting)
                yield wine
        finally:
            _wineserver(wine, "--kill")
            _wineserver(wine, "--wait")


@contextmanager
def _kept_up(wine: Wine) -> Iterator[None]:
    """Let a program run in Windows, which would end with its last program.

    Then the next program would start Windows again: that takes 2 s, and what is started along, the
    services and the desktop, keeps the output of that program open. So both are started here.
    """
    environment, nothing = wine.environment(), subprocess.DEVNULL
    waiting = _waiting(environment) or _waiting(environment)
    assert waiting is not None, "Wine has lost cmd twice"
    with waiting:
        subprocess.run(
            ["wine", "rundll32", "user32.dll,MessageBeep"],  # it needs the desktop
            env=environment,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            check=True,
            timeout=SECONDS,
        )
        yield  # then its standard input ends, and with that the pause


def _waiting(environment: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Start a program that waits for its standard input to end; None if Wine has lost it."""
    started = subprocess.Popen(
        ["wine", "cmd", "/c", "echo ready& pause"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert started.stdout is not None
    if started.stdout.readline() == b"ready\r\n":
        return started
    started.communicate()
    return None


def _put_stand_ins(system: Path) -> None:
    """Build the libraries of Windows 10 that Wine 8 lacks, with the functions that are called."""
    for source in sorted(STAND_INS.glob("*.c")):
        library = system / f"{source.stem}.dll"
        library.unlink(missing_ok=True)  # of Wine: not ours to write through
        compiler = ("x86_64-w64-mingw32-gcc", "-O1", "-shared", "-s")
        command = [*compiler, "-o", str(library), str(source), "-ladvapi32"]
        subprocess.run(command, check=True)


def _put_fonts(folder: Path) -> None:
    """Copy Wine's Tahoma and Marlett, which Debian has where programs don't find them."""
    for font in FONTS.glob("*.ttf"):
        shutil.copy(font, folder)


def _wineserver(wine: Wine, order: str) -> None:
    subprocess.run(["wineserver", order], env=wine.environment(), check=False, timeout=60)
