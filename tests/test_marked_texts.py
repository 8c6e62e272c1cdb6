"""Each text that a user reads is marked for translation: a search through the source.

`DONE` are the folders and files that are marked. `NOT_FOR_USERS` are the places in them with texts
that stay as they are, each with the reason.
"""

from collections.abc import Mapping

import pytest

from program import ROOT
from prose import unmarked

DONE = ("core/cli", "core/verdicts", "gui")
_A_COMMAND = "a command or an option, as it is typed"
_FOR_PROGRAMS = "names for programs, as --json has them"
_OF_SERVERS = "what servers say"
NOT_FOR_USERS: Mapping[str, str] = {
    "core/cli/__init__.py:main": _A_COMMAND,
    "core/cli/actions.py:_ENDPOINTS": _A_COMMAND,
    "core/cli/commands.py:COMMANDS": _A_COMMAND,
    "core/cli/entry.py:_run": _A_COMMAND,
    "core/cli/help.py:_EXAMPLES": _A_COMMAND,
    "core/cli/help.py:help_text": _A_COMMAND,
    "core/cli/monitoring.py": "Nagios and similar systems read it",
    "core/cli/providers.py:_about": _A_COMMAND,
    "core/cli/register.py:run": _A_COMMAND,
    "core/cli/schedule.py:_shown": "a comment in a file",
    "core/verdicts/google.py:_REVOKED_WORDS": _OF_SERVERS,
    "core/verdicts/other_providers.py:_TOKEN_REFUSED": _OF_SERVERS,
    "core/verdicts/verdict.py:Action": _FOR_PROGRAMS,
    "core/verdicts/verdict.py:Kind": _FOR_PROGRAMS,
    "core/verdicts/verdict.py:Origin": _FOR_PROGRAMS,
    "gui/model/bar_message.py:_with_details": "for developers, who get it with a question",
    "gui/startup/smoke_test.py:smoke_test": "for those who build the program",
    "gui/system/autostart_entries.py:_SECTION": "the name of a section in a file",
}


def _files() -> list[str]:
    """The Python files of what is done."""
    found = [file for one in DONE for file in (ROOT / one).rglob("*.py")]
    found += [ROOT / one for one in DONE if one.endswith(".py")]
    return sorted(file.relative_to(ROOT).as_posix() for file in found)


def _places(file: str) -> Mapping[str, str]:
    """Where unmarked texts stand in a file, each with the first of them."""
    texts = unmarked((ROOT / file).read_text("utf-8"))
    return {f"{file}:{text.place}": f"line {text.line}: {text.text}" for text in reversed(texts)}


def _is_exempt(place: str) -> bool:
    file, _colon, names = place.partition(":")
    return not {file, place, f"{file}:{names.partition('.')[0]}"}.isdisjoint(NOT_FOR_USERS)


@pytest.mark.parametrize("file", _files())
def test_each_text_for_users_is_marked(file: str) -> None:
    """Mark it with `_` or `N_`, or say above why it stays."""
    assert {} == {place: text for place, text in _places(file).items() if not _is_exempt(place)}


def test_each_exemption_is_needed() -> None:
    """It goes when its text goes."""
    places = [place for file in _files() for place in _places(file)]
    unused = [one for one in NOT_FOR_USERS if not any(_within(place, one) for place in places)]
    assert [] == unused


def _within(place: str, exempt: str) -> bool:
    return place == exempt or place.startswith((f"{exempt}:", f"{exempt}."))


@pytest.mark.parametrize(
    "line",
    [
        'say("Nothing is saved.")',
        'say(f"{address} is signed in")',
        'say(f"Written: {path}")',
        'say("{count} mailboxes".format(count=3))',
        '_("{reason}", reason="nothing was saved")',
        'state = "not known"',
        'table = {"name": ("one", "two words")}',
        'Option("name", "A B", "help")',
        "say(f\"{shown('two words')}\")",
        "say(f\"  {_('Marked where Babel does not look')}\")",
    ],
)
def test_an_unmarked_text_is_found(line: str) -> None:
    """The search is not blind."""
    assert unmarked(line)


@pytest.mark.parametrize(
    "line",
    [
        '"""What it does."""',
        '_("Nothing is saved.")',
        'say(_("{name} is saved", name=name))',
        'TABLE = {1: N_("Nothing is saved.")}',
        'ngettext("one fly", "{count} flies", n)',
        'Option("name", None, GROUP, "Print this help.")',
        'log.info("token file %s is empty", path)',
        're.compile("is not a token")',
        'raise ValueError("no such thing")',
        'Verdict("a", source="seen by somebody")',
        'path = f"{folder}/{name}"',
        'name = "client_id"',
    ],
)
def test_what_no_user_reads_is_not_found(line: str) -> None:
    """And it does not ask for marks where none belong."""
    assert [] == unmarked(line)
