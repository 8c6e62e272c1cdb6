"""The marks of tests that only some systems can run: each gives its reason."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from systems import SYSTEMS, is_one_of
from wine.quick import FILES as UNDER_WINE
from wine.quick import left_out

TESTS = Path(__file__).parent
FILES = sorted(path.name for path in TESTS.glob("test_*.py"))
MARKS = ("only_on", "not_under_wine", "needs_program")
SHORTEST = 3  # words


def marks(tree: ast.AST) -> Iterator[tuple[str, ast.Call | None]]:
    """Yield the name of each `pytest.mark` with its call; None where it isn't called."""
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark":
            yield node.attr, calls.get(id(node))


def complaints(source: str) -> list[str]:
    """Return what is wrong with the marks of a file."""
    found = []
    for name, call in marks(ast.parse(source)):
        if name in ("skip", "skipif"):
            found.append(f"{name} is not counted: use {', '.join(MARKS)}")
        if name not in MARKS:
            continue
        given = {word.arg: word.value for word in call.keywords} if call else {}
        reason = given.get("reason")
        if not isinstance(reason, ast.Constant) or len(str(reason.value).split()) < SHORTEST:
            found.append(f"{name} gives no reason")
        names = [ast.literal_eval(word) for word in call.args] if call else []
        if name == "only_on" and (not names or not SYSTEMS.issuperset(names)):
            found.append(f"only_on{tuple(names)} names other systems than {sorted(SYSTEMS)}")
    return found


@pytest.mark.parametrize("name", FILES)
def test_each_mark_gives_its_reason(name: str) -> None:
    """Whoever reads the summary knows why a test was not run."""
    assert [] == complaints((TESTS / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "mark",
    [
        "pytest.mark.skipif(sys.platform == 'win32', reason='Windows has no modes')",
        "pytest.mark.skip",
        "pytest.mark.only_on('posix')",
        "pytest.mark.only_on('posix', reason='POSIX')",
        "pytest.mark.only_on(reason='Windows has no modes')",
        "pytest.mark.only_on('windows', reason='posix has no registry')",
        "pytest.mark.not_under_wine",
    ],
)
def test_a_mark_without_a_reason_is_seen(mark: str) -> None:
    """It is found also where it is kept in a constant."""
    assert 1 == len(complaints(f"MARK = {mark}"))


def test_each_file_runs_under_wine_or_is_left_out_with_a_reason() -> None:
    """None is forgotten, and none is in both tables."""
    run = [name.removeprefix("tests/") for name in UNDER_WINE]
    assert FILES == sorted([*run, *left_out()])


def test_the_systems_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but Windows are POSIX."""
    here = {}
    for platform in ("darwin", "linux", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        here[platform] = [name for name in sorted(SYSTEMS) if is_one_of({name})]
    assert {"darwin": ["darwin", "posix"], "linux": ["linux", "posix"], "win32": ["win32"]} == here
