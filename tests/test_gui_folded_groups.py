"""Headings of the list that are folded: by mouse, by keys, spoken, and remembered."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.verdicts.verdict import Kind
from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_row import Group
from servers import Stage
from test_gui_list import search, trouble, write_many
from window import Driven, MakeWindow

OFF = "Off (3)"
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def click_heading(driven: Driven) -> None:
    """Click the first line of the list."""
    place = driven.table().visualRect(driven.lines().index(0)).center()
    driven.qtbot.mouseClick(driven.table().viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_folds_and_unfolds(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The heading still counts what it hides; the next start remembers it."""
    write_many(stage, 3)
    driven = make_stage_window(stage)
    click_heading(driven)
    assert [OFF] == driven.shown()
    assert "3 mailboxes" == driven.label("count").text()
    driven.end()
    again = make_stage_window(stage)
    assert [OFF] == again.shown()
    click_heading(again)
    assert 4 == len(again.shown())


def test_keys_fold_and_unfold(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Left and Right; the heading is then current, and a screen reader says its state."""
    write_many(stage, 3)
    driven = make_stage_window(stage)
    driven.click_row(1)
    QTest.keyClick(driven.table(), Qt.Key.Key_Left)
    assert [OFF] == driven.shown()
    spoken = driven.table().currentIndex().data(SPOKEN)
    assert f"{OFF}, folded. Enter shows the mailboxes." == spoken
    QTest.keyClick(driven.table(), Qt.Key.Key_Return)
    assert 4 == len(driven.shown())
    assert "m001@demo.example" == driven.table().currentIndex().data()  # as before
    driven.table().clearSelection()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(driven.table(), key)
    assert "m000@demo.example" == driven.table().currentIndex().data()


def test_a_folded_group_follows_changes(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its number stays right; a search shows what it hides, and so does a new sign-in."""
    paths = write_many(stage, 3)
    driven = make_stage_window(stage)
    click_heading(driven)
    driven.mailboxes.keep_many(paths[:1], True)
    driven.wait(lambda: ["Fresh (1)", "m000@demo.example", "Off (2)"] == driven.shown())
    driven.type_into(search(driven), "m002")
    assert ["Off (1)", "m002@demo.example"] == driven.shown()
    search(driven).clear()
    driven.parts.mailbox_table.select(paths[2])
    assert "m002@demo.example" in driven.shown()
    assert [paths[2]] == driven.parts.mailbox_table.selection()
    assert not driven.table().visualRect(driven.table().currentIndex()).contains(QPoint(-1, -1))


def test_beside_a_folded_group_a_line_moves_alone(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Thousands are not arranged anew for one that comes or goes there."""
    paths = write_many(stage, 3)
    driven = make_stage_window(stage)
    click_heading(driven)
    heard: list[str] = []
    for name in ("modelReset", "rowsInserted", "rowsRemoved", "rowsMoved"):
        getattr(driven.lines(), name).connect(lambda *_, name=name: heard.append(name))
    driven.model.change(paths[1], kept=True)
    assert ["Fresh (1)", "m001@demo.example", "Off (2)"] == driven.shown()
    driven.model.change(paths[1], kept=False)
    assert [OFF] == driven.shown()
    heading_and_line = 2
    assert ["rowsInserted"] * heading_and_line + ["rowsRemoved"] * heading_and_line == heard
    for left in (2, 1):
        driven.model.remove(paths[left])
        assert [f"Off ({left})"] == driven.shown()
    driven.model.remove(paths[0])
    assert [] == driven.shown()
    assert "modelReset" not in heard


@pytest.mark.parametrize("folded", list(Group))
def test_lines_that_move_alone_are_where_all_would_be(
    stage: Stage, make_stage_window: MakeWindow, folded: Group
) -> None:
    """Whatever group is folded: after many changes the list is as if it were arranged anew."""
    paths = write_many(stage, 12)
    driven = make_stage_window(stage)
    driven.lines().fold(folded)
    chance = random.Random(folded.value)  # noqa: S311  # to be repeated, not to be secret
    for path in chance.choices(paths, k=200):
        error = chance.choice([None, trouble(Kind.PASSING), trouble(Kind.DEAD_GRANT)])
        driven.model.change(path, error=error, kept=chance.random() < 0.7)
    anew = MailboxList(driven.model)
    anew.fold(folded)
    assert [str(anew.index(line).data()) for line in range(anew.rowCount())] == driven.shown()
