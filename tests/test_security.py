"""SECURITY.md claims nothing that no test holds."""

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


def test_each_claim_names_what_holds_it() -> None:
    """The second column of each row names tests and nothing else: a file shows nothing."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    claims = [row for row in rows if row != "| Protection | Shown by |"]
    assert len(claims) > 20
    shown = r"`tests/\w+\.py::\w+`"
    assert [] == [row for row in claims if not re.search(rf"\| {shown}(?:, {shown})* \|$", row)]


def test_one_connection_alone_checks_no_certificate() -> None:
    """That of the report, which sends nothing."""
    loose = re.compile(r"CERT_NONE|check_hostname = False|verify=False|_create_unverified_context")
    assert ["core/report/endpoint.py"] == _with(loose)


def test_each_button_that_copies_is_known() -> None:
    """Commands, paths, the log, imapsync's output, a sign-in's link and code, errors: no token."""
    assert [
        "gui/widgets/command_text.py",
        "gui/widgets/detail_view.py",
        "gui/widgets/device_view.py",
        "gui/widgets/log_pane.py",
        "gui/widgets/message_details.py",
        "gui/widgets/run_output.py",
        "gui/widgets/waiting_panel.py",
    ] == _with(re.compile(r"clipboard\(\)"))


def _with(pattern: re.Pattern[str]) -> list[str]:
    """The program's files in which the pattern is found."""
    files = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("gui/**/*.py")])
    return [
        path.relative_to(ROOT).as_posix()
        for path in files
        if pattern.search(path.read_text("utf-8"))
    ]
