"""The batch file for all pairs of a list, as `batch --script` writes it, run by Windows' cmd.

imapsync is a stand-in: a Windows program on the PATH that writes down the words of each call.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import pytest

from core.imapsync.command import Side
from core.imapsync.pair_script import PairCommand, PasswordSide, script_of
from wine.prefix import Wine, windows_path

SOURCE = Path(__file__).parent / "stand_ins" / "programs" / "imapsync.c"
# Wine's cmd replaces %NAME% in the name of the script's folder too, and without a console it reads
# no UTF-8. So neither is here.
FOLDER = "Two Words & (1)"
FAILING = "fails@demo.example"  # the stand-in ends with 16 for this user


@dataclass(frozen=True, slots=True)
class Run:
    """The exit code of the script, what it printed, and the words of each call of imapsync."""

    code: int
    printed: str
    calls: list[list[str]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A folder with the script, and imapsync in a folder of the PATH."""

    windows: Wine
    folder: Path
    programs: Path

    @property
    def here(self) -> PureWindowsPath:
        """The folder, as Windows names it."""
        return PureWindowsPath(windows_path(self.folder))

    def run(self, *commands: PairCommand, options: tuple[str, ...] = ()) -> Run:
        """Write the script, and run it."""
        script = self.folder / "pairs.bat"  # Wine takes move.bat for its command move
        script.write_bytes(script_of(commands, ["Line 9 is left out: no token"], ".bat"))
        calls = self.folder / "calls.txt"
        done = subprocess.run(
            ["wine", "cmd", "/c", script.name, *options],
            env={**self.windows.environment(), "WINEPATH": windows_path(self.programs)},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert calls.exists(), (done.stdout, done.stderr)
        ended = [call.splitlines() for call in calls.read_text("utf-8").split("\n.\n")[:-1]]
        return Run(done.returncode, done.stdout.decode("utf-8", "replace"), ended)


@pytest.fixture
def pairs(windows: Wine, tmp_path: Path) -> Pairs:
    """A folder with an unusual name, and the stand-in."""
    made = Pairs(windows, tmp_path / FOLDER, tmp_path / "programs")
    for folder in (made.folder, made.programs):
        folder.mkdir()
    compiler = ("x86_64-w64-mingw32-gcc", "-O1", "-s", "-municode")
    exe = made.programs / "imapsync.exe"
    subprocess.run([*compiler, "-o", os.fspath(exe), os.fspath(SOURCE)], check=True)
    return made


def pair(pairs: Pairs, address: str, *options: str) -> PairCommand:
    """A password on one side and a token on the other."""
    password = PasswordSide("old.example", f"DOMAIN\\{address}", pairs.here / "line1_password1")
    token = pairs.here / "100% %PATH%" / f"oauth2_tokens_{address}.txt"
    return PairCommand("Line 1", password, Side(address, token, "new.example"), options)


def test_imapsync_gets_each_word_as_it_is(pairs: Pairs) -> None:
    """Spaces, percent signs, ampersands and quotes; the passwords are in files."""
    odd = ("--regextrans2", 's/"a b"/100% & <c>^|!/', "--folder", "Drafts %PATH%\\")
    run = pairs.run(pair(pairs, "me&you@demo.example", *odd), options=("--justlogin",))
    password = str(pairs.here / "line1_password1")
    assert [
        *("--host1", "old.example", "--user1", "DOMAIN\\me&you@demo.example"),
        *("--passfile1", password),
    ] == run.calls[0][:6]
    token = str(pairs.here / "100% %PATH%" / "oauth2_tokens_me&you@demo.example.txt")
    assert ["--oauthaccesstoken2", token] == run.calls[0][-7:-5]
    assert [*odd, "--justlogin"] == run.calls[0][-5:]
    assert (0, 1) == (run.code, len(run.calls)), run.printed


def test_a_pair_that_fails_stops_no_other(pairs: Pairs) -> None:
    """The script counts it, and ends with 1."""
    run = pairs.run(pair(pairs, FAILING), pair(pairs, "two@demo.example"))
    assert ["two@demo.example" in "".join(call) for call in run.calls] == [False, True]
    assert "1 of 2 pairs failed." in run.printed
    assert 1 == run.code
