"""Batch files that called the original program, with one of ours in its place, run by cmd."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bed.as_provider import lines_of, providers_toml
from bed.fixtures import Bed
from bed.users import ALICE
from program import Program
from wine.at_bed import sign_in, trusting
from wine.build import Programs
from wine.opened import opened
from wine.prefix import Wine, windows_path
from wine.screen import Screen, wait

# As the original's examples have it.
BATCH = """\
@echo off
cd /d "%~dp0"
if not exist tokens mkdir tokens
{call} .\\oauth2_imap.exe {arguments}
set code=%errorlevel%
echo It ended with %code%
exit /b %code%
"""
# The original's loop, cut short: it waits half an hour, and goes on for ever.
LOOP = """\
@echo off
cd /d "%~dp0"
for %%n in (1 2) do (
    ping -n 3 127.0.0.1 >nul
    CALL .\\oauth2_imap.exe {address}
    if errorlevel 1 exit /b 1
    echo Turn %%n has ended
)
"""
# In seconds; for half of it a token is too young to be refreshed.
SHORT_LIFE = 2
TITLE = "^oauth2_imap$"


@dataclass(frozen=True, slots=True)
class Scripts:
    """Batch files in a folder with an unusual name, and the program beside them."""

    windows: Wine
    folder: Path

    @property
    def file(self) -> Path:
        """The token file that imapsync's line in such a script names."""
        return self.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"

    def put(self, program: Path) -> Path:
        """Copy the program to the original's place."""
        return Path(shutil.copy(program, self.folder / "oauth2_imap.exe"))

    def run(self, text: str, seconds: float = 120.0) -> tuple[int, str, str]:
        """Run a batch file from another folder; return its exit code and its output, as UTF-8."""
        batch = self.folder / "run.bat"
        batch.write_text(text, "ascii", newline="\r\n")
        done = subprocess.run(
            ["wine", "cmd", "/c", windows_path(batch)],
            env=self.windows.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    def call(self, *arguments: str, by: str = "CALL") -> tuple[int, str, str]:
        """Run a batch file that calls the program with these arguments."""
        return self.run(BATCH.format(call=by, arguments=" ".join(arguments)))


@pytest.fixture
def scripts(bed: Bed, windows: Wine, tmp_path: Path) -> Iterator[Scripts]:
    """Yield a folder for batch files, with the bed as the providers."""
    folder = windows.prefix / "drive_c" / "Große Übertragung" / tmp_path.name
    folder.mkdir(parents=True)
    windows.config_folder.mkdir(parents=True, exist_ok=True)
    (windows.config_folder / "providers.toml").write_text(providers_toml(bed), "utf-8")
    yield Scripts(windows, folder)
    shutil.rmtree(folder)
    shutil.rmtree(windows.config_folder)


def test_the_terminal_program_under_the_originals_name(
    bed: Bed, programs: Programs, terminal: Program, scripts: Scripts
) -> None:
    """It refreshes the token file in the script's folder and prints its whole path."""
    scripts.put(programs.terminal)
    scripts.file.parent.mkdir()
    sign_in(bed, terminal, "--token_file", windows_path(scripts.file))
    before = lines_of(scripts.file)[0]

    code, out, err = scripts.call("--app thunderbird", ALICE, *trusting(bed))

    assert 0 == code, err
    assert "It ended with 0" in out
    assert rf"\Große Übertragung\{scripts.folder.name}\tokens\{scripts.file.name}" in out
    assert before != lines_of(scripts.file)[0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--no_such_option", ALICE], 2), (["--refresh_only", ALICE], 3), (["providers"], 0)],
)
def test_exit_codes_arrive_in_the_script(
    programs: Programs, scripts: Scripts, arguments: list[str], code: int
) -> None:
    """A script sees the exit code as %errorlevel%; CALL makes 1 of any failure in Wine 8."""
    scripts.put(programs.terminal)
    ended, out, err = scripts.call(*arguments, by="")
    assert code == ended, err
    assert f"It ended with {code}" in out


def test_a_loop_goes_on_beside_the_window(
    bed: Bed, programs: Programs, scripts: Scripts, screen: Screen, chromium: None, tmp_path: Path
) -> None:
    """Each call refreshes in the window that is open already, and ends with 0.

    In a batch file cmd waits for a windowed program too: a call that opens the window itself
    stops the loop until the window is closed, and the window keeps the mailbox fresh.
    """
    bed.configure(at_ttl=SHORT_LIFE)
    windows, exe = scripts.windows, scripts.put(programs.terminal)
    command = ("wine", windows.path(exe))
    program = Program(scripts.folder, tmp_path, windows.environment(), command)
    sign_in(bed, program)
    scripts.put(programs.window)  # under the same name
    with opened(program, windows, *trusting(bed)) as first:
        screen.wait_for_window(TITLE)

        code, out, err = scripts.run(LOOP.format(address=ALICE), seconds=60)

        assert 0 == code, err
        assert ["Turn 1 has ended", "Turn 2 has ended"] == out.splitlines()
        wait(lambda: 2 == bed.stats()["refreshes"], "a refresh for each turn", 10)
        assert first.poll() is None
    assert 1 == bed.stats()["auth_requests"]
