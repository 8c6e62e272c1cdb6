"""SECURITY.md claims nothing that no test or file holds."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/\w+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_the_tests_it_names_are_there(file: str) -> None:
    """Whoever renames or removes one has to look at the claim."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert set() == {test for named, test in NAMED if named == file} - there


def test_the_files_it_names_are_there() -> None:
    """In the program too."""
    files = re.findall(r"`((?:core|gui)/[\w/]+\.py)`", TEXT)
    assert files
    assert [] == [file for file in files if not (ROOT / file).is_file()]


def test_each_claim_names_what_holds_it() -> None:
    """The second column of each row is never without a test or a file."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    claims = [row for row in rows if row != "| Protection | Shown by |"]
    assert len(claims) > 20
    assert [] == [row for row in claims if not re.search(r"\| `(tests|core|gui)/.*` \|$", row)]
