"""The detail pane: what it says of the selected mailboxes, and what its buttons do."""

import os
import re
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QHelpEvent, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QPushButton,
    QToolButton,
    QToolTip,
    QWidget,
)

from core.errors import as_error
from core.history import journal
from core.history.entry import Entry, Happened
from core.mailbox.inventory import mailbox_at
from core.model import FlowKind
from core.providers.catalog import load_catalog
from core.providers.fields import Registration
from core.tokenfile.format import serialize
from core.tokenfile.read import read_token_file
from core.verdicts import local_commands
from core.verdicts.verdict import Kind
from faulty_servers.responses import Fault
from gui.model.history_days import LEGEND, Cell, Day, Hour
from gui.model.mailbox_history import NOTHING_SPEAKS_AGAINST, history_of
from gui.model.mailbox_row import Row
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.history_legend import HistoryLegend
from gui.widgets.history_shapes import SHAPES
from gui.widgets.history_strip import HistoryStrip
from servers import ADDRESS, MakeStage, Stage, changed
from test_gui_accessibility import clashes
from test_gui_mailboxes import DESTINATION, SOURCE, Clock, write
from window import Driven, MakeWindow

HOUR = 3600.0
NOON = datetime(2026, 3, 4, 12, 20).timestamp()


def texts(driven: Driven) -> list[str]:
    """What the pane says now."""
    labels = driven.parts.detail.findChildren(QLabel)
    return [label.text().replace("\u200b", "") for label in labels if label.isVisible()]


def strip(driven: Driven) -> HistoryStrip:
    """The history strip."""
    return driven.parts.detail.findChildren(HistoryStrip)[0]


def buttons(driven: Driven) -> list[str]:
    """The visible buttons of the pane, without their letters."""
    found = driven.parts.detail.findChildren(QAbstractButton)
    return [button.text().replace("&", "") for button in found if button.isVisible()]


def click(driven: Driven, text: str) -> None:
    """Click a button of the pane."""
    driven.click(text, driven.parts.detail)


def more(driven: Driven) -> QPushButton:
    """The button with the menu."""
    (found,) = (b for b in driven.parts.detail.findChildren(QPushButton) if b.menu())
    return found


def choose(driven: Driven, text: str) -> None:
    """Choose from the menu of the pane."""
    menu = more(driven).menu()
    menu.popup(driven.window.mapToGlobal(driven.window.rect().center()))
    action = next(a for a in menu.actions() if text == a.text().replace("&", ""))
    driven.qtbot.mouseClick(
        menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center()
    )


def test_nothing_is_made_before_something_is_selected(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """However many mailboxes there are; with none selected any more, the pane is hidden."""
    for number in range(50):
        write(stage, f"m{number:03}@demo.example")
    driven = make_stage_window(stage)
    driven.mailboxes.refresh_due()
    assert [] == driven.parts.detail.findChildren(QLabel)
    driven.click_row(3)
    assert driven.parts.detail.isVisible()
    driven.table().clearSelection()
    assert not driven.parts.detail.isVisible()


def test_it_says_what_is_known(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The address, the registration, the state, the path; and the history, once it is read."""
    clock = Clock()
    clock.now = NOON
    stage = make_stage(clock=clock)
    path = write(stage, SOURCE)
    journal.append(path, Entry(NOON - HOUR, Happened.REFRESHED, NOON))
    journal.append(path, Entry(NOON - HOUR / 2, Happened.LOGGED_IN))
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    assert [
        SOURCE,
        "Demo Mail · application: Demo",
        "Not refreshed. Valid until 13:10",
        "Without a gap since 11:20 · Refreshed at 11:20 · Signed in at 2026-03-01 12:20"
        " · Login test worked at 11:50",
        "This mailbox is not refreshed automatically. Its token expires at 13:10.",
        str(path),
    ] == [text for text in texts(driven) if text]
    expected = ["Refresh now", "More", "Keep refreshing it", "Copy the path"]
    assert expected == buttons(driven)
    click(driven, "Keep refreshing it")
    driven.rest()
    assert NOTHING_SPEAKS_AGAINST in texts(driven)
    states = [text for text in texts(driven) if text.startswith("Fresh. Refreshes at")]
    assert [True] == [text.endswith(" · Token valid until 13:10") for text in states]


def test_what_helps_is_the_first_button(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A sign-in for a dead grant; then the pane says that it is fresh, and offers a refresh."""
    stage.sign_in()
    stage.age()
    stage.server.revoke_grants()
    driven = make_stage_window(stage)
    driven.click_row(0)
    click(driven, "Refresh now")
    driven.wait(lambda: "Sign in again" in buttons(driven))
    assert "Refresh now" not in buttons(driven)
    assert "The sign-in of you@demo.example at Demo Mail is no longer valid." in texts(driven)
    driven.rest()
    assert NOTHING_SPEAKS_AGAINST not in texts(driven)
    assert any(
        text.startswith("imapsync can use the token in the file until") for text in texts(driven)
    )
    assert not any("without a gap" in text for text in texts(driven))
    click(driven, "Sign in again")
    driven.wait(lambda: "Refresh now" in buttons(driven))
    driven.rest()
    (hour,) = (cell for cell in strip(driven)._days[-1].cells if "Signed in" in cell.words)
    assert hour.hour is Hour.SIGNED_IN  # what was required is done
    assert "Without a gap since" in " ".join(texts(driven))


def test_trouble_that_passes_can_be_tried_now(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The button asks the provider again."""
    stage.sign_in()
    stage.age()
    stage.server.faults.append(Fault(503))
    driven = make_stage_window(stage)
    driven.click_row(0)
    click(driven, "Refresh now")
    driven.wait(lambda: "Try now" in buttons(driven))
    before = stage.server.token_requests
    click(driven, "Try now")
    driven.wait(lambda: before < stage.server.token_requests)


def test_the_other_actions_are_the_lists(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The switch, and what the menu has: all that is not on a button beside it."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    logins = stage.mailbox.logins
    choose(driven, "Test the login")
    driven.wait(lambda: logins < stage.mailbox.logins)
    click(driven, "Keep refreshing it")
    assert driven.model.rows[0].kept
    actions = driven.parts.mailbox_table.actions_by_name
    on_buttons = ("keep", "refresh")
    expected = {a for name, a in actions.items() if name not in on_buttons}
    shown = more(driven).menu().actions()
    assert expected == {action for action in shown if not action.isSeparator()}
    assert shown[shown.index(actions["end_sign_in"]) - 1].isSeparator()  # it only pretends


def test_a_test_that_helps_is_a_button(stage: Stage, make_stage_window: MakeWindow) -> None:
    """For a mailbox whose login was never tested; the refresh is in the menu meanwhile."""
    stage.sign_in(check=False)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    assert not any("Login test" in text for text in texts(driven))
    words = [action.text().replace("&", "") for action in more(driven).menu().actions()]
    assert ("Refresh now" in words, "Test the login" in words) == (True, False)
    click(driven, "Test the login")
    driven.wait(lambda: any("Login test worked at" in t for t in texts(driven)))
    assert ["Refresh now", "More"] == buttons(driven)[:2]


@pytest.mark.usefixtures("every_language")
@pytest.mark.parametrize("kind", [Kind.DEAD_GRANT, Kind.PASSING, None])
def test_no_two_letters_clash(
    stage: Stage, make_stage_window: MakeWindow, kind: Kind | None
) -> None:
    """Whatever helps the mailbox, and each button has one."""
    path = write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    if kind is not None:
        error = as_error(local_commands.AUTOSTART_NOT_CHANGED)
        error.verdict = error.verdict._replace(kind=kind)
        driven.model.change(path, error=error)
    assert [] == clashes(driven.window)
    found = driven.parts.detail.findChildren(QAbstractButton)
    keys = [button.shortcut().toString() for button in found if button.isVisible()]
    assert len(keys) == len(set(filter(None, keys)))


def test_the_path_is_copied(stage: Stage, make_stage_window: MakeWindow) -> None:
    """As it is, without the characters that let it break into lines."""
    path = write(stage, "a" * 60 + "@demo.example")
    driven = make_stage_window(stage)
    driven.window.resize(1000, 3000)  # nothing has to scroll
    driven.click_row(0)
    driven.rest()
    QGuiApplication.clipboard().clear()
    click(driven, "Copy the path")
    driven.wait(lambda: str(path) == QGuiApplication.clipboard().text())


WIDTH = 428  # pixels: of the pane in a window of 1180 pixels
BELOW = 8  # pixels: the gap to the migration
LINE = 14  # pixels: a line of text in the font of the pictures


def height(driven: Driven) -> float:
    """The height of what the pane shows at that width, in lines of its text."""
    detail = driven.parts.detail
    return (detail.heightForWidth(WIDTH) - BELOW) / detail.fontMetrics().lineSpacing()


def test_the_pane_leaves_room_below_it(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The migration is below it, and should be seen without scrolling."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click("Keep refreshing")
    driven.click_row(0)
    driven.rest()
    driven.wait(lambda: NOTHING_SPEAKS_AGAINST in texts(driven))
    assert height(driven) <= 250 / LINE
    error = as_error(local_commands.AUTOSTART_NOT_CHANGED)
    error.verdict = error.verdict._replace(kind=Kind.DEAD_GRANT)
    driven.model.change(stage.path, error=error)
    driven.rest()
    driven.wait(lambda: "Sign in again" in buttons(driven))
    assert height(driven) <= 270 / LINE


def test_a_long_path_is_one_line(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its beginning and its end are seen; all of it is in the tool tip and for screen readers."""
    path = write(stage, "a" * 150 + "@demo.example")
    driven = make_stage_window(stage)
    driven.click_row(0)
    (label,) = driven.parts.detail.findChildren(ElidedLabel)
    assert (str(path), str(path)) == (label.text(), label.toolTip())
    accessible = QAccessible.queryAccessibleInterface(label)
    spoken = [
        accessible.text(part) for part in (QAccessible.Text.Name, QAccessible.Text.Description)
    ]
    assert ["Token file", str(path)] == spoken
    assert "…" in label.shown()
    assert (str(path)[:5], ".txt") == (label.shown()[:5], label.shown()[-4:])
    assert label.fontMetrics().horizontalAdvance(label.shown()) <= label.width()
    assert label.height() < 2 * label.fontMetrics().lineSpacing()


def gap_before_arrow(button: QWidget) -> int:
    """How many pixels are empty between the text of a button and what is on its right."""
    image = button.grab().toImage()
    frame = 5
    inside = range(frame, image.height() - frame)
    columns = range(frame, image.width() - frame)
    inked = [x for x in columns if any(image.pixel(x, y) != image.pixel(frame, y) for y in inside)]
    arrow = inked[-1]
    while arrow - 1 in inked:
        arrow -= 1
    return arrow - max(x for x in inked if x < arrow)


@pytest.mark.usefixtures("every_language")
def test_the_arrow_of_a_menu_does_not_touch_the_text(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Wherever a button with a text opens a menu, in each language."""
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    with_menu = [b for b in driven.visible(QPushButton) if b.menu()]
    assert len(with_menu) == 3
    assert [] == [b.text() for b in driven.visible(QToolButton) if b.menu()]
    assert 4 <= min(map(gap_before_arrow, with_menu))


@pytest.mark.usefixtures("every_language")
def test_no_label_has_a_digit_that_reads_as_a_count(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Such a key is in the tool tip, and it works; also after another text was shown."""
    path = write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    error = as_error(local_commands.AUTOSTART_NOT_CHANGED)
    error.verdict = error.verdict._replace(kind=Kind.DEAD_GRANT)
    driven.model.change(path, error=error)
    driven.rest()
    assert [] == [b.text() for b in driven.visible(QAbstractButton) if re.search(r"&\d", b.text())]
    found = driven.parts.detail.findChildren(QAbstractButton)
    keys = {b.shortcut().toString(): b.toolTip() for b in found if b.isVisible()}
    assert {"Alt+6", "Alt+7", "Alt+8", "Alt+X"} == set(keys)
    assert all(key in tip for key, tip in keys.items())


def test_several_are_summed_up(stage: Stage, make_stage_window: MakeWindow) -> None:
    """How many, and how many of them need the user, also after a change."""
    paths = [write(stage, address) for address in (SOURCE, DESTINATION, ADDRESS)]
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.click_row(1, ctrl=True)
    driven.rest()  # the history of the first one was being read
    assert ["2 mailboxes selected", "None of them needs you"] == texts(driven)
    error = as_error(local_commands.AUTOSTART_NOT_CHANGED)
    error.verdict = error.verdict._replace(kind=Kind.DEAD_GRANT)
    driven.model.change(paths[0], error=error)
    driven.wait(lambda: "1 of them needs you" in texts(driven))
    driven.model.change(paths[1], error=error)
    driven.wait(lambda: "2 of them need you" in texts(driven))
    assert ["Sign in to the first", "More", "Keep refreshing them"] == buttons(driven)
    both = driven.button("Keep refreshing them")
    assert "Keep refreshing these mailboxes" == both.accessibleName()
    click(driven, "Keep refreshing them")
    assert {paths[0], paths[1]} == {row.path for row in driven.model.kept_rows}
    driven.model.change(paths[1], error=None)
    driven.click_row(0)  # before the summary is made again
    driven.qtbot.wait(200)
    driven.rest()
    assert "Demo Mail · application: Demo" in texts(driven)
    wanted: list[list[Path]] = []
    driven.parts.mailbox_table.sign_in.connect(wanted.append)
    driven.click_row(1, ctrl=True)
    click(driven, "Sign in to the first")
    assert [{*paths[:2]}] == [{*wanted[0]}]


def test_the_box_holds_still(stage: Stage, make_stage_window: MakeWindow) -> None:
    """What is said above it is shorter once the mailbox is not kept."""
    write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.window.resize(820, 700)
    driven.click_row(0)
    driven.click("Keep refreshing")
    driven.wait(lambda: any("Token valid until" in text for text in texts(driven)))
    driven.rest()
    driven.qtbot.wait(150)
    box = driven.button("Keep refreshing it")
    before = box.mapTo(driven.window, QPoint())
    click(driven, "Keep refreshing it")
    driven.wait(lambda: any(text.startswith("Not refreshed.") for text in texts(driven)))
    driven.rest()
    driven.qtbot.wait(150)
    assert before == box.mapTo(driven.window, QPoint())


def test_the_pane_holds_still_for_its_history(stage: Stage, make_stage_window: MakeWindow) -> None:
    """What could end it tonight may be told no more; the steps are below."""
    path = write(stage, ADDRESS)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    detail = driven.parts.detail
    history = history_of(row_of(path), stage.catalog, time.time(), may_sleep=False)
    detail.show_history(replace(history, night="Something could end it."))
    driven.qtbot.wait(150)
    height = detail.height()
    detail.show_history(replace(history, night=""))
    driven.qtbot.wait(150)
    assert height == detail.height()


def test_old_histories_go(stage: Stage, make_stage_window: MakeWindow) -> None:
    """With the first one that is read."""
    write(stage, SOURCE)
    gone = stage.path.with_name("gone.txt")
    now = time.time()
    journal.append(gone, Entry(now - journal.OLDEST - 60, Happened.LOGGED_IN))
    os.utime(journal.file_of(gone), (now, now - journal.OLDEST - 60))
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.wait(lambda: not journal.file_of(gone).exists())


def test_the_history_belongs_to_what_is_shown(stage: Stage, make_stage_window: MakeWindow) -> None:
    """However fast the selection changes."""
    paths = [write(stage, address) for address in (SOURCE, DESTINATION)]
    journal.append(paths[0], Entry(time.time() - 60, Happened.LOGGED_IN))
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    assert any("Login test" in text for text in texts(driven))
    for _ in range(5):
        driven.click_row(0)
        driven.click_row(1)
    driven.rest()
    assert DESTINATION in texts(driven)
    assert not any("Login test" in text for text in texts(driven))
    driven.click_row(0)
    driven.rest()
    assert any("Login test" in text for text in texts(driven))


def test_the_strip_says_all_in_words(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """To screen readers, and of each hour in its tool tip."""
    clock = Clock()
    clock.now = NOON
    stage = make_stage(clock=clock)
    path = write(stage, SOURCE)
    journal.append(path, Entry(NOON - 4 * HOUR, Happened.REFRESHED, NOON - 3 * HOUR))
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    expected = "Today: 0:00 to 8:00 nothing recorded yet, 8:00 to 9:00 fresh, 9:00 to 13:00 a gap"
    assert expected in strip(driven).accessibleDescription()
    where = strip(driven).place_of(0, 8).center()
    assert "08:00: fresh\n08:20 Refreshed" == strip(driven).words_at(where)
    assert "" == strip(driven).words_at(QPointF(0, 0))
    local = where.toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, local, strip(driven).mapToGlobal(local))
    QApplication.sendEvent(strip(driven), event)
    assert "08:00: fresh\n08:20 Refreshed" == QToolTip.text()
    QToolTip.hideText()


def test_each_kind_of_hour_has_its_own_shape(stage: Stage, make_stage_window: MakeWindow) -> None:
    """In grey they differ too."""
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    days = strip(driven)._days
    pictures = []
    for hour in SHAPES:
        first = replace(days[0].cells[0], hour=hour)
        strip(driven).show_days([replace(days[0], cells=(first, *days[0].cells[1:])), *days[1:]])
        cell = strip(driven).place_of(0, 0).toAlignedRect()
        image = strip(driven).grab(cell).toImage().convertToFormat(QImage.Format.Format_Mono)
        pictures.append(bytes(image.constBits()))
    assert len(pictures) == len(set(pictures))


def test_the_legend_has_what_is_shown(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Every kind of hour has its words, and only those that occur take room."""
    assert set(Hour) - {Hour.AHEAD, Hour.BEFORE} == set(LEGEND) == set(SHAPES)
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    (legend,) = driven.parts.detail.findChildren(HistoryLegend)
    heights = []
    for hours in ([Hour.FRESH, Hour.TROUBLE, Hour.AHEAD, Hour.BEFORE], [*Hour]):
        legend.show_days([Day("Today", tuple(Cell(hour, "") for hour in hours))])
        heights.append(legend.sizeHint().height())
    assert 0 < heights[0] < heights[1]
    assert legend.isVisible()
    for alone, explained in (
        ([Hour.FRESH], False),
        ([Hour.BEFORE, Hour.AHEAD], False),
        ([Hour.BEFORE, Hour.SIGN_IN_REQUIRED, Hour.AHEAD], True),  # it may be mended by now
    ):
        legend.show_days([Day("Today", tuple(Cell(hour, "") for hour in alone))])
        assert explained == legend.isVisible()


@pytest.mark.usefixtures("every_language")
def test_the_legend_has_no_more_columns_than_fit(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Where words are long, it has more rows, and all of them are seen."""
    write(stage, SOURCE)
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    (legend,) = driven.parts.detail.findChildren(HistoryLegend)
    legend.show_days([Day("Today", tuple(Cell(hour, "") for hour in Hour))])
    widths = (legend.sizeHint().width() * columns // 3 for columns in (3, 2, 1))
    lines = [legend.heightForWidth(w) // legend.fontMetrics().lineSpacing() for w in widths]
    assert lines == [2, 3, 6]
    driven.wait(lambda: legend.height() == legend.heightForWidth(legend.width()))


def row_of(path: Path) -> Row:
    """A kept row of a token file."""
    return Row(mailbox_at(path, load_catalog()), kept=True)


@pytest.mark.parametrize(("shipped", "warned"), [(True, False), (False, True)])
def test_a_google_project_of_ones_own_may_end(stage: Stage, shipped: bool, warned: bool) -> None:
    """Google's own rule for projects in Testing; the shipped applications are none."""
    path = write(stage, SOURCE)
    file = read_token_file(path)
    assert file
    now = NOON
    week_ago = now - 7 * 86400 + HOUR
    dated = replace(file, issued_at=now - 60, expires_at=now + HOUR, signed_in_at=week_ago)
    path.write_bytes(serialize(dated, now=now))
    provider = changed(stage.provider, flow=FlowKind.GOOGLE)
    applications: dict[str, Registration] = {
        name: replace(known, shipped=shipped) for name, known in provider.applications.items()
    }
    catalog = stage.catalog._replace(
        providers={"demo": replace(provider, applications=applications)}
    )
    history = history_of(row_of(path), catalog, now, may_sleep=False)
    assert warned == ("in Testing" in history.night)


def test_a_battery_is_named(stage: Stage) -> None:
    """Unless the computer is kept awake."""
    path = write(stage, SOURCE)
    now = time.time()
    history = history_of(row_of(path), stage.catalog, now, may_sleep=True)
    assert "battery" in history.night
