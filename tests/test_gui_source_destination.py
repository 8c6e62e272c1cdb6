"""Which mailbox is the source and which the destination of a migration: never a guess."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from core.verdicts.verdict import Kind
from gui.widgets.side_choosers import SideChoosers
from servers import Stage
from test_gui_list import trouble
from test_gui_mailboxes import write
from window import Driven, MakeWindow

NAME_BOTH = "Choose both mailboxes, drag them here, or select both with Ctrl."
A, B, C = (f"{name}@demo.example" for name in ("a.one", "b.two", "c.three"))


@pytest.fixture
def driven(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """A window with three mailboxes."""
    for address in (A, B, C):
        write(stage, address)
    driven: Driven = make_stage_window(stage)
    driven.wait(lambda: NAME_BOTH in said(driven))  # the card is made after the list
    return driven


def box(driven: Driven, name: str) -> QComboBox:
    """Return one of the lists of the card."""
    return driven.named(QComboBox, name)


def named(driven: Driven) -> tuple[str, str]:
    """Return the source and the destination that the card shows."""
    return box(driven, "Source").currentText(), box(driven, "Destination").currentText()


def said(driven: Driven) -> str:
    """Return all visible labels of the card."""
    labels = driven.parts.migration.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def copied(driven: Driven) -> tuple[str, str]:
    """Copy the command of the second step; return its users."""
    QGuiApplication.clipboard().clear()
    driven.qtbot.keyClick(driven.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    driven.wait(lambda: "--user2" in QGuiApplication.clipboard().text())
    words = QGuiApplication.clipboard().text().replace("'", "").split()
    return words[words.index("--user1") + 1], words[words.index("--user2") + 1]


def choose(driven: Driven, name: str, row: int) -> None:
    """Choose a row of a list by keys, as a user without a mouse does."""
    chosen = box(driven, name)
    chosen.setFocus()
    driven.qtbot.keyClick(chosen, Qt.Key.Key_Home)
    for _ in range(row):
        driven.qtbot.keyClick(chosen, Qt.Key.Key_Down)


def select(driven: Driven, *rows: int) -> None:
    """Click these rows."""
    for position, row in enumerate(rows):
        driven.click_row(row, ctrl=position > 0)


def test_more_than_two_selected_are_no_pair(driven: Driven) -> None:
    """The card says so, and offers their pairs; it never takes the first two."""
    select(driven, 2, 0, 1)
    assert ("", "") == named(driven)
    assert "3 mailboxes are selected. Choose the source and the destination." in said(driven)
    assert "1 Test the logins" not in said(driven)
    pairs = box(driven, "Pairs of the selected mailboxes")
    assert 6 == pairs.count()
    pairs.setFocus()
    pairs.showPopup()
    wanted = pairs.findText(f"{B} → {C}")
    pairs.view().setCurrentIndex(pairs.model().index(wanted, 0))
    driven.qtbot.keyClick(pairs.view(), Qt.Key.Key_Return)
    assert (B, C) == named(driven) == copied(driven)
    assert "3 mailboxes" not in said(driven)
    assert not pairs.isVisible()
    assert box(driven, "Source") is driven.window.focusWidget()


def test_the_lists_name_the_sides(driven: Driven) -> None:
    """Also without a selection; what the keys pass over on the way takes nothing away."""
    choose(driven, "Source", 0)
    choose(driven, "Destination", 2)
    assert (A, C) == named(driven) == copied(driven)
    assert "\n⇄ swaps source and destination.\n" in said(driven)


def test_a_mailbox_is_not_both(driven: Driven) -> None:
    """The card says so, and offers no command."""
    choose(driven, "Source", 0)
    choose(driven, "Destination", 0)
    assert "Source and destination are the same mailbox" in said(driven)
    assert not driven.button("⇄").isEnabled()
    assert "1 Test the logins" not in said(driven)


@pytest.mark.parametrize("role", ["source", "destination"])
def test_the_menu_of_the_list_names_a_side(driven: Driven, role: str) -> None:
    """It stays the source while the user looks for the other one."""
    select(driven, 1)
    menu = driven.menu()
    (action,) = (a for a in menu.actions() if f"Use as {role}" == a.text().replace("&", ""))
    action.trigger()
    menu.close()
    select(driven, 0)
    assert not driven.button("⇄").isEnabled()
    source, destination = named(driven)
    assert (B, "") == ((source, destination) if role == "source" else (destination, source))


def test_what_becomes_the_other_side_changes_places(driven: Driven) -> None:
    """A mailbox is not both; whoever names it in the menu wants the other direction."""
    choose(driven, "Source", 0)
    choose(driven, "Destination", 1)
    for role, expected in (("source", (B, A)), ("destination", (A, B))):
        select(driven, 1)
        menu = driven.menu()
        next(a for a in menu.actions() if f"Use as &{role}" == a.text()).trigger()
        menu.close()
        assert expected == named(driven)


def test_the_menu_names_only_one(driven: Driven) -> None:
    """Two mailboxes can't both be the source."""
    select(driven, 0, 1)
    menu = driven.menu()
    offered = [a for a in menu.actions() if a.text().startswith("Use as")]
    assert [False, False] == [a.isEnabled() for a in offered]
    menu.close()


def test_exactly_two_selected_are_a_new_pair(driven: Driven) -> None:
    """In the order of the selection, also once its sides were turned round."""
    select(driven, 0, 1)
    driven.click("⇄")
    assert (B, A) == named(driven)
    select(driven, 1, 0)
    assert (B, A) == named(driven)
    select(driven, 2, 0)
    assert (C, A) == named(driven)


def test_the_card_says_why_the_sides_are_these(driven: Driven) -> None:
    """It says no order that is not that of the selection; and the steps hold still."""
    order = "In the order you selected them. ⇄ turns them round."
    select(driven, 0, 1)
    assert order in said(driven)
    below = driven.named(QPushButton, "Test the logins now, in this window")
    driven.rest()
    place = below.mapTo(driven.window, QPoint())
    driven.click("⇄")
    driven.rest()
    assert "\n⇄ swaps source and destination.\n" in said(driven)
    assert place == below.mapTo(driven.window, QPoint())
    driven.click("⇄")
    assert order in said(driven)
    select(driven, 1)
    assert order in said(driven)
    select(driven, 1, 0)
    assert (A, B) == named(driven)
    assert "\n⇄ swaps source and destination.\n" in said(driven)


def test_what_is_named_by_hand_stays(driven: Driven) -> None:
    """Two others may be selected for something else; the card says how to take them."""
    choose(driven, "Source", 0)
    choose(driven, "Destination", 1)
    select(driven, 2, 0)
    assert (A, B) == named(driven) == copied(driven)
    assert "You have named these. To take the selected mailboxes, press Clear." in said(driven)
    driven.click("Clear")
    assert (C, A) == named(driven)
    driven.click("Clear")
    assert ("", "") == named(driven)
    assert "2 mailboxes are selected. Choose the source and the destination." in said(driven)
    pairs = box(driven, "Pairs of the selected mailboxes")
    assert [f"{C} → {A}", f"{A} → {C}"] == [pairs.itemText(n) for n in range(pairs.count())]


@pytest.mark.parametrize("role", ["Source", "Destination"])
@pytest.mark.parametrize("rows", [(1, 0), (0, 1), (2, 1)])
def test_ctrl_fills_the_side_that_is_empty(
    driven: Driven, role: str, rows: tuple[int, int]
) -> None:
    """With the mailbox that was clicked last, unless it is the named one itself."""
    choose(driven, role, 0)
    select(driven, *rows)
    assert ((A, B) if role == "Source" else (B, A)) == named(driven)


def test_what_is_said_of_the_sides_is_never_greyed_out(driven: Driven) -> None:
    """The sides are, while imapsync runs."""
    select(driven, 0, 1)
    driven.model.change(driven.model.rows[1].path, error=trouble(Kind.DEAD_GRANT))
    warning = f"⚠ {B} needs a sign-in."
    driven.wait(lambda: warning in said(driven))
    (choosers,) = driven.parts.migration.findChildren(SideChoosers)
    choosers.lock(True)
    (note,) = (x for x in choosers.findChildren(QLabel) if x.text().startswith(warning))
    assert note.isEnabled()
    locked = (box(driven, "Source"), box(driven, "Destination"), driven.button("⇄"))
    assert [False] * 3 == [widget.isEnabled() for widget in locked]
    choosers.lock(False)
    assert [True] * 3 == [widget.isEnabled() for widget in locked]


def test_a_side_that_nobody_refreshes_is_told(driven: Driven) -> None:
    """In a terminal, imapsync can go on only until that token expires."""
    select(driven, 0, 1)
    rows = driven.model.rows
    driven.mailboxes.keep_many([rows[0].path], True)
    driven.wait(
        lambda: f'⚠ "Keep refreshing" is off for {B}: a copied command works until ' in said(driven)
    )
    driven.mailboxes.keep_many([rows[1].path], True)
    driven.wait(lambda: all(row.kept for row in driven.model.rows[:2]))
    driven.wait(lambda: '⚠ "Keep refreshing"' not in said(driven))


def test_nothing_keeps_a_dead_side_fresh(driven: Driven) -> None:
    """What is said of one that is not kept is true of the other one alone."""
    select(driven, 0, 1)
    driven.wait(lambda: 'Run here" keeps both fresh while it runs.' in said(driven))
    driven.model.change(driven.model.rows[0].path, error=trouble(Kind.DEAD_GRANT))
    driven.wait(lambda: f'⚠ "Keep refreshing" is off for {B}:' in said(driven))
    driven.model.change(driven.model.rows[1].path, error=trouble(Kind.DEAD_GRANT))
    driven.wait(lambda: "Keep refreshing" not in said(driven))


def test_the_other_direction_was_not_copied(driven: Driven) -> None:
    """The clipboard still has the command of the first one."""
    select(driven, 0, 1)
    copied(driven)
    driven.click("⇄")
    words = f"⚠ The command that you copied is for {A} → {B}. Copy it again."
    assert words in said(driven)
    driven.parts.migration.say("Saved")
    assert f"Saved\n{words}" in said(driven)
    select(driven, 2, 0)
    assert words in said(driven)
    copied(driven)
    assert words not in said(driven)
    assert "Copied. Paste" in said(driven)
    driven.click("⇄")
    assert "⚠ The command that you copied" in said(driven)
    driven.click("⇄")
    driven.parts.migration.use_imapsync("/elsewhere/imapsync")
    assert "⚠ The command that you copied does not start the imapsync that is" in said(driven)
    QGuiApplication.clipboard().setText("something else")
    driven.wait(lambda: "⚠ The command that you copied" not in said(driven))


def test_a_side_that_is_removed_is_named_no_more(stage: Stage, driven: Driven) -> None:
    """Signed in once more, it is another mailbox, which nobody has selected."""
    select(driven, 0, 1)
    assert (A, B) == named(driven)
    driven.model.rows[0].path.unlink()
    driven.reload()
    driven.wait(lambda: ("", B) == named(driven))
    write(stage, A)
    driven.reload()
    driven.qtbot.wait(200)
    assert ("", B) == named(driven)


def test_one_mailbox_is_no_pair(stage: Stage, make_stage_window: MakeWindow) -> None:
    """There is no other one to choose yet."""
    write(stage, A)
    driven = make_stage_window(stage)
    words = "A migration needs two mailboxes. Sign in to the other one too."
    driven.wait(lambda: words in said(driven))
    choose(driven, "Source", 0)
    assert words in said(driven)


def test_a_named_pair_is_forgotten(driven: Driven) -> None:
    """Then neither side is named: what is selected is no guess at the direction."""
    choose(driven, "Source", 0)
    choose(driven, "Destination", 1)
    select(driven, 2)
    assert (A, B) == named(driven)
    driven.click("Clear")
    assert ("", "") == named(driven)
    assert NAME_BOTH in said(driven)


def test_a_selected_pair_stays(driven: Driven) -> None:
    """While the user looks at one of them, or signs in to it again; not once more are selected."""
    select(driven, 1, 0)
    select(driven, 2)
    assert (B, A) == named(driven)
    select(driven, 0, 1, 2)
    assert ("", "") == named(driven)


def test_a_mailbox_alone_is_no_side(driven: Driven) -> None:
    """Its options can be copied, for a command of the user's own."""
    select(driven, 2)
    assert ("", "") == named(driven)
    driven.click("Copy as destination")
    assert f"--user2 {C}" in QGuiApplication.clipboard().text()


def test_a_mailbox_that_is_gone_is_no_side(driven: Driven, stage: Stage) -> None:
    """Its row is gone, and nothing is taken in its place."""
    select(driven, 0, 1)
    gone = Path(driven.model.rows[0].path)
    gone.unlink()
    driven.wait(lambda: 2 == driven.model.rowCount())
    driven.wait(lambda: named(driven) in (("", B), (B, "")))


def test_a_side_that_needs_a_sign_in_is_told(driven: Driven) -> None:
    """Until it is mended: imapsync could use it only as long as its token lasts."""
    select(driven, 0, 1)
    path = driven.model.rows[1].path
    driven.model.change(path, error=trouble(Kind.DEAD_GRANT))
    driven.wait(lambda: f"⚠ {B} needs a sign-in. Its token is valid only until " in said(driven))
    info = driven.model.rows[1].info._replace(expires_at=driven.model.now - 1)
    driven.model.change(path, info=info)
    driven.wait(lambda: f"⚠ {B} needs a sign-in. Its token can't be refreshed." in said(driven))
    driven.model.change(driven.model.rows[0].path, error=trouble(Kind.DEAD_GRANT))
    driven.wait(lambda: "⚠ Both mailboxes need a sign-in." in said(driven))
    assert "valid only until" not in said(driven)  # the other one's has ended
    driven.model.change(path, info=info._replace(expires_at=driven.model.now + 600))
    driven.wait(lambda: "need a sign-in. Their tokens are valid only until " in said(driven))
    driven.model.change(driven.model.rows[0].path, error=None)
    assert (A, B) == named(driven)
    driven.model.change(path, error=None)
    driven.wait(lambda: "needs a sign-in" not in said(driven))
