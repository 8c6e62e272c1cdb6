"""Tests of release/troubleshooting.py: the page has every verdict, and is current."""

import re
from pathlib import Path

import pytest

import troubleshooting
from core.verdicts.verdict import Action, Actor, Kind, Origin, Pattern, Verdict

TABLES = troubleshooting.tables()
ADDED = Verdict(
    "moon_full",
    Kind.PASSING,
    Actor.ADMINISTRATOR,
    Action.WAIT,
    "{host} refuses {address} while the moon is full",
    "It is full once a month. {rule}",
    "Wait for {some_days}; *then* try again.",
    source="a test",
    link="https://moon.example/phases",
    patterns=(
        Pattern(codes=(4242001, 4242002), errors=("full_moon",), suberrors=("eclipse",)),
        Pattern(codes=(4242001,)),
    ),
)
SHOWN = """
### *server* refuses *address* while the moon is full

- Codes: AADSTS4242001, AADSTS4242002, `full_moon`, `eclipse`
- Why: It is full once a month. It has a form that is not allowed.
- What to do: Wait for *some days*; \\*then\\* try again.
- Who can do it: your administrator
- More: <https://moon.example/phases>
- Exit code: 4 (try again)
- Name for scripts: `moon_full`
"""


def group_of(page: str, text: str) -> str:
    """The heading of the group in which a text stands."""
    return str(re.findall(r"^## (.+)$", page.partition(text)[0], re.M)[-1])


def test_the_page_is_current() -> None:
    """Who changes a table or a question runs the script."""
    assert 0 == troubleshooting.main(["--check"]), f"run {troubleshooting.COMMAND}"


def test_the_page_has_each_verdict_once() -> None:
    """Each has a heading and a name that scripts read."""
    page = troubleshooting.page(TABLES)
    ids = [verdict.id for entries in TABLES.values() for verdict in entries]
    assert len(ids) > 100
    assert sorted(ids) == sorted(re.findall(r"^- Name for scripts: `(\w+)`$", page, re.M))


def test_an_added_entry_appears() -> None:
    """All of it, in the group of its table."""
    tables = {**TABLES, "microsoft": [*TABLES["microsoft"], ADDED]}
    page = troubleshooting.page(tables)
    assert SHOWN in page
    assert "Answers of Microsoft" == group_of(page, SHOWN)
    assert troubleshooting.page(TABLES) == page.replace(SHOWN, "", 1)


@pytest.mark.parametrize(
    ("table", "origins", "group"),
    [
        ("imap", (Origin.LOGIN,), "Answers of IMAP servers"),
        ("local_files", (), "Messages about files and settings"),
        ("oauth", (Origin.AUTHORIZATION,), troubleshooting.SIGN_IN),
        ("oauth", (Origin.AUTHORIZATION, Origin.TOKEN), "Answers of other providers"),
        ("local_of_tomorrow", (), troubleshooting.OTHERS),
    ],
)
def test_the_group_is_what_the_user_looks_at(
    table: str, origins: tuple[Origin, ...], group: str
) -> None:
    """A table without a group of its own is shown too."""
    patterns = (Pattern(origins=origins),) if origins else ()
    verdict = Verdict("x_of_y", Kind.LOCAL, Actor.YOU, Action.NONE, "X", patterns=patterns)
    page = troubleshooting.page({table: [verdict]})
    assert group == group_of(page, "### X")


@pytest.mark.parametrize(
    ("origin", "errors", "codes"),
    [
        (Origin.TOKEN, ("invalid_grant",), "- Codes: `invalid_grant`"),
        (Origin.LOGIN, ("limit", "no_xoauth2"), "- Codes: `LIMIT`"),
        (Origin.NETWORK, ("tls_untrusted",), ""),
    ],
)
def test_only_codes_that_a_server_sends_are_shown(
    origin: Origin, errors: tuple[str, ...], codes: str
) -> None:
    """A fault's own name in the program says nothing to the user."""
    patterns = (Pattern(origins=(origin,), errors=errors),)
    verdict = Verdict("x_of_y", Kind.LOCAL, Actor.YOU, Action.NONE, "X", patterns=patterns)
    page = troubleshooting.page({"imap": [verdict]})
    assert codes == "".join(re.findall(r"^- Codes: .*$", page, re.M))


def test_an_old_page_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The exit code is 1, and the command to run is told."""
    monkeypatch.setattr(troubleshooting, "TEMPLATES", tmp_path)
    for code in ("", ".de", ".fr"):
        (tmp_path / f"troubleshooting{code}.md").write_text("# Other questions\n")
    assert 1 == troubleshooting.main(["--check"])
    assert troubleshooting.COMMAND in capsys.readouterr().err
