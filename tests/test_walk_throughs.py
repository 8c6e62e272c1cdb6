"""The walk-throughs of docs/TROUBLESHOOTING.md: whole, and true of the program."""

import re
from pathlib import Path
from typing import Any

import pytest

import troubleshooting
import walk_throughs
from core.cli.commands import COMMANDS
from core.cli.options import NEGATABLE, OPTIONS
from core.i18n.translation import ENGLISH, LANGUAGES, use_language
from core.providers.catalog import load_catalog
from core.verdicts.verdict import Actor

ALL = walk_throughs.walk_throughs()
VERDICTS = {verdict.id: verdict for found in troubleshooting.tables().values() for verdict in found}
SECTION = troubleshooting.page(troubleshooting.tables()).partition("\n## Step by step\n")[2]
SHOWN = SECTION.partition("\n## ")[0].split("\n### ")[1:]


def test_there_is_one_for_each_usual_problem() -> None:
    """Fifteen, each under its question, in the order of the data."""
    assert 15 == len(ALL)
    assert [one["question"] for one in ALL] == [text.partition("\n")[0] for text in SHOWN]


@pytest.mark.parametrize("number", range(len(ALL)), ids=lambda number: ALL[number]["question"])
def test_it_leads_to_who_can_act(number: int) -> None:
    """What is seen, what it means, what to do, and who can do it."""
    one, text = ALL[number], SHOWN[number]
    parts = ("**What you see:** ", "**What it means:** ", "**What to do:**", "**Who can do it:** ")
    assert parts == tuple(part for part in parts if part in text)
    assert len(one["steps"]) == len(re.findall(r"^\d\. ", text, re.M))
    for name in one["messages"]:
        actor = VERDICTS[name].actor
        assert actor is Actor.NOBODY or actor in text.rpartition("**Who can do it:** ")[2]
    assert "{" not in text


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != ENGLISH])
def test_a_translation_is_of_the_same_shape(code: str) -> None:
    """The same messages, steps, commands and placeholders in the same order."""
    use_language(code)
    translated = walk_throughs.walk_throughs()
    assert [_shape(one) for one in ALL] == [_shape(one) for one in translated]
    assert not {one["question"] for one in ALL} & {one["question"] for one in translated}


def _shape(one: dict[str, Any]) -> tuple[object, ...]:
    steps = [sorted(re.findall(r"`[^`]+`|\{\w+\}", step)) for step in one["steps"]]
    return (one["messages"], steps, "who" in one)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one["question"])
def test_its_commands_exist(one: dict[str, Any]) -> None:
    """Each option, and each command."""
    ours = {option.name for option in OPTIONS} | {f"no_{name}" for name in NEGATABLE}
    options = ours | {"user1", "user2"}  # of imapsync
    for step in one["steps"]:
        for code in re.findall("`(.+?)`", step):
            if code.startswith(("--", "oauth2_imap ")):
                before_imapsync = code.partition(" -- ")[0]
                assert set(re.findall(r"--(\w+)", before_imapsync)) <= options
                assert set(re.findall(r"^oauth2_imap ([a-z]+)\b", code)) <= COMMANDS.keys()


def test_a_provider_that_is_added_appears(tmp_path: Path) -> None:
    """A new cloud of Microsoft's is named where clouds are, and device codes where they are."""
    own = tmp_path / "providers.toml"
    own.write_text('[providers.office365_moon]\nextends = "office365"\nlabel = "Moon"\n', "utf-8")
    facts = walk_throughs.facts_of(load_catalog(own))
    assert "`office365_moon` (Moon)" in facts["clouds"]
    assert "Moon" in facts["device_codes"]
    assert "`office365_gcc_high`" in walk_throughs.facts_of(load_catalog())["clouds"]
