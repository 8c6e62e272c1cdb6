"""The terminal program under the name of the original, in batch files that called the original."""

import pytest

from bed.as_provider import lines_of
from bed.fixtures import Bed
from bed.users import ALICE
from program import Program
from wine.at_bed import sign_in, trusting
from wine.batch import Scripts
from wine.build import Programs
from wine.prefix import windows_path

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


def test_the_terminal_program_under_the_originals_name(
    bed: Bed, programs: Programs, terminal: Program, scripts: Scripts
) -> None:
    """It refreshes the token file in the script's folder and prints its whole path."""
    scripts.put(programs.terminal)
    scripts.file.parent.mkdir()
    sign_in(bed, terminal, "--token_file", windows_path(scripts.file))
    before = lines_of(scripts.file)[0]
    arguments = " ".join(["--app thunderbird", ALICE, *trusting(bed)])

    done = scripts.run(BATCH.format(call="CALL", arguments=arguments))

    assert 0 == done.code, done.err
    assert "It ended with 0" in done.out
    path = rf"\Große Übertragung\{scripts.folder.name}\tokens\{scripts.file.name}"
    assert path in done.out
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
    done = scripts.run(BATCH.format(call="", arguments=" ".join(arguments)))
    assert code == done.code, done.err
    assert f"It ended with {code}" in done.out
