"""Each command on a page is valid, or a table says why no test can run it."""

import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import pairwise, takewhile
from pathlib import Path

import pytest

from core.cli.arguments import check_combination, parse_arguments
from core.cli.commands import COMMANDS, command_named
from core.cli.option_rules import refuse_unused_options
from core.errors import UsageProblem
from documented_commands import PAGES, all_commands, languages_of

TEXTS = sorted({command.text for command in all_commands()})
LANGUAGES = {"text", "toml", "python", "bat", "sh"}
_OURS = re.compile(r"(?:\S*[/\\])?oauth2_imap(?:_cli)?(?:\.exe)?")
_ADDRESS = re.compile(r".*@|\[?[A-Z_]+\b|…")
_CRON = re.compile(r"(?:[\d*/,-]+ ){5}")
_REFRESH_COMMAND = re.compile(r"--oauthrefreshcmd[12]")
# The options of imapsync that the pages use; https://imapsync.lamiral.info/README lists all.
_IMAPSYNC_OPTIONS = (
    "--host1 --host2 --port1 --ssl1 --ssl2 --nossl1 --user1 --user2 --password1 --passfile1"
    " --oauthaccesstoken1 --oauthaccesstoken2 --oauthrefreshcmd1 --oauthrefreshcmd2"
    " --automap --exclude --gmail2 --noexpunge1 --dry --justfoldersizes --justlogin --version"
    " --maxsize --maxbytespersecond --maxbytesafter --subscribed --folder"
)
IMAPSYNC_OPTIONS = frozenset(_IMAPSYNC_OPTIONS.split())
# What a command begins with, and why no test runs it.
NOT_RUNNABLE_HERE: Mapping[str, str] = {
    "pip install": "installs packages from the network; CI does it before the tests",
    "nox -s": "runs the tests themselves, or what they are part of",
    ".nox/": "runs the tests themselves",
    "python -m venv": "the commands from source are run by CI before the tests",
    ".venv/bin/pip": "installs packages from the network; CI does it before the tests",
    "docker": "there is no Docker in the test machine",
    "gpg": "decrypts a file with the user's key",
    "certutil": "a program of Windows",
    "Get-FileHash": "a command of PowerShell",
    "sha256sum": "needs the files of a release",
    "shasum": "a program of macOS, and needs the files of a release",
    "gh attestation": "asks GitHub about the files of a release",
    "chgrp": "needs a group that each system has or has not",
    "chmod": "a standard command, beside chgrp on the same page",
    "msiexec": "a program of Windows",
    "ssh -L": "needs an ssh server",
    "scp": "needs an ssh server",
    "sh migrate.sh": "test_guides_migration.py runs it",
    "imapsync": "a program of others; its options are compared with a table",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_command_is_known(text: str) -> None:
    """It calls the program with options that go together, or is in the table."""
    for command in _piped(text):
        if _OURS.fullmatch(command[0]):
            _check(command[1:])
        else:
            assert _reason(command), f"Unknown command, or a block to fence as text: {text}"
        if "imapsync" in command:
            _check_imapsync(command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_other_blocks_say_what_they_are(page: Path) -> None:
    """So no command hides in a block of output."""
    assert languages_of(page) <= LANGUAGES


@pytest.mark.parametrize("start", NOT_RUNNABLE_HERE)
def test_the_table_has_nothing_else(start: str) -> None:
    """A command that has left the pages leaves the table."""
    assert any(_reason(command) == NOT_RUNNABLE_HERE[start] for t in TEXTS for command in _piped(t))


@pytest.mark.parametrize(
    "text",
    [
        "oauth2_imap --no_such_option you@example.com",
        "oauth2_imap no_such_command",
        "oauth2_imap status --loop",
        "imapsync --oauthrefreshcmd1 'oauth2_imap --no_such_option you@example.com'",
        "*/15 * * * * /usr/bin/oauth2_imap --no_such_option you@example.com",
    ],
)
def test_a_wrong_command_is_refused(text: str) -> None:
    """Wherever it stands in the line."""
    with pytest.raises(UsageProblem):
        test_a_command_is_known(text)


@pytest.mark.parametrize("text", ["rm -rf /", "imapsync --no_such_option"])
def test_an_unknown_command_is_refused(text: str) -> None:
    """It stands in no table."""
    with pytest.raises(AssertionError):
        test_a_command_is_known(text)


def _piped(text: str) -> Iterator[list[str]]:
    """The commands of a line, as words; a line of cron without its times."""
    for part in re.split(r" (?:\||&&) ", _CRON.sub("", text, count=1)):
        yield shlex.split(part.replace("\\", "\\\\"))


def _check(words: list[str]) -> None:
    """Raise if the program would refuse these words."""
    parsed = parse_arguments(words)
    first = words[0] if words else ""
    name = first if first in COMMANDS else "--demo" if "--demo" in words else ""
    refuse_unused_options(name, parsed.given)
    check_combination([] if name else parsed.words, parsed.options)
    if not name and parsed.words and not _ADDRESS.match(parsed.words[0]):
        command_named(parsed.words[0])


def _check_imapsync(command: list[str]) -> None:
    """Assert that imapsync has these options, and check the command that it is to call."""
    words = command[command.index("imapsync") + 1 :]
    assert {word for word in words if word.startswith("--")} <= IMAPSYNC_OPTIONS
    for option, value in pairwise(words):
        if _REFRESH_COMMAND.fullmatch(option):
            _check(shlex.split(value)[1:])


def _reason(command: list[str]) -> str:
    text = " ".join(takewhile(lambda word: word != "--", command))
    return next((why for start, why in NOT_RUNNABLE_HERE.items() if text.startswith(start)), "")
