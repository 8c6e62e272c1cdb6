"""The table of verdicts: what each recorded answer means, and that every entry is whole."""

import re
import string

import pytest

from core import REPOSITORY
from core.verdicts.match import TABLES, match
from core.verdicts.verdict import (
    IN_GENERAL,
    NEWEST_RELEASE,
    Action,
    Actor,
    Kind,
    Origin,
    Symptom,
    Verdict,
    filled,
)
from recorded_answers import RECORDED

ENTRIES = [verdict for table in TABLES for verdict in table]


@pytest.mark.parametrize(
    ("expected", "symptom"), RECORDED, ids=[f"{i}-{row[0]}" for i, row in enumerate(RECORDED)]
)
def test_a_recorded_answer(expected: str, symptom: Symptom) -> None:
    """Each has its one meaning, in any case of letters."""
    assert expected == match(symptom).id
    shouted = symptom._replace(
        error=symptom.error.upper(),
        suberror=symptom.suberror.upper(),
        words=symptom.words.upper(),
    )
    assert expected == match(shouted).id


def test_every_entry_is_reached() -> None:
    """An entry that no answer reaches is dead, or hidden behind an earlier one."""
    assert {verdict.id for verdict in ENTRIES} == {name for name, _ in RECORDED}


def test_every_pattern_is_reached() -> None:
    """Each pattern is the one that recognises some recorded answer, each AADSTS code too."""
    unused = []
    for verdict in ENTRIES:
        answers = [symptom for name, symptom in RECORDED if name == verdict.id]
        for pattern in verdict.patterns:
            for code in pattern.codes or (0,):
                narrowed = pattern._replace(codes=(code,)) if code else pattern
                if not any(narrowed.fits(symptom) for symptom in answers):
                    unused.append(f"{verdict.id}: {narrowed}")
    assert [] == unused


def test_dead_registrations_lead_to_the_newest_release() -> None:
    """By a link that the user may follow; the program looks for no release itself."""
    dead = [v for table in TABLES for v in table if "newest release" in v.remedy]
    assert {f"{REPOSITORY}/releases/latest"} == {NEWEST_RELEASE, *(v.link for v in dead)}
    assert 3 == len(dead)


def test_ids_are_unique() -> None:
    """Scripts read them."""
    ids = [verdict.id for verdict in ENTRIES]
    assert len(ids) == len(set(ids))
    assert [] == [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9_]+", name)]


@pytest.mark.parametrize("verdict", ENTRIES, ids=lambda verdict: verdict.id)
def test_an_entry_is_whole(verdict: Verdict) -> None:
    """Message, what to do, who, and where the meaning comes from; only known placeholders."""
    assert isinstance(verdict.kind, Kind)
    assert isinstance(verdict.actor, Actor)
    assert isinstance(verdict.action, Action)
    assert verdict.message
    assert not verdict.message.endswith(".")
    assert verdict.remedy.endswith((".", "PORT"))
    assert not verdict.explanation or verdict.explanation.endswith((".", "$true"))
    assert verdict.source
    for text in (verdict.message, verdict.explanation, verdict.remedy):
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert names <= IN_GENERAL.keys()
        assert "{" not in filled(text, {})
        # A face renders the action; no text names an option or a button of it.
        assert not re.search(r"(?<!\S)--[a-z]", text)


def test_no_answer_is_without_a_verdict() -> None:
    """Each origin has its last resort."""
    for origin in set(Origin) - {Origin.LOCAL}:
        assert match(Symptom(origin, "never_seen_before")).id


@pytest.mark.parametrize("origin", [Origin.LOGIN, Origin.LIST])
@pytest.mark.parametrize(
    "words",
    [
        "Too many connections",
        "[LIMIT] Rate limit hit",
        "Server busy",
        "Server is too busy",
        "Please try again later",
        "Temporary failure",
        "System maintenance",
        "Service unavailable",
        "Backend timed out",
        "[INUSE] x",
        "Request is throttled",
        "connection limit exceeded",
        "Too many login attempts",
        "User quota exceeded",
        "Server shutting down.",
        "System busy",
        "Too many open sessions",
        "Maximum number of concurrent sessions reached",
        "Please slow down",
        "Daily limit reached",
        "The mailbox is being migrated",
        "Mailbox is in use by another session",
        "Could not connect to the mailbox server",
        "Service currently not available",
        "Database error",
        "Your account is temporarily blocked",
    ],
)
def test_limits_are_never_told_as_a_refusal(origin: Origin, words: str) -> None:
    """Nothing that doesn't speak of the token or the account costs a sign-in."""
    code = match_code[1].lower() if (match_code := re.match(r"\[(\w+)\]", words)) else ""
    assert Kind.PASSING is match(Symptom(origin, code, words=words)).kind
