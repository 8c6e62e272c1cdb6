"""The window as a whole: its log, its warnings, what it remembers, and bugs."""

import logging
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
)

from core.mailbox.job import Dependencies
from core.providers.live_catalog import LiveCatalog
from gui.widgets.log_splitter import LogSplitter
from gui.widgets.middle import Middle
from servers import ADDRESS, NO_DNS, MakeStage, Stage, mail_servers
from test_gui_mailboxes import Clock, write
from window import Driven, MakeWindow

SECRET = "from-the-environment"


def test_a_sign_in_whose_login_is_not_tested(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The mailbox is listed and kept fresh, and the error says what the server answered."""
    stage.mailbox.login_says.append("NO [LIMIT] Too many connections")
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(driven.error)
    assert "has too many open connections" in driven.error()
    assert ["Fresh, login not tested"] == driven.states()
    assert "soon" == driven.state_icon(0)
    assert driven.model.rows[0].kept
    driven.act("Test the login")
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "" == driven.error()


def test_the_next_start_knows_whose_login_is_not_tested(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The history of the mailbox tells, until a login has worked."""
    stage.sign_in(check=False)
    driven: Driven = make_stage_window(stage)
    driven.wait(lambda: ["Fresh, login not tested"] == driven.states())
    driven.click_row(0)
    driven.act("Test the login")
    driven.wait(lambda: ["Fresh"] == driven.states())
    driven.end()
    again: Driven = make_stage_window(stage)
    again.rest()
    assert ["Fresh"] == again.states()


def test_the_secret_of_the_environment_is_used(
    make_stage: MakeStage, make_stage_window: MakeWindow
) -> None:
    """An application that needs one can sign in and refresh; in no file is the secret saved."""
    clock = Clock()
    stage = make_stage(server={"client_secret": SECRET}, clock=clock)
    application = replace(stage.registration, confidential=True)
    stage.provider = replace(stage.provider, applications={"demo": application})
    driven = make_stage_window(stage, environment_secret=SECRET)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.model.rows and not driven.busy())
    signed_in = stage.path.read_bytes()
    clock.now += 61
    driven.act("Refresh now")
    driven.rest()
    assert ([], ["Fresh"]) == (driven.failed, driven.states())
    assert signed_in != stage.path.read_bytes()
    kept = [path for path in stage.folder.rglob("*") if path.is_file()]
    assert [] == [path for path in kept if SECRET.encode() in path.read_bytes()]


def test_a_mistake_in_the_providers_is_told_once(tmp_path: Path, make_window: MakeWindow) -> None:
    """At the next look, without a sign-in; and again if there is another mistake later."""
    own = tmp_path / "providers.toml"
    driven = make_window(Dependencies(LiveCatalog(own), NO_DNS, time.time), tmp_path / "tokens")
    told: list[str] = []
    driven.mailboxes.files.warned.connect(told.append)
    for text in ("[providers.gmail", "", "[providers"):
        own.write_text(text)
        driven.mailboxes.refresh_due()
        driven.mailboxes.refresh_due()
    assert [f"{own} is not valid TOML. The providers stay as they were."] * 2 == told
    assert told[0] == driven.status()
    assert told[0] in driven.error()


def test_a_bug_in_a_task_is_caught_and_shown(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The exception's text stays in the log, and the window goes on."""

    def broken(domain: str) -> list[str]:
        raise ZeroDivisionError("something private")

    driven = make_stage_window(stage, lookups=mail_servers(broken))
    driven.type_address("you@nowhere.example")
    driven.click("Get token")
    driven.wait(driven.error)
    assert "Internal error" in driven.error()
    assert "ZeroDivisionError" in driven.error()
    assert "something private" not in driven.error()
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert "" == driven.error()


def test_what_is_logged_is_seen(
    stage: Stage, make_stage_window: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    """The log shows the sign-in, and no secret."""
    caplog.set_level(logging.INFO)  # as core.log sets it up
    driven = make_stage_window(stage)
    driven.click("Log")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: ["Fresh"] == driven.states())
    driven.wait(lambda: f"{ADDRESS} is signed in" in driven.parts.log_pane.text())
    assert not [s for s in stage.server.issued if s in driven.parts.log_pane.text()]


def test_a_sign_in_stands_once_in_the_log(
    stage: Stage, make_stage_window: MakeWindow, caplog: pytest.LogCaptureFixture
) -> None:
    """Its provider too, also if the user has chosen it."""
    caplog.set_level(logging.INFO)
    driven = make_stage_window(stage)
    driven.window.address_bar.set_provider("demo")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: f"The token of {ADDRESS} is in" in driven.parts.log_pane.text())
    lines = driven.parts.log_pane.text().splitlines()
    assert 1 == sum("signed in" in line for line in lines), lines
    assert 1 == sum(f"Provider of {ADDRESS}" in line for line in lines), lines


def test_notes_stand_in_the_log_and_warnings_in_the_bar(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """A note is never lost; a warning asks to be closed."""
    driven = make_stage_window(stage)
    driven.window.note("A warning", warning=True)
    driven.window.note("A note")
    assert "Error: A warning." == driven.error()
    driven.wait(lambda: "A note" in driven.parts.log_pane.text())
    assert "A warning" in driven.parts.log_pane.text()


def test_the_folded_log_shows_its_newest_line(stage: Stage, make_stage_window: MakeWindow) -> None:
    """So no note goes unseen."""
    driven = make_stage_window(stage)
    newest = driven.label("newest_log_line")
    driven.window.note("The first")
    driven.wait(lambda: "The first" in driven.parts.log_pane.text())
    assert "" == newest.text()
    driven.click("Log")
    assert "The first" == newest.text()
    driven.window.note("The second")
    driven.wait(lambda: "The second" == newest.text())


@pytest.mark.parametrize("is_open", [True, False])
def test_the_list_has_the_room_of_the_folded_log(
    stage: Stage, make_stage_window: MakeWindow, is_open: bool
) -> None:
    """And gives it back, also where the log was folded at the start, or is as high as wanted."""
    if not is_open:
        before = make_stage_window(stage)
        before.click("Log")
        before.end()
    driven = make_stage_window(stage)
    (splitter,), (above,) = driven.visible(LogSplitter), driven.visible(Middle)
    log = driven.parts.log_pane
    if not is_open:
        driven.click("Log")
    driven.wait(lambda: log.height() == log.usual_height)
    splitter.setSizes([above.height() - 30, log.height() + 30])
    driven.rest()
    heights = above.height(), log.height()
    driven.click("Log")
    driven.wait(lambda: above.height() + splitter.handleWidth() + log.height() == splitter.height())
    driven.rest()
    assert above.height() > heights[0]
    driven.click("Log")
    driven.wait(lambda: heights == (above.height(), log.height()))


def test_the_window_comes_back_as_it_was(
    stage: Stage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Size, addresses, interval, log, token folder and CA file are remembered."""
    driven = make_stage_window(stage)
    driven.click("Log")
    driven.window.resize(790, 774)
    size = driven.window.size()
    driven.named(QSpinBox, "Minutes between refreshes").setValue(7)
    driven.click("Settings")
    elsewhere = tmp_path / "elsewhere"
    field = driven.named(QLineEdit, "Token folder")
    driven.wait(field.window().isActiveWindow)
    driven.type_into(field, str(elsewhere))
    driven.qtbot.keyClick(field, Qt.Key.Key_Return)
    driven.click("Close")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: ["Fresh"] == driven.states())
    assert [stage.path.name] == [f.name for f in elsewhere.glob("*.txt")]
    driven.end()

    again = make_stage_window(stage, ca_file=None)
    assert size == again.window.size()
    address = again.named(QComboBox, "Address")
    assert ([ADDRESS], "") == (
        [address.itemText(n) for n in range(address.count())],
        again.address_field().text(),
    )
    assert 7 == again.named(QSpinBox, "Minutes between refreshes").value()
    (unfold,) = again.parts.log_pane.findChildren(QToolButton)
    assert not unfold.isChecked()
    again.click("Settings")
    assert str(elsewhere) == again.named(QLineEdit, "Token folder").text()
    assert str(stage.ca_file) == again.named(QLineEdit, "CA file").text()


def test_start_at_login_is_set(stage: Stage, make_stage_window: MakeWindow, tmp_path: Path) -> None:
    """The box writes the system's entry, and removes it again."""
    driven = make_stage_window(stage)
    driven.click("Settings")
    driven.click("Start oauth2_imap when I log in to this computer")
    assert list((tmp_path / "autostart").iterdir())
    driven.click("Start oauth2_imap when I log in to this computer")
    assert [] == list((tmp_path / "autostart").iterdir())


def test_a_refresh_stands_once_in_the_log(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is said by what refreshes, and by nobody else."""
    stage.sign_in()
    stage.age()
    driven = make_stage_window(stage)
    driven.mailboxes.refresh([stage.path])
    log = driven.parts.log_pane
    driven.wait(lambda: "refreshed the token" in log.text())
    driven.rest()
    QApplication.processEvents()
    assert 1 == log.text().count("refreshed the token")
    assert 1 == log.text().count("Token files are in")


def test_a_narrow_window(stage: Stage, make_stage_window: MakeWindow) -> None:
    """At 200 % a screen of 1024 pixels has 512: what is selected then stands below the list."""
    stage.sign_in()
    driven: Driven = make_stage_window(stage)
    driven.click_row(0)
    driven.rest()
    detail, table, content = driven.parts.detail, driven.parts.mailbox_table, driven.content
    for width, is_below in ((1000, False), (512, True), (1000, False)):
        driven.window.resize(width, 900)
        driven.rest()
        places = [w.mapTo(content, w.rect().topLeft()) for w in (table, detail)]
        assert is_below == (places[0].x() == places[1].x())
        assert is_below == (places[0].y() + table.height() <= places[1].y())


@pytest.mark.parametrize("mailboxes", [0, 1])
def test_what_stands_side_by_side_is_on_one_line(
    stage: Stage, make_stage_window: MakeWindow, mailboxes: int
) -> None:
    """The title of the migration and what controls refreshing, while nothing is selected."""
    for number in range(mailboxes):
        write(stage, f"{number}.{ADDRESS}")
    driven = make_stage_window(stage)
    driven.window.resize(1024, 690)
    driven.rest()
    driven.qtbot.wait(100)  # layouts within layouts take several turns of the event loop
    assert not driven.parts.detail.isVisible()
    title = next(x for x in driven.visible(QLabel) if "Migration" == x.text())
    middles = [
        widget.mapTo(driven.window, widget.rect().center()).y()
        for widget in (title, driven.button("Keep refreshing"))
    ]
    assert abs(middles[0] - middles[1]) <= 1
