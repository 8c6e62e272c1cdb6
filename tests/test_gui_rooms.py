"""The rooms of the window: who may import whom, and that the map in gui/__init__.py is complete."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gui

FOLDER = Path(gui.__file__).parent
# Each room and the rooms it may import from, beside itself and core.
BELOW = {
    "system": set[str](),
    "model": {"system"},
    "widgets": {"model", "system"},
    "controllers": {"widgets", "model", "system"},
    "startup": {"controllers", "widgets", "model", "system"},
}


def imports(text: str) -> Iterator[tuple[str, str]]:
    """The rooms and modules of gui that a text imports, also inside its functions."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, room, module, *_ = [*name.split("."), "", ""]
            if package == "gui":
                yield room, module


@pytest.mark.parametrize("room", BELOW)
def test_no_import_leads_upwards(room: str) -> None:
    """Widgets know no controller, the model knows no widget, and nothing knows the start."""
    found = [
        f"{room}/{file.name} imports gui.{other}"
        for file in sorted((FOLDER / room).glob("*.py"))
        for other, _ in imports(file.read_text("utf-8"))
        if other not in {room, *BELOW[room]}
    ]
    assert [] == found


@pytest.mark.parametrize("room", BELOW)
def test_no_two_modules_import_each_other(room: str) -> None:
    """Removing the modules that import no other of their room, again and again, leaves none."""
    left = {
        file.stem: {m for r, m in imports(file.read_text("utf-8")) if r == room}
        for file in (FOLDER / room).glob("*.py")
    }
    while leaves := [module for module, others in left.items() if not others & left.keys()]:
        for module in leaves:
            del left[module]
    assert {} == left


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import gui.widgets.tray", ("widgets", "tray")),
        ("from gui.widgets import tray", ("widgets", "tray")),
        ("def f():\n    from gui.widgets.tray import Tray", ("widgets", "tray")),
        ("from gui import widgets", ("widgets", "")),
    ],
)
def test_an_import_is_seen(line: str, found: tuple[str, str]) -> None:
    """However it is written."""
    assert [found] == list(imports(line))


def test_the_map_is_complete() -> None:
    """It names each room and each module, in its room, and nothing else."""
    mapped, room = set(), ""
    for indent, name in re.findall(r"^( *)(\w+) {2,}\S", gui.__doc__ or "", re.MULTILINE):
        if not indent:
            room = name
        mapped.add(f"{room}/{name}" if indent else name)
    there = {
        file.relative_to(FOLDER).with_suffix("").as_posix().removesuffix("/__init__")
        for file in FOLDER.rglob("*.py")
    }
    assert there - {"__init__"} == mapped
