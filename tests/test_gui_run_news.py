"""A run of imapsync is told outside the card too, and what it needs stays as it is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)

from core.model import Outcome
from core.verdicts.verdict import Kind
from gui.model import line_text as line_texts
from gui.model.mailbox_history import NOTHING_SPEAKS_AGAINST
from gui.widgets.run_output import RunOutputDialog
from imapsync_here import (
    GENTLE,
    STAYS,
    A,
    B,
    click,
    press_run_here,
    put_imapsync,
    run_here,
    started,
    told,
)
from test_gui_list import trouble
from window import Driven

pytestmark = [
    pytest.mark.only_on("posix", reason="the programs are scripts for sh"),
    # Warnings of Qt's offscreen platform.
    pytest.mark.qt_log_ignore("propagateSizeHints|systemTrayWindowChanged"),
]

TITLE = f"Copying the mail: {A} → {B}"
COPIES = "echo 'msg INBOX/1 {9} copied to INBOX/1'"


@pytest.fixture
def running(open_pair: Callable[..., Driven]) -> Driven:
    """Return a window in which imapsync copies, until it is stopped."""
    driven = open_pair(f"{GENTLE}; {COPIES}; {STAYS}")
    run_here(driven, 2)
    driven.wait(lambda: "1 message copied" in driven.panel_text())
    return driven


def test_the_bar_says_that_it_runs(running: Driven) -> None:
    """Whatever is selected; its button leads back to the run."""
    running.window.resize(1180, 560)
    running.click_row(0)
    assert TITLE == running.parts.message_bar.message.headline
    stop = running.button("Stop")
    running.wait(lambda: stop.visibleRegion().isEmpty())
    running.click("Show the run")
    running.wait(lambda: not stop.visibleRegion().isEmpty())
    assert running.button("Show the output…").hasFocus()  # it may have been in view before
    click(running, "Stop")
    running.wait(lambda: TITLE not in running.panel_text())


def test_every_message_leads_to_the_run(running: Driven) -> None:
    """A mistake, a mailbox that needs the user, and what is said once that was closed."""
    bar = running.parts.message_bar
    path = running.model.rows[0].path
    running.parts.mailbox_table.remove.emit([path])
    assert TITLE != bar.message.headline
    assert running.shows("Show the run")
    running.click_row(1)
    running.mailboxes.failed.emit(path, trouble(Kind.DEAD_GRANT), False)
    running.model.change(path, error=trouble(Kind.DEAD_GRANT))
    running.wait(lambda: not bar.message.is_calm)
    assert running.shows("Show the run")
    running.click("Close")
    running.wait(lambda: TITLE == bar.message.headline)
    assert bar.message.below.startswith(f"⚠ {A} needs a sign-in. Its token is valid only until ")
    assert 1 == len([b for b in running.visible(QPushButton) if "Show the run" == b.text()])
    running.model.change(path, error=None)
    running.mailboxes.tested.emit(path)
    click(running, "Stop")
    running.wait(lambda: not running.shows("Show the run"))


def test_its_end_is_told_before_what_is_more_urgent(open_pair: Callable[..., Driven]) -> None:
    """Until the user goes on: the message that it hides comes back then."""
    driven = open_pair(f"{COPIES}; while [ ! -e ../../go ]; do sleep 0.02; done; exit 0")
    run_here(driven, 2)
    bar = driven.parts.message_bar
    driven.wait(lambda: "1 message copied" in bar.message.below)
    driven.mailboxes.failed.emit(driven.model.rows[0].path, trouble(Kind.DEAD_GRANT), True)
    urgent = bar.message
    assert not urgent.is_calm
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "go").touch()
    driven.wait(lambda: "1 message copied." in bar.message.headline)
    assert driven.shows("Show the run")
    driven.click_row(0)
    driven.wait(lambda: urgent == bar.message)


def test_a_complete_copy_is_told(open_pair: Callable[..., Driven]) -> None:
    """Until there is other news: the card may be out of view."""
    driven = open_pair(f"{COPIES}; exit 0")
    run_here(driven, 2)
    driven.wait(lambda: "1 message copied." in driven.parts.message_bar.message.headline)
    off = '"Keep refreshing" is off again for both mailboxes'
    assert f"{A} → {B} · {off}" == driven.parts.message_bar.message.below
    assert off in driven.parts.log_pane.text()


def test_a_failed_copy_is_told(open_pair: Callable[..., Driven]) -> None:
    """With its mailboxes, and a button that leads to it; the next run ends that."""
    driven = open_pair(f"{COPIES}; [ -e ../../again ] && exec sleep 30; exit 111")
    run_here(driven, 2)
    failed = f"The copy has failed: {A} → {B}"
    driven.wait(lambda: failed == driven.parts.message_bar.message.headline)
    below = driven.parts.message_bar.message.below
    assert below.startswith("imapsync has ended with exit code 111: ")
    (advice,) = driven.parts.message_bar.message.more
    assert advice.startswith('"Show the output…" has the errors.')
    assert driven.shows("Show the run")
    assert "exit code 111" in driven.parts.log_pane.text()
    (Path(os.environ["OAUTH2_IMAP_HOME"]) / "again").touch()
    press_run_here(driven, 2)
    driven.wait(lambda: TITLE == driven.parts.message_bar.message.headline)
    click(driven, "Stop")
    driven.wait(lambda: "You have stopped" in driven.parts.message_bar.message.headline)
    assert driven.parts.message_bar.message.icon is None


def test_the_output_of_a_run_whose_result_is_gone(open_pair: Callable[..., Driven]) -> None:
    """It goes with its pair; the message about it stays, and leads to what imapsync has said."""
    driven = open_pair("echo why it failed; exit 111")
    run_here(driven, 1)
    driven.wait(lambda: "exit code 111" in driven.parts.message_bar.message.below)
    driven.click("⇄")
    driven.wait(lambda: not driven.shows("Hide"))
    driven.click("Show the run")
    (dialog,) = driven.visible(RunOutputDialog)
    assert "why it failed" in dialog.findChildren(QPlainTextEdit)[0].toPlainText()


def test_the_card_is_true_where_the_user_stops_the_refreshing(running: Driven) -> None:
    """It says that the run keeps both fresh, until the user says otherwise."""
    kept = "While imapsync runs here, both mailboxes are kept fresh."
    card = running.parts.migration

    def said() -> list[str]:
        return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]

    running.wait(lambda: kept in said())
    stop = running.button("Stop")
    place = stop.mapTo(running.window, QPoint())
    running.mailboxes.keep_many([row.path for row in running.model.rows], False)
    words = '⚠ "Keep refreshing" is off for both mailboxes: imapsync can go on until '
    running.wait(lambda: any(text.startswith(words) for text in said()))
    assert kept not in said()
    assert place == stop.mapTo(running.window, QPoint())
    running.mailboxes.keep_many([row.path for row in running.model.rows], True)
    running.wait(lambda: kept in said())
    running.model.change(running.model.rows[0].path, error=trouble(Kind.DEAD_GRANT))
    running.wait(lambda: kept not in said())
    assert place == stop.mapTo(running.window, QPoint())


def test_the_sides_stay_until_it_ends(running: Driven) -> None:
    """What is said of them is true meanwhile: they can't be turned round."""
    stays = "They stay as they are until imapsync ends."
    running.wait(lambda: stays in texts(running))
    assert not running.button("⇄").isEnabled()
    click(running, "Stop")
    running.wait(lambda: "In the order you selected them. ⇄ turns them round." in texts(running))
    assert running.button("⇄").isEnabled()


def texts(driven: Driven) -> list[str]:
    """Return all that the labels say."""
    return [label.text() for label in driven.visible(QLabel)]


def test_a_mailbox_that_is_not_kept_is_told(running: Driven) -> None:
    """Its token expires before the copy is complete; in the bar this moves no button."""
    running.mailboxes.keep_many([running.model.rows[1].path], False)
    words = f'⚠ "Keep refreshing" is off for {B}: imapsync can go on until '
    running.wait(lambda: words in running.panel_text())
    running.mailboxes.keep_many([running.model.rows[1].path], True)
    running.wait(lambda: words not in running.panel_text())


def test_what_is_kept_for_the_run_alone_says_so(running: Driven) -> None:
    """Not that it stays fresh tonight, unless the user wants that."""
    path = running.model.rows[0].path
    running.click_row(0)
    until = "It is kept fresh until imapsync ends."
    running.wait(lambda: any(text.startswith(until) for text in texts(running)))
    running.parts.mailbox_table.keep.emit([path], False)
    running.parts.mailbox_table.keep.emit([path], True)
    running.wait(lambda: NOTHING_SPEAKS_AGAINST in texts(running))
    click(running, "Stop")
    off = f'"Keep refreshing" is off again for {B}'
    running.wait(lambda: running.parts.message_bar.message.below.endswith(off))


def test_the_pane_holds_still_when_a_run_ends(running: Driven) -> None:
    """What it says of a mailbox may be shorter then."""
    running.click_row(0)
    running.qtbot.wait(300)
    detail = running.parts.detail
    height = detail.height()
    running.model.change(running.model.rows[0].path, error=trouble(Kind.DEAD_GRANT))
    running.qtbot.wait(300)
    higher = detail.height()
    assert height < higher
    running.model.change(running.model.rows[0].path, error=None)
    running.qtbot.wait(300)
    assert higher == detail.height()
    running.click_row(1)
    running.wait(lambda: detail.height() < higher)
    running.wait(lambda: any(text.startswith("It is kept fresh until") for text in texts(running)))
    running.qtbot.wait(300)
    height = detail.height()
    click(running, "Stop")
    running.wait(lambda: not running.parts.imapsync_run.is_running)
    running.wait(lambda: not any(text.startswith("It is kept") for text in texts(running)))
    running.qtbot.wait(300)
    assert height == detail.height()


def test_a_run_ends_the_warning_of_a_copied_command(
    open_pair: Callable[..., Driven], tmp_path: Path
) -> None:
    """Who runs imapsync here has no use for a command with the one of before."""
    driven = open_pair("exit 0")
    driven.named(QPushButton, "Copy the command to copy the mail").click()
    driven.parts.migration.use_imapsync(str(tmp_path / "bin" / "imapsync"))
    words = (
        "⚠ The command that you copied does not start the imapsync that is chosen now. "
        "Copy it again."
    )
    assert words in texts(driven)
    run_here(driven, 1)
    driven.wait(lambda: told(driven).startswith("Both logins work."))
    assert words not in texts(driven)


def test_a_sign_in_outlives_the_run(running: Driven) -> None:
    """Its mailbox is kept, as after any other sign-in."""
    path = running.model.rows[0].path
    outcome = Outcome(A, "demo", str(path), "", 0, False, None, renewed=True, checked=True)
    running.parts.sign_in_task.succeeded.emit(outcome)
    click(running, "Stop")
    running.wait(lambda: not running.parts.imapsync_run.is_running)
    running.wait(lambda: [path] == [row.path for row in running.model.kept_rows])


def test_the_result_stays_above_a_copied_command(open_pair: Callable[..., Driven]) -> None:
    """That it is for the other direction is told to whoever turns the pair round, and no more."""
    driven = open_pair("exit 161")
    driven.window.resize(1024, 690)
    driven.named(QPushButton, "Copy the command to copy the mail").click()
    click(driven, "⇄")
    words = "⚠ The command that you copied is for"
    driven.wait(lambda: driven.parts.message_bar.message.headline.startswith(words))
    run_here(driven, 1)
    failed = f"The login test has failed: {B} → {A}"
    driven.wait(lambda: failed == driven.parts.message_bar.message.headline)
    driven.qtbot.wait(300)
    assert failed == driven.parts.message_bar.message.headline


def test_what_may_be_another_program_can_be_exchanged(
    open_pair: Callable[..., Driven], tmp_path: Path
) -> None:
    """By a button in the result, which names it."""
    driven = open_pair("exit 99")
    run_here(driven, 1)
    driven.wait(lambda: 'choose another one with "Choose imapsync…"' in told(driven))
    names = [b.accessibleName() for b in driven.visible(QPushButton)]
    assert "Choose another imapsync" in names
    choose_imapsync(driven, put_imapsync(tmp_path / "other", "exit 0"))
    driven.rest()
    assert not (tmp_path / "other" / "started").exists()  # nobody has asked for that
    assert "now use" in driven.panel_text()


def test_what_the_user_says_outlives_the_run(running: Driven) -> None:
    """The run kept both, but who ticks one of them again wants it kept afterwards too."""
    first = running.model.rows[0].path
    running.parts.mailbox_table.keep.emit([first], False)
    running.parts.mailbox_table.keep.emit([first], True)
    click(running, "Stop")
    running.wait(lambda: not running.parts.imapsync_run.is_running)
    running.wait(lambda: [first] == [row.path for row in running.model.kept_rows])
    assert "You have stopped imapsync." in running.panel_text()


def test_its_mailboxes_are_not_removed(running: Driven) -> None:
    """Nor is anything asked: the message says what to do first."""
    running.parts.mailbox_table.remove.emit([running.model.rows[0].path])
    expected = f"imapsync is using {A}. Stop it first, then remove the mailbox."
    assert expected == running.parts.message_bar.message.headline
    running.parts.mailbox_table.remove.emit([row.path for row in running.model.rows])
    expected = "imapsync is using two of them. Stop it first, then remove the mailboxes."
    assert expected == running.parts.message_bar.message.headline
    assert [A, B] == running.addresses()
    running.mailboxes.keep_many([row.path for row in running.model.rows], False)
    running.parts.mailbox_table.keep.emit([running.model.rows[0].path], False)
    words = '⚠ "Keep refreshing" is off for both mailboxes: imapsync can go on until '
    running.wait(lambda: words in running.panel_text())


def test_its_sides_stay(running: Driven) -> None:
    """Else the fields would name another direction than the run."""
    source = running.named(QComboBox, "Source")
    (action,) = (a for a in running.menu().actions() if a.text() == "Use as &source")
    assert not source.isEnabled()
    assert not running.button("⇄").isEnabled()
    running.click_row(1)
    assert not action.isEnabled()
    click(running, "Stop")
    running.wait(source.isEnabled)
    assert running.button("⇄").isEnabled()
    assert action.isEnabled()


def test_the_first_copy_asks(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """It names both sides; Esc runs nothing, and a login test can come first."""
    driven = open_pair("exit 0")
    for _n in range(2):  # whoever has not agreed is asked again
        press_run_here(driven, 2)
        driven.wait(lambda: driven.visible(QMessageBox))
        (box,) = driven.visible(QMessageBox)
        assert f"Copy the mail from {A} to {B}?" == box.text()
        driven.qtbot.keyClick(box, Qt.Key.Key_Escape)
        driven.wait(lambda: not driven.visible(QMessageBox))
    assert not (tmp_path / "bin" / "started").exists()
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    driven.click("Test the logins first", driven.visible(QMessageBox)[0])
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    press_run_here(driven, 2)
    driven.wait(lambda: "0 messages copied." in told(driven))
    assert ["--justlogin", "--host1"] == [line.split()[0] for line in started(tmp_path)]
    click(driven, "⇄")  # the other direction was neither tested nor copied
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert f"Copy the mail from {B} to {A}?" == box.text()
    driven.click("Cancel", box)


def test_a_copy_that_cannot_last_asks(open_pair: Callable[..., Driven]) -> None:
    """Although its logins were tested: a sign-in has ended since. Once more after a new one."""
    driven = open_pair("exit 0")
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    driven.model.change(driven.model.rows[1].path, error=trouble(Kind.DEAD_GRANT))
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith(f"⚠ {B} needs a sign-in. Its token is valid only until")
    wanted: list[list[Path]] = []
    driven.parts.mailbox_table.sign_in.connect(wanted.append)
    driven.click("Sign in first", box)
    assert [[driven.model.rows[1].path]] == wanted
    driven.parts.sign_in_task.cancelled.emit()
    driven.model.change(driven.model.rows[1].path, error=None)
    assert [] == driven.visible(QMessageBox)
    driven.model.change(driven.model.rows[1].path, error=trouble(Kind.DEAD_GRANT))
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    driven.click("Sign in first", driven.visible(QMessageBox)[0])
    driven.model.change(driven.model.rows[1].path, error=None)
    (box,) = driven.visible(QMessageBox)
    assert "needs a sign-in" not in box.informativeText()
    assert not driven.parts.imapsync_run.is_running
    driven.click("Copy the mail", box)
    driven.wait(lambda: driven.parts.imapsync_run.is_running)


def test_a_copy_names_both_that_need_a_sign_in(open_pair: Callable[..., Driven]) -> None:
    """One after the other: after the first sign-in it asks for the second one."""
    driven = open_pair("exit 0")
    paths = [row.path for row in driven.model.rows]
    for path in paths:
        driven.model.change(path, error=trouble(Kind.DEAD_GRANT))
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith("⚠ Both mailboxes need a sign-in.")
    wanted: list[list[Path]] = []
    driven.parts.mailbox_table.sign_in.connect(wanted.append)
    driven.click("Sign in first", box)
    assert [paths[:1]] == wanted
    driven.model.change(paths[0], error=None)
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith(f"⚠ {B} needs a sign-in.")
    driven.click("Cancel", box)


def test_a_copy_of_other_sides_is_not_asked_for(open_pair: Callable[..., Driven]) -> None:
    """Who turns the pair round during the sign-in would be asked for the other direction."""
    driven = open_pair("exit 0")
    path = driven.model.rows[0].path
    for turned in (True, False):
        driven.model.change(path, error=trouble(Kind.DEAD_GRANT))
        press_run_here(driven, 2)
        driven.wait(lambda: driven.visible(QMessageBox))
        driven.click("Sign in first", driven.visible(QMessageBox)[0])
        if turned:
            click(driven, "⇄")
        driven.parts.sign_in_task.failed.emit(trouble(Kind.PASSING))  # it may be tried again
        driven.model.change(path, error=None)
        assert turned == (not driven.visible(QMessageBox))
    driven.click("Cancel", driven.visible(QMessageBox)[0])


def choose_imapsync(driven: Driven, file: Path) -> None:
    """Choose another program in the dialog."""
    click(driven, "Choose imapsync…")
    driven.wait(lambda: driven.visible(QFileDialog))
    (dialog,) = driven.visible(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    driven.wait(lambda: not driven.visible(QFileDialog))


def test_another_imapsync_is_not_blamed(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """The login test of the one of before has failed."""
    driven = open_pair("exit 161")
    run_here(driven, 1)
    driven.wait(lambda: "The login test has failed" in driven.panel_text())
    other = put_imapsync(tmp_path / "other", "exit 0")
    choose_imapsync(driven, other)
    assert f"now use {other}" in driven.panel_text()  # above what has failed
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith("imapsync copies what the destination lacks.")
    driven.click("Cancel", box)


def test_another_program_has_tested_nothing(
    open_pair: Callable[..., Driven], tmp_path: Path
) -> None:
    """It may end without an error all the same; what is no program is not even chosen."""
    driven = open_pair("exit 0")
    other = put_imapsync(tmp_path / "other", "exit 0").rename(tmp_path / "other" / "browser")
    text = tmp_path / "imapsync.txt"
    text.touch()
    choose_imapsync(driven, text)
    driven.wait(lambda: f"{text} is not a program that can be started." in driven.panel_text())
    choose_imapsync(driven, other)
    driven.wait(lambda: "Its name is not imapsync." in driven.panel_text())
    assert str(other) == driven.settings.imapsync
    run_here(driven, 1)
    driven.wait(lambda: "has ended without an error, but its name is not" in told(driven))
    assert "⚠ A program has ended that may not be imapsync" in texts(driven)
    assert "Both logins work." not in driven.panel_text()
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith("imapsync copies what the destination lacks.")
    driven.click("Cancel", box)


def test_a_sign_in_ends_what_a_login_test_has_said(open_pair: Callable[..., Driven]) -> None:
    """It may have mended the login; to see that, it is tested again."""
    driven = open_pair("exit 161")
    run_here(driven, 1)
    driven.wait(lambda: "The login test has failed" in driven.panel_text())
    path = driven.model.rows[0].path
    outcome = Outcome(A, "demo", str(path), "", 0, False, None, renewed=True, checked=True)
    driven.parts.sign_in_task.succeeded.emit(outcome)
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith("imapsync copies what the destination lacks.")
    driven.click("Cancel", box)


def test_the_last_login_test_counts(open_pair: Callable[..., Driven], tmp_path: Path) -> None:
    """One that worked before a failed one answers for no copy any more; the bar tells both."""
    driven = open_pair(f"[ -e {tmp_path}/broken ] && exit 161; exit 0")
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work." in driven.panel_text())
    (tmp_path / "broken").touch()
    run_here(driven, 1)
    driven.wait(lambda: f"The login test has failed: {A} → {B}" in driven.panel_text())
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith("The login test has failed.")
    driven.click("Cancel", box)


def test_a_result_goes_with_its_pair(open_pair: Callable[..., Driven]) -> None:
    """Beside another one it would seem to be of that."""
    driven = open_pair("exit 0")
    run_here(driven, 1)
    driven.wait(lambda: "Both logins work. Nothing is copied yet: that is step 2." == told(driven))
    click(driven, "⇄")
    assert "" == told(driven)


def test_enter_after_the_press_copies_nothing(running: Driven) -> None:
    """The button that was pressed is greyed out, and the next one would copy a command."""
    assert running.button("Show the output…").hasFocus()


def test_a_login_test_is_answered(open_pair: Callable[..., Driven]) -> None:
    """Also while a failed run is told, which sends the user to it: that is done then."""
    driven = open_pair("exit 162")
    run_here(driven, 1)
    failed = f"The login test has failed: {A} → {B}"
    driven.wait(lambda: failed == driven.parts.message_bar.message.headline)
    assert (
        f'Choose "Test the login" in the menu of {B}:' in driven.parts.message_bar.message.more[0]
    )
    driven.mailboxes.login_worked.emit(driven.model.rows[1].path)
    assert f"The login of {B} works" == driven.parts.message_bar.message.headline
    driven.click_row(0)
    assert driven.parts.message_bar.message.is_calm


def test_a_refused_login_of_a_mailbox_without_a_sign_in(open_pair: Callable[..., Driven]) -> None:
    """It is named, and the bar offers the sign-in in place of general advice."""
    driven = open_pair("exit 162")
    path = driven.model.rows[1].path
    driven.model.change(path, error=trouble(Kind.DEAD_GRANT))
    run_here(driven, 1)
    words = f"{B} needs a sign-in. Sign in again, then run it again."
    driven.wait(lambda: words in told(driven))
    message = driven.parts.message_bar.message
    assert ((words,), path) == (message.more, message.sign_in)
    assert "Is the mailbox shared?" not in told(driven)


def test_a_failed_login_test_agrees_to_nothing(open_pair: Callable[..., Driven]) -> None:
    """The copy still asks, and says so; not once one of the logins works."""
    driven = open_pair("exit 161")
    run_here(driven, 1)
    driven.wait(lambda: told(driven))
    driven.wait(lambda: not driven.parts.imapsync_run.is_running)
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert box.informativeText().startswith("The login test has failed.")
    driven.click("Cancel", box)
    driven.mailboxes.login_worked.emit(driven.model.rows[0].path)
    press_run_here(driven, 2)
    driven.wait(lambda: driven.visible(QMessageBox))
    (box,) = driven.visible(QMessageBox)
    assert "test them first" in box.informativeText()
    driven.click("Cancel", box)


def test_the_rows_say_that_imapsync_uses_them(running: Driven) -> None:
    """As long as it runs, on the screen and for screen readers."""

    def used() -> list[bool]:
        role = Qt.ItemDataRole.AccessibleDescriptionRole
        texts = (line_texts.mailbox_text(r, running.model.now, role) for r in running.model.rows)
        return [". imapsync uses it · " in (text or "") for text in texts]

    assert [True, True] == used()
    click(running, "Stop")
    running.wait(lambda: [False, False] == used())
