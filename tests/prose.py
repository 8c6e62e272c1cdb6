"""Finds texts in source that look as if a user reads them, and that nobody marked for translation.

A text is prose if two words follow each other. What no user reads is known by the call or the
statement that it stands in: docstrings, the log, patterns, errors for programmers.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import catalogs

_VALUE = "\N{REPLACEMENT CHARACTER}"  # stands for a value in an f-string
_PLACEHOLDER = re.compile(r"\{\w+\}")
_LETTER = r"[^\W\d_]"
_PROSE = re.compile(f"{_LETTER},? {_LETTER}|{_VALUE},? {_LETTER}{{2}}|{_LETTER}{{2}}[,:]? {_VALUE}")
# Modules and objects whose functions take texts that no user reads.
_OWNERS = frozenset({"re", "log", "_log", "logging"})
_OF_SERVERS = frozenset({"patterns", "source"})  # in a verdict: their words, and where seen


class Text(NamedTuple):
    """A text that is not marked, with its line, and the names of what it stands in."""

    line: int
    place: str
    text: str


def unmarked(source: str) -> list[Text]:
    """The texts of a module that look like prose and are not marked."""
    return list(_found(ast.parse(source), ()))


def _found(node: ast.AST, place: Sequence[str]) -> Iterator[Text]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        place = (*place, node.name)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and not place:
        place = (_name_of(node),)
    for child in _read_by_users(node):
        text = _text_of(child)
        if isinstance(child, ast.expr) and _PROSE.search(_PLACEHOLDER.sub(_VALUE, text)):
            yield Text(child.lineno, ".".join(place), text)
        if isinstance(child, ast.JoinedStr):
            for part in child.values:
                if isinstance(part, ast.FormattedValue):
                    yield from _found(part, place)
                    yield from _lost(part, place)
        else:
            yield from _found(child, place)


def _lost(value: ast.FormattedValue, place: Sequence[str]) -> Iterator[Text]:
    """Texts that are marked inside an f-string: Babel takes it for one text, so it finds none."""
    for node in ast.walk(value):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_rest]):
                if name in catalogs.KEYWORDS:
                    yield Text(node.lineno, ".".join(place), text)


def _name_of(node: ast.Assign | ast.AnnAssign) -> str:
    return ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])


def _text_of(node: ast.AST) -> str:
    """A string as it stands in the source; empty for all else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text_of(part) or _VALUE for part in parts)
    return ""


def _read_by_users(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node, without those whose texts are marked or read by nobody."""
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.Call(func=ast.Name(id=name)) if name in catalogs.KEYWORDS:
            marked = catalogs.KEYWORDS[name]
            yield from (a for n, a in enumerate(node.args, 1) if marked and n not in marked)
            yield from node.keywords
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner))) if owner in _OWNERS:
            return
        case ast.Call(func=ast.Name(id=name)) if name.endswith("Error"):
            return  # an error of Python's: its words are details, as those of the system
        case ast.keyword(arg=name) if name in _OF_SERVERS:
            return
        case ast.FunctionDef(name="__repr__") | ast.arg():
            return
        case ast.FunctionDef(returns=annotation):
            yield from (part for part in ast.iter_child_nodes(node) if part is not annotation)
        case ast.AnnAssign(annotation=annotation):
            yield from (part for part in ast.iter_child_nodes(node) if part is not annotation)
        case _:
            yield from ast.iter_child_nodes(node)
