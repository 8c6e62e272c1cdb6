"""Selected mailboxes that a fold or a search hides stay selected, until others are selected."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from core.verdicts.verdict import Kind
from servers import Stage
from test_gui_folded_groups import click_heading
from test_gui_list import search, trouble, write_many
from window import Driven, MakeWindow


def selected(driven: Driven) -> list[str]:
    """The selected lines that are shown."""
    return [str(index.data()) for index in driven.table().selectionModel().selectedIndexes()]


def selection(driven: Driven) -> list[Path]:
    """The mailboxes that the buttons act on."""
    return driven.parts.mailbox_table.selection()


def detail(driven: Driven) -> list[str]:
    """What the detail pane says."""
    labels = driven.parts.detail.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible()]


def hide_by_fold(driven: Driven) -> None:
    """Fold the first group."""
    click_heading(driven)


def show_by_fold(driven: Driven) -> None:
    """Unfold it."""
    click_heading(driven)


def hide_by_search(driven: Driven) -> None:
    """Search for another mailbox."""
    driven.type_into(search(driven), "m002")


def show_by_search(driven: Driven) -> None:
    """Search for nothing."""
    driven.qtbot.keyClick(search(driven), Qt.Key.Key_Escape)


WAYS = [(hide_by_fold, show_by_fold), (hide_by_search, show_by_search)]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_hidden_stays_selected(
    stage: Stage, make_stage_window: MakeWindow, way: tuple[object, object]
) -> None:
    """The detail pane shows it all the time; its line is selected when it is there again."""
    hide, show = way
    paths = write_many(stage, 4)
    driven = make_stage_window(stage)
    driven.click_row(1)
    driven.rest()
    assert callable(hide)
    assert callable(show)
    hide(driven)
    assert "m001@demo.example" not in driven.shown()
    assert ([], paths[1:2]) == (selected(driven), selection(driven))
    assert "m001@demo.example" in detail(driven)
    show(driven)
    assert (["m001@demo.example"], paths[1:2]) == (selected(driven), selection(driven))
    assert "m001@demo.example" in detail(driven)


def test_ctrl_adds_what_another_search_finds(stage: Stage, make_stage_window: MakeWindow) -> None:
    """So a source and a destination are found among many; a plain click begins anew."""
    paths = write_many(stage, 6)
    driven = make_stage_window(stage)
    driven.type_into(search(driven), "m003")
    driven.click_row(3)
    driven.type_into(search(driven), "m001")
    driven.click_row(1, ctrl=True)
    assert [paths[3], paths[1]] == selection(driven)
    assert "2 mailboxes selected" in detail(driven)
    show_by_search(driven)
    assert ["m001@demo.example", "m003@demo.example"] == sorted(selected(driven))
    assert [paths[3], paths[1]] == selection(driven)
    driven.type_into(search(driven), "m005")
    driven.click_row(5)
    show_by_search(driven)
    assert (["m005@demo.example"], [paths[5]]) == (selected(driven), selection(driven))


def test_all_are_all_that_are_found(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Ctrl+A selects nothing that isn't seen, also where that selects no further line."""
    paths = write_many(stage, 3)
    driven = make_stage_window(stage)
    driven.click_row(1)
    driven.type_into(search(driven), "m002")
    driven.table().selectAll()
    assert [paths[2]] == selection(driven)
    driven.click_row(2)
    driven.type_into(search(driven), "m000")
    assert [paths[2]] == selection(driven)
    viewport = driven.table().viewport()
    below = viewport.rect().bottomLeft() - QPoint(-20, 20)
    driven.qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=below)
    assert [] == selection(driven)
    assert not driven.parts.detail.isVisible()


def test_a_hidden_mailbox_may_move_or_go(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is selected below a heading that isn't folded; what is removed isn't selected."""
    paths = write_many(stage, 3)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    hide_by_fold(driven)
    driven.model.change(paths[0], error=trouble(Kind.DEAD_GRANT))
    assert (["m000@demo.example"], paths[:2]) == (selected(driven), selection(driven))
    driven.model.change(paths[0], error=None)
    assert ([], paths[:2]) == (selected(driven), selection(driven))
    paths[1].unlink()
    driven.reload()
    assert paths[:1] == selection(driven)
    assert "m000@demo.example" in detail(driven)
    driven.model.remove(paths[0])
    assert [] == selection(driven)
    assert not driven.parts.detail.isVisible()
