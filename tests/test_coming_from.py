"""docs/COMING_FROM.md: each command line on the page is tried, and so is each piece of a script."""

import os
import re
import shlex
from contextlib import chdir
from pathlib import Path

import msal
import pytest

from core.cli.arguments import check_combination, parse_arguments
from core.cli.commands import COMMANDS
from core.cli.option_rules import refuse_unused_options
from core.cli.script_call import read_call
from core.errors import ExitCode
from core.importing import script
from foreign_files import google_credentials, google_json, msal_cache, recorded
from program import Program

PAGE = (Path(__file__).parent.parent / "docs" / "COMING_FROM.md").read_text("utf-8")
COMMANDS_OF_PAGE = re.findall(r"^    (.*oauth2_imap .*)$", PAGE, re.MULTILINE)
IN_TABLES = re.findall(r"^\|.*`(oauth2_imap [^`…]+)(?: …)?`", PAGE, re.MULTILINE)
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
TOKENS = "an-old-access-token-of-you\nan-old-refresh-token-of-you\n"
# Commands that ask a provider are read as far as that.
TRIED = ("import", "status", "doctor")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in a folder with the files that the page names."""
    folder = tmp_path / "work"
    tokens = folder / "perl" / "tokens"
    tokens.mkdir(parents=True)
    (tokens / "oauth2_tokens_you@example.com.txt").write_text(f"{TOKENS}# Provider is office365\n")
    (tokens / "gmail.txt").write_text(TOKENS.replace("old", "other"))
    (folder / "perl" / "loop.bat").write_text(BLOCKS["bat"])
    (folder / "emailproxy.config").write_bytes(recorded("emailproxy.config"))
    (folder / "davmail.properties").write_text("davmail.oauth.you@example.com.refreshToken={AES}x")
    (folder / "cache.json").write_text(msal_cache("https://graph.microsoft.com/User.Read"))
    (folder / "google.json").write_text(google_json())
    return Program(folder, tmp_path / "home")


@pytest.mark.parametrize("line", [*COMMANDS_OF_PAGE, *IN_TABLES])
def test_a_command_line(program: Program, line: str) -> None:
    """It is valid; what needs no provider does what the page says."""
    words = shlex.split(line.rpartition("| ")[2])[1:]
    parsed = parse_arguments(words)
    name = words[0] if words[0] in COMMANDS else ""
    refuse_unused_options(name, parsed.given)
    check_combination([] if name else parsed.words, parsed.options)
    if name not in TRIED:
        return
    if words[-1] == "-":  # what gpg prints
        done = program.run(*words, stdin=recorded("mutt_oauth2.json").decode())
    else:
        done = program.run_here(*words)
    wanted = {ExitCode.DONE, ExitCode.SIGN_IN_NEEDED}
    if name == "doctor" or "--dry_run" in words:  # they tell what is wrong, as the page says
        wanted.add(ExitCode.FAILED)
    assert done.code in wanted, done


def test_the_page_has_its_commands() -> None:
    """So that no other way of writing them goes untried."""
    assert 12 < len(COMMANDS_OF_PAGE)
    assert 5 < len(IN_TABLES)
    assert {"bat", "python"} == set(BLOCKS)


def test_the_batch_file(program: Program) -> None:
    """Both of its mailboxes are imported, with their token files."""
    found = script.read(BLOCKS["bat"], read_call)
    assert ["", "gmail"] == [one.file.provider for one in found]
    done = program.run_here("import", "perl/loop.bat")
    assert 2 == done.out.count("you@example.com: saved in"), done


def test_the_pieces_of_scripts(tmp_path: Path) -> None:
    """They write files that the import reads."""
    cache = msal.SerializableTokenCache()
    cache.deserialize(msal_cache("https://graph.microsoft.com/User.Read"))
    app = type("App", (), {"token_cache": cache})
    pieces = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    with chdir(tmp_path):
        for piece in pieces:
            exec(piece, {"app": app, "credentials": google_credentials()})  # noqa: S102
    assert ["cache.json", "google.json"] == sorted(os.listdir(tmp_path))
