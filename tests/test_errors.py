"""Errors carry verdicts: each raise names one and gives the values for its texts."""

import ast
import importlib
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from core.errors import AppError, Cancelled, ExitCode, as_error
from core.verdicts.match import TABLES
from core.verdicts.verdict import IN_GENERAL, Action, Actor, Kind, Verdict, filled

ROOT = Path(__file__).resolve().parent.parent
LOCAL: Mapping[str, ModuleType] = {
    file.stem: importlib.import_module(f"core.verdicts.{file.stem}")
    for file in sorted((ROOT / "core" / "verdicts").glob("local_*.py"))
}
CONSTANTS = {
    (module, name): value
    for module, found in LOCAL.items()
    for name, value in vars(found).items()
    if isinstance(value, Verdict)
}
FILES = [file for folder in ("core", "gui") for file in sorted((ROOT / folder).rglob("*.py"))]
_OPTION = re.compile(r"(?<!\S)--[a-z]")


def _error_classes() -> set[str]:
    """AppError and all classes that are derived from it, without those that need no verdict."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    found = {"AppError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found - {"Cancelled"}


def _mistakes(tree: ast.AST, classes: set[str]) -> Iterator[str]:
    """Where an error is made without a verdict, or without a value for its texts."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id not in classes | {"as_error"}:
            continue
        what = f"line {node.lineno}: {node.func.id}"
        first = node.args[0] if node.args else None
        choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
        for choice in choices:
            if choice is None or isinstance(choice, ast.Constant | ast.JoinedStr | ast.BinOp):
                yield f"{what} has no verdict"
                continue
            given = {keyword.arg for keyword in node.keywords}
            for verdict in _constants(choice) if None not in given else ():
                missing = _placeholders(verdict) - IN_GENERAL.keys() - given
                yield from (f"{what} gives no {name} to {verdict.id}" for name in sorted(missing))


def _constants(node: ast.expr) -> list[Verdict]:
    """The verdicts that an expression may name; none for one that is only known at run time."""
    match node:
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in LOCAL:
            return [CONSTANTS[module, name]]
        case ast.Name(id=name):
            return [verdict for (_, other), verdict in CONSTANTS.items() if name == other]
    return []


def _placeholders(verdict: Verdict) -> set[str]:
    texts = (verdict.message, verdict.explanation, verdict.remedy)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_error_names_its_verdict() -> None:
    """No text of an error is written in place, and no placeholder is left without a value."""
    classes = _error_classes()
    found = [
        f"{file.relative_to(ROOT)}, {mistake}"
        for file in FILES
        if file.name != "errors.py"
        for mistake in _mistakes(ast.parse(file.read_text("utf-8")), classes)
    ]
    assert [] == found


@pytest.mark.parametrize(
    ("line", "mistakes"),
    [
        ('AppError("It failed", hint="Try again")', ["no verdict"]),
        ('raise UsageProblem(f"{name} is wrong")', ["no verdict"]),
        ('as_error("It failed in " + place)', ["no verdict"]),
        ("AppError()", ["no verdict"]),
        ('as_error(local_commands.NO_ADDRESS if a else "No")', ["no verdict"]),
        ("as_error(local_commands.UNKNOWN_OPTION)", ["no option"]),
        ("as_error(UNKNOWN_OPTION, detail=x)", ["no option"]),
        ("as_error(local_commands.UNKNOWN_OPTION, option=x)", []),
        ("as_error(local_commands.UNKNOWN_OPTION, **values)", []),
        ("as_error(local_commands.SIDE_UNKNOWN)", []),  # an address has general words
        ("as_error(match(symptom), detail=x)", []),
        ("NotAnError('x')", []),
    ],
)
def test_a_mistake_is_seen(line: str, mistakes: list[str]) -> None:
    """However it is written; what is only known at run time is left to other tests."""
    found = list(_mistakes(ast.parse(line), {"AppError", "UsageProblem"}))
    assert len(mistakes) == len(found)
    assert all(words in told for words, told in zip(mistakes, found, strict=True))


def test_ids_are_unique() -> None:
    """Scripts read them, from whatever table."""
    ids = [v.id for v in CONSTANTS.values()] + [v.id for table in TABLES for v in table]
    assert [] == sorted({name for name in ids if 1 < ids.count(name)})
    assert [] == [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9_]+", name)]


@pytest.mark.parametrize("module", LOCAL)
def test_a_table_is_complete(module: str) -> None:
    """What walks a table sees every entry."""
    named = [verdict for (table, _), verdict in CONSTANTS.items() if module == table]
    assert set(named) == set(LOCAL[module].VERDICTS)


@pytest.mark.parametrize(("module", "name"), CONSTANTS)
def test_an_entry_is_used(module: str, name: str) -> None:
    """An error that nothing raises is no error any more."""
    word = re.compile(rf"\b{name}\b")
    users = [f for f in FILES if f.stem != module and word.search(f.read_text("utf-8"))]
    assert users


@pytest.mark.parametrize(("module", "name"), CONSTANTS)
def test_an_entry_is_whole(module: str, name: str) -> None:
    """A message, whole sentences, and where the meaning comes from; no option, no button."""
    verdict = CONSTANTS[module, name]
    assert verdict.message
    assert not verdict.message.endswith(".")
    assert verdict.remedy.endswith(".") or verdict.kind is Kind.CANCELLED
    assert not verdict.explanation or verdict.explanation.endswith((".", "{rule}"))
    assert verdict.source
    assert not verdict.patterns
    texts = (verdict.message, verdict.explanation, verdict.remedy)
    assert all("{" not in filled(text, {}) for text in texts)
    if module != "local_commands":  # there the option is what the message is about
        assert not [text for text in texts if _OPTION.search(text)]


def test_an_error_reads_its_verdict() -> None:
    """Texts, what follows, and who can do what come from the entry and the values."""
    verdict = Verdict(
        "x",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.WAIT,
        "{host} is busy",
        "It serves {count} others.",
        "Wait for {host}.",
    )
    error = as_error(verdict, detail="busy", retry_after=3.0, host="a.example", count=4)
    error.add_note("imapsync can go on.")
    assert ("a.example is busy", "It serves 4 others.", "Wait for a.example.") == (
        error.message,
        error.explanation,
        error.hint,
    )
    assert (Kind.PASSING, ExitCode.TRY_AGAIN, 3.0) == (
        error.kind,
        error.exit_code,
        error.retry_after,
    )
    assert (Actor.PROVIDER, Action.WAIT) == (error.actor, error.action)
    assert ("imapsync can go on.",) == error.notes
    assert "a.example is busy" == str(error)


def test_cancelling_is_a_verdict() -> None:
    """It has its own exit code."""
    assert ("cancelled", ExitCode.CANCELLED) == (Cancelled().verdict.id, Cancelled().exit_code)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CANCELLED])
def test_each_kind_has_its_class(kind: Kind) -> None:
    """The class is found from the kind, so that callers can catch it."""
    error = as_error(Verdict("x", kind, Actor.YOU, Action.NONE, "X"))
    assert kind in type(error).kinds
    assert isinstance(error, AppError)
