"""The list: its groups, counts, search and order, and the button of each row."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from core.errors import as_error
from core.mailbox.inventory import MailboxInfo
from core.verdicts import local_commands
from core.verdicts.verdict import Kind
from gui.model.mailbox_list import MailboxList
from gui.model.mailbox_model import MailboxModel
from gui.widgets.row_delegate import Part
from servers import ADDRESS, Stage
from test_gui_mailboxes import write
from window import Driven, MakeWindow

ANNA, BOB, EVA = "anna@demo.example", "bob@demo.example", "eva@demo.example"
DESCRIPTION = Qt.ItemDataRole.AccessibleDescriptionRole


def trouble(kind: Kind) -> Exception:
    """Return an error of this kind."""
    error = as_error(local_commands.AUTOSTART_NOT_CHANGED)
    error.verdict = error.verdict._replace(kind=kind)
    return error


def write_many(stage: Stage, count: int) -> list[Path]:
    """Write token files of different mailboxes."""
    return [write(stage, f"m{number:03}@demo.example") for number in range(count)]


def search(driven: Driven) -> QLineEdit:
    """Return the search field."""
    return driven.named(QLineEdit, "Search mailboxes")


def sort_menu(driven: Driven) -> QMenu:
    """Return the menu of "Sort by"."""
    return next(b for b in driven.visible(QPushButton) if "S&ort by" == b.text()).menu()


def description(driven: Driven, address: str) -> str:
    """Return what a screen reader says of a mailbox after its address."""
    (index,) = driven.lines().match(driven.lines().index(0), Qt.ItemDataRole.DisplayRole, address)
    return str(index.data(DESCRIPTION))


def test_mailboxes_stand_below_headings(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The most urgent come first, and each heading says how many there are."""
    paths = write_many(stage, 5)
    driven = make_stage_window(stage)
    assert ["Off (5)", *(path.name[14:-4] for path in paths)] == driven.shown()
    driven.click("Keep refreshing")
    driven.wait(lambda: 5 == len(driven.model.kept_rows))
    driven.model.change(paths[4], error=trouble(Kind.DEAD_GRANT))
    driven.model.change(paths[1], error=trouble(Kind.PASSING))
    driven.mailboxes.keep_many([paths[2]], False)
    driven.wait(lambda: 4 == len(driven.model.kept_rows))
    assert [
        *("Needs you (1)", "m004@demo.example", "Trying again (1)", "m001@demo.example"),
        *("Fresh (2)", "m000@demo.example", "m003@demo.example", "Off (1)", "m002@demo.example"),
    ] == driven.shown()
    assert driven.label("count").text() == "5 mailboxes · 1 needs you"
    driven.model.change(paths[4], error=None)
    assert "Needs you (1)" not in driven.shown()
    assert driven.label("count").text() == "5 mailboxes"


def heading_heights(driven: Driven) -> list[int]:
    """The heights of the headings, from top to bottom."""
    table, lines = driven.table(), driven.lines()
    return [table.rowHeight(n) for n in range(lines.rowCount()) if lines.path(n) is None]


def test_no_gap_is_above_the_first_heading(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Whichever it is; all others have one, and so has every mailbox its full height."""
    paths = write_many(stage, 4)
    driven = make_stage_window(stage)
    table = driven.table()
    full = table.verticalHeader().defaultSectionSize()
    (low,) = heading_heights(driven)
    assert table.fontMetrics().height() < low < full
    driven.model.change(paths[2], error=trouble(Kind.DEAD_GRANT))
    assert [low, full] == heading_heights(driven)
    driven.mailboxes.keep_many([paths[1]], True)
    assert [low, full, full] == heading_heights(driven)
    driven.model.change(paths[2], error=None)
    assert [low, full] == heading_heights(driven)
    driven.type_into(search(driven), "m003")
    assert [low] == heading_heights(driven)
    driven.type_into(search(driven), "m00")
    heights = [table.rowHeight(number) for number in range(driven.lines().rowCount())]
    assert [low, *[full] * 5] == heights
    driven.window.setFont(QFont(driven.window.font().family(), 20))
    larger = [table.rowHeight(number) for number in range(driven.lines().rowCount())]
    assert low < larger[0] < larger[1] == larger[2] > full


def test_the_button_of_a_dead_grant_signs_in(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Each such row has one; a click leaves the selection of others as it is."""
    write(stage, ANNA)
    stage.sign_in()
    driven = make_stage_window(stage)
    for row in driven.model.rows:
        driven.model.change(row.path, error=trouble(Kind.DEAD_GRANT))
    for address in (ANNA, ADDRESS):
        assert description(driven, address).endswith("Enter: Sign in again")
    driven.click_row(0)
    driven.click_part(1, Part.BUTTON)
    driven.wait(lambda: stage.browser.opened and not driven.busy())
    assert [stage.path] == driven.parts.mailbox_table.selection()  # the one that signed in


@pytest.mark.parametrize(
    ("left", "error", "words"),
    [
        (3000.0, None, ""),
        (-10.0, None, "Refresh now"),
        (3000.0, Kind.PASSING, "Try now"),
        (3000.0, Kind.MISCONFIGURED, "Try now"),
        (3000.0, Kind.DEAD_GRANT, "Sign in again"),
    ],
)
def test_a_row_names_what_helps(
    stage: Stage, make_stage_window: MakeWindow, left: float, error: Kind | None, words: str
) -> None:
    """On its button, and for a screen reader the act of Enter."""
    path = write(stage, ADDRESS, left=left)
    driven = make_stage_window(stage)
    if error:
        driven.model.change(path, error=trouble(error))
    assert words == description(driven, ADDRESS).partition("Enter: ")[2]


def test_a_sign_in_without_a_login_offers_the_test(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The row isn't green: its words, its icon and its button say what is missing."""
    stage.mailbox.login_says.append("NO [UNAVAILABLE] Try later")
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.model.rows and not driven.busy())
    assert ("Fresh, login not tested", "soon") == (driven.states()[0], driven.state_icon(0))
    assert description(driven, ADDRESS).endswith("Fresh, login not tested. Enter: Test the login")
    driven.click_part(0, Part.BUTTON)
    driven.wait(lambda: ["Fresh"] == driven.states())


def test_a_failed_refresh_is_tried_before_the_login(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The row names its next try, and so does its button, though no login was tested."""
    path = write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.model.change(path, untested=True, error=trouble(Kind.PASSING))
    assert description(driven, ADDRESS).endswith("Enter: Try now")


def test_a_screen_reader_hears_the_row(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The address, then the state and the act that Enter does; a heading with its count."""
    path = write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.model.change(path, error=trouble(Kind.DEAD_GRANT))
    table = QAccessible.queryAccessibleInterface(driven.table())
    cells = [table.child(number) for number in range(table.childCount())]
    names = [cell.text(QAccessible.Text.Name) for cell in cells]
    assert ["Mailbox", "Needs you (1)", ADDRESS] == [name for name in names if name]
    words = "Demo Mail. Sign-in required. Enter: Sign in again"
    assert words == cells[-1].text(QAccessible.Text.Description)


def test_try_now_tries(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The button refreshes its mailbox alone, whatever is selected."""
    write(stage, ANNA)
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    driven.model.change(stage.path, error=trouble(Kind.PASSING))
    driven.click_row(0)
    driven.click_part(1, Part.BUTTON)
    driven.wait(lambda: 1 == stage.server.refreshes)
    driven.rest()
    assert ([], [ANNA]) == (driven.failed, [i.data() for i in driven.table().selectedIndexes()])


def test_the_dots_open_the_menu(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The menu of this row alone, whatever else is selected: the dots are in it."""
    paths = [write(stage, address) for address in (ANNA, BOB, EVA)]
    driven = make_stage_window(stage)
    selected: list[list[Path]] = []
    driven.click_row(0)
    for number in (1, 2):
        if number == 2:
            driven.click_row(2, ctrl=True)
        driven.click_part(number, Part.MENU)
        (menu,) = driven.visible(QMenu)
        assert "Keep refreshing" in [a.text().replace("&", "") for a in menu.actions()]
        menu.close()
        selected.append(driven.parts.mailbox_table.selection())
    assert [[paths[1]], [paths[2]]] == selected


def test_search_by_keys(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Ctrl+F, words in any order, Down into the list, Esc shows all again."""
    write_many(stage, 12)
    driven = make_stage_window(stage)
    QTest.keyClick(driven.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search(driven).hasFocus()
    driven.qtbot.keyClicks(search(driven), "DEMO m01")
    assert ["Off (2)", "m010@demo.example", "m011@demo.example"] == driven.shown()
    assert driven.label("count").text() == "2 of 12 mailboxes"
    driven.qtbot.keyClick(search(driven), Qt.Key.Key_Down)
    assert driven.table().hasFocus()
    assert "m010@demo.example" == driven.table().currentIndex().data()
    search(driven).setFocus()
    driven.qtbot.keyClicks(search(driven), " nobody")
    assert [] == driven.shown()
    assert not driven.table().isVisible()
    driven.qtbot.keyClick(search(driven), Qt.Key.Key_Escape)
    assert 13 == len(driven.shown())


def test_escape_in_the_search_cancels_no_sign_in(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """While there is a text to be emptied."""
    stage.browser.visits_pages = False
    write(stage, ANNA)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Sign in again")
    driven.wait(driven.parts.waiting.isVisible)
    driven.wait(driven.window.isActiveWindow)
    driven.type_into(search(driven), "x")
    driven.qtbot.keyClick(search(driven), Qt.Key.Key_Escape)
    assert ("", True) == (search(driven).text(), driven.parts.waiting.isVisible())


def test_what_signs_in_is_shown_whatever_is_searched_for(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The search ends, and the new mailbox is selected."""
    write(stage, ANNA)
    driven = make_stage_window(stage)
    driven.type_into(search(driven), "anna")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: [stage.path] == driven.parts.mailbox_table.selection())
    assert "" == search(driven).text()


def test_sorted_by_what_the_user_chooses(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Below each heading; the selection stays."""
    for address, left in ((ANNA, 3000), (BOB, 1000), (EVA, 2000)):
        write(stage, address, left=left)
    driven = make_stage_window(stage)
    driven.click_row(1)
    menu = sort_menu(driven)
    for text, order in (("Time left", [BOB, EVA, ANNA]), ("Address", [ANNA, BOB, EVA])):
        next(a for a in menu.actions() if text in a.text().replace("&", "")).trigger()
        assert ["Off (3)", *order] == driven.shown()
        assert [BOB] == [i.data() for i in driven.table().selectedIndexes()]


@pytest.mark.parametrize(
    ("name", "order"), [("Time left", [BOB, EVA, ANNA]), ("Colour", [ANNA, BOB, EVA])]
)
def test_the_next_start_sorts_as_before(
    stage: Stage, make_stage_window: MakeWindow, name: str, order: list[str]
) -> None:
    """By address, if another version knew another order."""
    for address, left in ((ANNA, 3000), (BOB, 1000), (EVA, 2000)):
        write(stage, address, left=left)
    make_stage_window(stage).parts.mailbox_table.order_chosen.emit(name)
    again = make_stage_window(stage)
    assert ["Off (3)", *order] == again.shown()
    (chosen,) = (a for a in sort_menu(again).actions() if a.isChecked())
    assert (name if order[0] == BOB else "Address") == chosen.text().replace("&", "")


@pytest.mark.parametrize(("count", "resets"), [(1, 0), (16, 0), (17, 1), (2000, 1)])
def test_few_of_many_move_alone(count: int, resets: int) -> None:
    """A reset of thousands of lines for each change would be felt."""
    model = MailboxModel()
    model.show([MailboxInfo(Path(f"{n}.txt"), f"{n}@demo.example") for n in range(2000)], 0.0)
    lines = MailboxList(model)
    counted: list[str] = []
    lines.modelReset.connect(lambda: counted.append("reset"))
    lines.rowsMoved.connect(lambda *_: counted.append("move"))
    model.change_rows([row._replace(kept=True) for row in model.rows[:count]])
    assert (resets, 0 if resets else count) == (counted.count("reset"), counted.count("move"))
    shown = [lines.index(number).data() for number in range(lines.rowCount())]
    assert sorted(shown) == sorted({*shown})  # each once
    assert f"Fresh ({count:,})" == shown[0]


def test_rows_stay_under_the_mouse(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Whatever moves above them; selection and current row stay too."""
    paths = write_many(stage, 60)
    driven = make_stage_window(stage)
    driven.click_row(40)
    before = driven.row_rect(40)
    assert 0 < driven.table().verticalScrollBar().value()
    for path in paths[:3]:
        driven.model.change(path, error=trouble(Kind.DEAD_GRANT))
    assert ["Needs you (3)", "m000@demo.example"] == driven.shown()[:2]
    line = driven.lines().line(paths[40])
    assert line is not None
    after = driven.table().visualRect(driven.lines().index(line))
    assert (before.top(), before.height()) == (after.top(), after.height())
    assert [paths[40]] == driven.parts.mailbox_table.selection()
    driven.mailboxes.keep_all(True)  # all others come below another heading at once
    assert "m040@demo.example" == driven.table().currentIndex().data()
    assert [paths[40]] == driven.parts.mailbox_table.selection()


def test_a_row_under_the_mouse_may_leave(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The list doesn't follow it: the next one moves into its place."""
    paths = write_many(stage, 60)
    driven = make_stage_window(stage)
    viewport = driven.table().viewport()
    rect = driven.row_rect(30)
    QTest.mouseMove(viewport, rect.center())
    QApplication.processEvents()
    driven.model.change(paths[30], error=trouble(Kind.DEAD_GRANT))
    around = [driven.table().indexAt(rect.center() + QPoint(0, y)).data() for y in (-40, 0)]
    assert ["m029@demo.example", "m031@demo.example"] == around


def test_a_key_opens_the_menu(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Keyboards without a Menu key have Shift+F10; Esc closes the menu."""
    write(stage, ANNA)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.qtbot.keyClick(driven.table(), Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    (menu,) = driven.visible(QMenu)
    assert driven.parts.mailbox_table.actions_by_name["refresh"] in menu.actions()
    driven.qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert not driven.visible(QMenu)
