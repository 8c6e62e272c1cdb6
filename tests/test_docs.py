"""The documents say what is there: options, commands, files, links and decisions."""

import re
from pathlib import Path

import pytest

from bench import NAMES as NAMES_OF_BENCHMARKS
from benchmarks.table import HEAD as HEAD_OF_TABLE
from core.cli.commands import COMMANDS
from core.cli.option import Option
from core.cli.options import NEGATABLE, OPTIONS
from core.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [document.relative_to(ROOT).as_posix() for document in DOCUMENTS]
REFERENCE = (ROOT / "docs/COMMAND_LINE.md").read_text("utf-8")
DECISIONS = (ROOT / "docs/DECISIONS.md").read_text("utf-8")
PERFORMANCE = (ROOT / "docs/PERFORMANCE.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"(?<!\\)\[[^]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FILE = re.compile(r"`((?:core|gui|release|resources|tests|docs)/[\w./-]+)`")
# Generated pages repeat sentences of their data; what is written by hand is in the template.
_BY_HAND = {
    f"docs/TROUBLESHOOTING{code}.md": f"release/templates/troubleshooting{code}.md"
    for code in ("", ".de", ".fr")
}
# A shorter line is a heading, a row, or a sentence that may come twice.
_LONG, _BEGINNING = 80, 60


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_reference_has_each_option(option: Option) -> None:
    """With the name of its value, in the first column of a table."""
    written = f"--{option.name}" + (f" {option.metavar}" if option.metavar else "")
    assert f"| `{written}` |" in REFERENCE.replace("\\|", "|")


def test_the_reference_has_no_other_option() -> None:
    """What was renamed or removed doesn't stay in the tables."""
    named = re.findall(r"^\| `--(\w+)", REFERENCE, re.MULTILINE)
    assert sorted(option.name for option in OPTIONS) == sorted(named)


def test_the_reference_has_each_negation() -> None:
    """Those that only take back an earlier option are listed by that option's name."""
    listed = REFERENCE.partition("can be switched off again")[0].rpartition("\n")[2]
    negatable = NEGATABLE - {"thunderbird", "protect"}  # without effect; a wish of its own
    assert negatable == set(re.findall(r"`--(\w+)`", listed))
    assert "`--no_protect`" in REFERENCE


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_has_each_command(name: str) -> None:
    """With what it takes, as `--help` shows it."""
    assert f"| `{f'oauth2_imap {name} {COMMANDS[name].words}'.strip()}` |" in REFERENCE


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_the_reference_has_each_exit_code(code: ExitCode) -> None:
    """Scripts rely on them."""
    assert f"\n| {code.value} |" in REFERENCE


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    """To a file that is there, and to a heading in it."""
    text = _CODE.sub("", _FENCE.sub("", (ROOT / name).read_text("utf-8")))
    links = [link for link in _LINK.findall(text) if "://" not in link]
    assert [] == [link for link in links if not _leads_somewhere(name, link)]


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_named_are_there(name: str) -> None:
    """A module that has moved is named by its new place."""
    files = _FILE.findall((ROOT / name).read_text("utf-8"))
    assert [] == [file for file in files if not (ROOT / file).exists()]


@pytest.mark.parametrize("name", NAMES)
def test_no_paragraph_stands_twice(name: str) -> None:
    """A merge may leave an old paragraph beside the new one; both begin with the same words."""
    lines = (ROOT / _BY_HAND.get(name, name)).read_text("utf-8").split("\n")
    sentences = [line for line in lines if not line.startswith("    ")]  # and no commands
    beginnings = [line[:_BEGINNING] for line in sentences if len(line) >= _LONG]
    assert [] == sorted({text for text in beginnings if beginnings.count(text) > 1})


def test_the_commands_of_the_readme_stand_alone() -> None:
    """Whoever copies a line copies the whole command."""
    for session in ("demo", "all"):
        assert f"\n\n    pip install nox && nox -s {session}\n\n" in README


def test_decisions_are_numbered_and_listed() -> None:
    """The index has each decision with its number, its place and its status."""
    headings = re.findall(r"^## ((\d+)\. .+)\n\nStatus: (.+), \d{4}-\d\d-\d\d$", DECISIONS, re.M)
    assert [str(number) for number in range(1, len(headings) + 1)] == [n for _, n, _ in headings]
    assert DECISIONS.count("\n## ") == len(headings)
    rows = re.findall(r"^\| (\d+) \| \[(.+)\]\(#(.+)\) \| (.+) \|$", DECISIONS, re.M)
    expected = [(n, h.partition(". ")[2], _anchor(h), status) for h, n, status in headings]
    assert expected == rows


def test_each_decision_has_its_parts() -> None:
    """In the same order; a status is one of two."""
    parts = ["Context", "Decision", "Alternatives", "Consequence"]
    for text in DECISIONS.split("\n## ")[1:]:
        assert parts == re.findall(r"^- \*\*(\w+):\*\* ", text, re.M), text
        status = re.search(r"^Status: (.+), ", text, re.M)
        assert status, text
        assert re.fullmatch(r"accepted|superseded by \d+", status[1])


@pytest.mark.parametrize("name", NAMES_OF_BENCHMARKS)
def test_each_benchmark_has_a_table(name: str) -> None:
    """With its name in the heading, for whoever wants to run this one alone."""
    section = PERFORMANCE.partition(f" (`{name}`)\n")[2].partition("\n## ")[0]
    table = section.partition(f"<!-- measured: {name} -->\n")[2].partition("<!-- end -->")[0]
    assert table.startswith(f"\n{HEAD_OF_TABLE}\n| ")


def test_the_changelog_keeps_its_form() -> None:
    """Before the first release nothing can have changed or been fixed."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.split(r"^## ", changelog, flags=re.M)[1:]
    assert "[Unreleased]" == versions[0].partition("\n")[0]
    if len(versions) == 1:
        assert ["Added"] == re.findall(r"^### (.+)$", versions[0], re.M)


def test_what_the_checks_look_for_is_seen() -> None:
    """Anchors are made as GitHub makes them, and a link to nowhere is found."""
    assert "1-core-and-gui-are-top-level-packages" == _anchor(
        "1. `core` and `gui` are top-level packages"
    )
    assert _leads_somewhere("README.md", "docs/COMMAND_LINE.md#which-options-are-there")
    assert not _leads_somewhere("README.md", "docs/COMMAND_LINE.md#nothing-of-this-name")
    assert not _leads_somewhere("docs/COMMAND_LINE.md", "docs/COMMAND_LINE.md")


def _leads_somewhere(name: str, link: str) -> bool:
    """Whether a relative link in a document has a file, and its anchor a heading."""
    path, _, anchor = link.partition("#")
    target = (ROOT / name).parent / path if path else ROOT / name
    if not target.exists():
        return False
    text = _FENCE.sub("", target.read_text("utf-8")) if anchor else ""
    return not anchor or anchor in {_anchor(heading) for heading in _HEADING.findall(text)}


def _anchor(heading: str) -> str:
    """The name by which GitHub links to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
