"""Batch files that called the original, with the terminal program in its place; cmd runs them."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bed.as_provider import lines_of, providers_toml
from bed.fixtures import Bed
from bed.users import ALICE
from bed.walker import walk
from program import Program
from wine.build import Programs
from wine.prefix import Wine, windows_path

pytestmark = pytest.mark.timeout(1500)  # the first test builds the programs
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


@dataclass(frozen=True, slots=True)
class Scripts:
    """Batch files in a folder of Windows whose name isn't plain, and the program beside them."""

    windows: Wine
    folder: Path

    @property
    def file(self) -> Path:
        """The token file that imapsync's line in such a script names."""
        return self.folder / "tokens" / f"oauth2_tokens_{ALICE}.txt"

    def put(self, program: Path) -> None:
        """Let it take the original's place."""
        shutil.copy(program, self.folder / "oauth2_imap.exe")

    def start(self, *arguments: str, call: str = "CALL") -> "subprocess.Popen[bytes]":
        """Start a batch file with these arguments in its call, from another folder."""
        batch = self.folder / "run.bat"
        text = BATCH.format(call=call, arguments=" ".join(arguments))
        batch.write_text(text, "ascii", newline="\r\n")
        return subprocess.Popen(
            ["wine", "cmd", "/c", windows_path(batch)],
            env=self.windows.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str, call: str = "CALL") -> tuple[int, str, str]:
        """The exit code, and what was printed, as UTF-8."""
        with self.start(*arguments, call=call) as batch:
            out, err = batch.communicate(timeout=120)
        return batch.returncode, out.decode("utf-8"), err.decode("utf-8")


@pytest.fixture
def scripts(bed: Bed, windows: Wine, tmp_path: Path) -> Iterator[Scripts]:
    """With the bed in place of the providers; whatever still runs then is ended."""
    folder = windows.prefix / "drive_c" / "Große Übertragung" / tmp_path.name
    folder.mkdir(parents=True)
    windows.config_folder.mkdir(parents=True, exist_ok=True)
    (windows.config_folder / "providers.toml").write_text(providers_toml(bed), "utf-8")
    yield Scripts(windows, folder)
    windows.run("cmd", "/c", "taskkill /f /im oauth2_imap.exe & exit /b 0")
    shutil.rmtree(folder)
    shutil.rmtree(windows.config_folder)


def _trusting(bed: Bed) -> tuple[str, str]:
    return ("--ca_file", windows_path(bed.ca_file))


def _sign_in(bed: Bed, terminal: Program, scripts: Scripts) -> None:
    """With the terminal program, so that the scripts find a file."""
    scripts.file.parent.mkdir()
    place = ("--token_file", windows_path(scripts.file))
    with terminal.start("--remotebrowser", ALICE, *place, *_trusting(bed)) as running:
        link = running.line_with("The link: ").partition(": ")[2].strip()
        running.type(walk(link, ALICE))
        done = running.finish()
    assert 0 == done.code, done.err


def test_the_terminal_program_under_the_originals_name(
    bed: Bed, programs: Programs, terminal: Program, scripts: Scripts
) -> None:
    """It refreshes the file that the script's folder holds, and prints its path whole."""
    scripts.put(programs.terminal)
    _sign_in(bed, terminal, scripts)
    before = lines_of(scripts.file)[0]

    code, out, err = scripts.run("--app thunderbird", ALICE, *_trusting(bed))

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
    """As %errorlevel%, which is what a script asks; the CALL of Wine 8 makes 1 of any failure."""
    scripts.put(programs.terminal)
    ended, out, err = scripts.run(*arguments, call="")
    assert code == ended, err
    assert f"It ended with {code}" in out
