"""Pretend mailboxes: rows like any other, kept fresh and removable, that end with the window."""

import logging
import os
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QWidget,
)

import catalogs
from core.browser_choice import BrowserChoice
from core.events import WaitingForBrowser
from core.history.journal import file_of
from core.i18n.translation import LANGUAGES, _, use_language
from core.oauth.sign_in.browser import Open
from core.times import local_time
from gui.controllers.closing import CloseChoice
from imapsync_here import run_here, told
from servers import ADDRESS, Stage
from test_run_with_imapsync import make_imapsync
from window import Driven, MakeWindow

ONE, TWO = "you@pretend.example", "you@pretend2.example"
END_IT = "End the sign-in, to try what happens"
TRY_IT = "Try it with a pretend mailbox"


def no_browser(page: str, choice: BrowserChoice) -> None:
    """Without a browser the demo's server consents at once."""


@pytest.fixture
def rehearsed(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window with one pretend mailbox."""
    driven: Driven = make_stage_window(stage, browser=no_browser)
    driven.click(TRY_IT)
    browser = QWidget()  # stands in for its window, which comes to the front
    browser.show()
    browser.activateWindow()
    driven.wait(lambda: driven.model.rows and not driven.busy())
    driven.listed()
    browser.close()
    driven.window.activateWindow()
    driven.wait(driven.window.isActiveWindow)
    return driven


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_log_is_english(
    request: pytest.FixtureRequest, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The provider's name is translated for the user alone."""
    use_language(code)
    caplog.set_level(logging.INFO)
    driven: Driven = request.getfixturevalue("rehearsed")
    assert [_("Pretend provider")] == driven.providers()
    assert f"Pretend provider sent a response to the sign-in of {ONE}" in caplog.messages


@pytest.mark.parametrize("word", ["demo", "rehears"])
def test_the_window_has_one_word_for_it(word: str) -> None:
    """It is "pretend", also on the pages in the browser; only the terminal has an option --demo."""
    of_terminal = ("core/cli/", "core/verdicts/local_commands.py")
    said = [
        message.id
        for message in catalogs.marked_texts()
        if re.search(word, str(message.id), re.IGNORECASE)
        and not all(file.startswith(of_terminal) for file, _line in message.locations)
    ]
    assert [] == said


def path(driven: Driven, number: int = 0) -> Path:
    """Return the token file of a row."""
    return driven.model.rows[number].path


def make_second(driven: Driven) -> None:
    """Make another pretend mailbox, from the menu."""
    (action,) = (
        a for a in driven.window.program_menu.actions() if TRY_IT == a.text().replace("&", "")
    )
    action.trigger()
    driven.wait(lambda: 2 == len(driven.model.rows) and not driven.busy())
    driven.listed()


def test_it_leaves_a_row_that_is_kept_fresh(rehearsed: Driven) -> None:
    """The row is marked, selected and has its command, and the bar says what comes next."""
    assert [ONE] == rehearsed.addresses()
    assert ["Pretend provider"] == rehearsed.providers()
    assert [ONE] == [row.title for row in rehearsed.model.kept_rows]
    assert ["Fresh"] == rehearsed.states()
    assert rehearsed.table().hasFocus()  # and not the search, which is the first beside it
    assert f"It works: the pretend mailbox {ONE} has a token" in rehearsed.panel_text()
    rehearsed.wait(lambda: rehearsed.button("Copy as source").isVisible())
    assert [] == rehearsed.failed


def test_what_is_next_stays_in_the_bar(rehearsed: Driven) -> None:
    """No sentence asks to leave the window open: closing it ends pretend mailboxes, unasked."""
    bar = rehearsed.parts.message_bar
    bar.clear()
    rehearsed.wait(lambda: bar.message.headline.startswith("This pretend mailbox lasts until you"))
    assert "Now enter your own address." in bar.message.below
    make_second(rehearsed)
    bar.clear()
    rehearsed.wait(lambda: bar.message.headline.startswith("These pretend mailboxes last until"))
    assert "the card Migration beside the list" in bar.message.below


def test_what_is_done_is_not_advised(rehearsed: Driven) -> None:
    """While the second one is made, the bar doesn't ask for it."""
    told: list[str] = []
    task = rehearsed.parts.sign_in_task
    task.waiting.connect(lambda _: told.append(rehearsed.panel_text()))
    assert "in the Program menu." in rehearsed.panel_text()
    make_second(rehearsed)
    assert [False] == ["second one" in text or "It works" in text for text in told]
    assert "the card Migration beside the list" in rehearsed.panel_text()


def test_a_real_mailbox_beside_it_counts(rehearsed: Driven, stage: Stage) -> None:
    """The advice is for that one alone."""
    stage.sign_in()
    rehearsed.reload()
    bar = rehearsed.parts.message_bar
    bar.clear()
    rehearsed.wait(lambda: '"Keep refreshing" is off for all mailboxes' == bar.message.headline)


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("ahead", [-600, 250])  # of the real token: it is first, or last
def test_the_bar_names_the_times_of_the_list(
    rehearsed: Driven, stage: Stage, keeps: bool, ahead: int
) -> None:
    """The first of all rows, whether its mailbox is real or not."""
    stage.sign_in()
    now = rehearsed.model.now
    stage.change(issued_at=now + ahead, expires_at=now + ahead + 3600)
    rehearsed.reload()
    rehearsed.mailboxes.keep_all(keeps)
    rows = rehearsed.model.rows
    times = [row.due if keeps else row.info.expires_at for row in rows]
    first = min(time for time in times if time)
    bar = rehearsed.parts.message_bar
    bar.clear()
    words = "Next refresh at {}." if keeps else "The first token expires at {}."
    rehearsed.wait(lambda: words.format(local_time(first, now)) == bar.message.below)


def test_it_is_refreshed_and_tested_like_any_other(rehearsed: Driven) -> None:
    """By the servers that run on in the window's process."""
    before = path(rehearsed).read_bytes()
    rehearsed.click_row(0)
    rehearsed.act("Refresh now")
    rehearsed.wait(lambda: before != path(rehearsed).read_bytes())
    rehearsed.wait(lambda: ["Fresh"] == rehearsed.states())
    rehearsed.act("Test the login")
    rehearsed.wait(lambda: "login" in rehearsed.status())
    assert [] == rehearsed.failed


def test_its_sign_in_can_be_ended_to_try_that(rehearsed: Driven) -> None:
    """The provider refuses the next refresh; a new sign-in goes to the same pretend mailbox."""
    make_second(rehearsed)
    rehearsed.click_row(0)
    rehearsed.act(END_IT)
    rehearsed.wait(lambda: ["Sign-in required", "Fresh"] == rehearsed.states())
    (error,) = rehearsed.failed
    assert error.detail.startswith("invalid_grant")
    rehearsed.act("Test the login")  # as the details say, imapsync can go on with this token
    rehearsed.wait(lambda: "succeeded" in rehearsed.status())
    below = rehearsed.parts.message_bar.message.below
    assert "It needs a sign-in all the same: its token can't be refreshed." == below
    assert [ONE] == rehearsed.called
    rehearsed.click("Sign in again", rehearsed.parts.message_bar)
    rehearsed.wait(lambda: ["Fresh"] * 2 == rehearsed.states() and not rehearsed.busy())
    assert f"{ONE} is signed in again" == rehearsed.parts.message_bar.message.headline
    assert [ONE, TWO] == rehearsed.addresses()
    rehearsed.click_row(0)
    rehearsed.act("Test the login")
    rehearsed.wait(lambda: "succeeded" in rehearsed.status())


def test_its_address_can_be_typed(rehearsed: Driven) -> None:
    """No name server knows its domain: it is signed in to as the row says."""
    rehearsed.type_address(ONE)
    rehearsed.wait(lambda: "This pretend mailbox is in the list" in everything(rehearsed))
    rehearsed.click("Get token")
    rehearsed.wait(lambda: f"{ONE} is signed in again" in rehearsed.panel_text())
    assert [ONE] == rehearsed.addresses()


def everything(driven: Driven) -> list[str]:
    """Return all that the labels say."""
    return [label.text() for label in driven.visible(QLabel)]


def test_only_of_pretend_mailboxes(rehearsed: Driven, stage: Stage) -> None:
    """Neither menu offers it while a real mailbox is selected, alone or beside others."""
    stage.sign_in()
    rehearsed.reload()
    (real,) = (n for n, row in enumerate(rehearsed.model.rows) if row.title == ADDRESS)
    rehearsed.click_row(1 - real)
    assert [True, True] == offers_it(rehearsed)
    rehearsed.click_row(real, ctrl=True)
    assert [False, False] == offers_it(rehearsed)
    rehearsed.click_row(real)
    assert [False, False] == offers_it(rehearsed)


def offers_it(driven: Driven) -> list[bool]:
    """Return whether the menu of the row, and that of the details, offer to end a sign-in."""
    of_row = driven.menu()
    of_row.close()
    driven.window.activateWindow()  # as a window manager does when a menu has closed
    (more,) = (b.menu() for b in driven.parts.detail.findChildren(QPushButton) if b.menu())
    return [
        any(END_IT == a.text().replace("&", "") and a.isVisible() for a in menu.actions())
        for menu in (of_row, more)
    ]


def test_two_of_them_are_a_migration(
    rehearsed: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """imapsync logs in to both with their token files, in both steps."""
    make_second(rehearsed)
    assert [ONE, TWO] == rehearsed.addresses()
    assert "the card Migration beside the list" in rehearsed.panel_text()
    make_imapsync(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRETEND_IMAPSYNC_VERSION", "2.288")
    monkeypatch.setenv("SSL_CERT_FILE", str(path(rehearsed).with_name("pretend_ca.pem")))
    rehearsed.click_row(0)
    rehearsed.click_row(1, ctrl=True)
    run_here(rehearsed, 1)
    rehearsed.wait(lambda: told(rehearsed).startswith("Both logins work."))
    run_here(rehearsed, 2)
    rehearsed.wait(lambda: "ended without an error. 0 messages copied." in told(rehearsed))
    logins = [line for line in rehearsed.parts.imapsync_run.output if "success login" in line]
    assert [ONE, TWO] == [re.findall(r"user \[(.+)\]", line)[0] for line in logins]


def test_the_order_of_the_sign_ins_is_told(rehearsed: Driven) -> None:
    """Nobody has named the sides yet; who turns them round has."""

    def note() -> list[str]:
        shown = [label.text() for label in rehearsed.parts.migration.findChildren(QLabel)]
        return [text for text in shown if text.startswith("In the order of your first sign-ins.")]

    make_second(rehearsed)
    rehearsed.wait(note)
    rehearsed.click("⇄")
    rehearsed.wait(lambda: not note())


def test_trying_keep_refreshing_leaves_no_trace(rehearsed: Driven) -> None:
    """What is unticked while only pretend mailboxes are there isn't meant for real ones."""
    rehearsed.click("Keep refreshing")
    rehearsed.wait(lambda: not rehearsed.model.kept_rows)
    assert rehearsed.settings.keep_refreshing
    make_second(rehearsed)
    rehearsed.wait(lambda: [TWO] == [row.title for row in rehearsed.model.kept_rows])


def test_imapsync_does_not_renew_its_token(rehearsed: Driven) -> None:
    """Another process knows nothing of the pretend provider."""
    boxes = [box for box in rehearsed.visible(QCheckBox) if "renew the token" in box.text()]
    assert [] == boxes


def remove(driven: Driven, answer: str) -> str:
    """Remove what is selected, answer the question, and return what it says."""
    said: list[str] = []

    def reply() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.extend((box.text(), box.informativeText()))
        for button in box.buttons():
            if answer == button.text().replace("&", ""):
                button.click()
                return
        box.reject()

    QTimer.singleShot(100, reply)
    driven.act("Remove…")
    return " ".join(said)


def test_removing_it_asks_once(rehearsed: Driven) -> None:
    """Nothing real is lost, the file stays until the answer, and then its address is free again."""
    rehearsed.click_row(0)
    file = path(rehearsed)
    assert "It works" in rehearsed.panel_text()
    said = f"Remove {ONE}? This mailbox is only pretend. Nothing real is lost."
    assert said == remove(rehearsed, "Cancel")
    assert file.exists()
    assert said == remove(rehearsed, "Remove")
    rehearsed.wait(lambda: not rehearsed.model.rows)
    assert not file.exists()
    assert "It works" not in rehearsed.panel_text()  # it is about a mailbox that is gone
    rehearsed.click(TRY_IT)
    rehearsed.wait(lambda: rehearsed.model.rows and not rehearsed.busy())
    assert [ONE] == rehearsed.addresses()


def test_several_are_one_question(rehearsed: Driven) -> None:
    """One answer removes them all."""
    make_second(rehearsed)
    rehearsed.click_row(0)
    rehearsed.click_row(1, ctrl=True)
    said = "Remove 2 mailboxes? These 2 mailboxes are only pretend. Nothing real is lost."
    assert said == remove(rehearsed, "Remove")
    rehearsed.wait(lambda: not rehearsed.model.rows)


def test_beside_a_real_one_the_question_is_the_real_one(rehearsed: Driven, stage: Stage) -> None:
    """It counts both, and says what is lost."""
    stage.sign_in()
    rehearsed.reload()
    rehearsed.click_row(0)
    rehearsed.click_row(1, ctrl=True)
    said = remove(rehearsed, "Delete only")
    assert said.startswith("Remove 2 mailboxes? The token files of 2 mailboxes will be deleted.")
    rehearsed.wait(lambda: not rehearsed.model.rows)


def test_the_next_start_knows_nothing_of_it(
    rehearsed: Driven, stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Neither its file nor its history is left, and no setting tells of it."""
    file, history = path(rehearsed), file_of(path(rehearsed))
    assert history.exists()
    rehearsed.end()
    assert not file.parent.exists()
    assert not history.exists()
    assert set() == rehearsed.kept()
    assert not stage.own_file.exists()
    again: Driven = make_stage_window(stage)
    assert [] == again.addresses()
    assert [] == list(again.settings.addresses)


def test_its_provider_is_not_offered(rehearsed: Driven) -> None:
    """A pretend mailbox is made by its button alone."""
    providers = rehearsed.named(QComboBox, "Provider")
    texts = [providers.itemText(number) for number in range(providers.count())]
    assert "Demo Mail" in " ".join(texts)
    assert "Pretend provider" not in " ".join(texts)


def test_closing_the_window_asks_nothing(stage: Stage, make_stage_window: MakeWindow) -> None:
    """What is kept fresh for a rehearsal alone is nothing to lose."""
    asked: list[object] = []

    def ask(window: object, closing: object) -> CloseChoice:
        asked.append(closing)
        return CloseChoice.CANCEL

    driven: Driven = make_stage_window(stage, browser=no_browser, ask=ask)
    driven.click(TRY_IT)
    driven.wait(lambda: driven.model.kept_rows)
    driven.window.close()
    assert [] == asked


def test_the_users_own_options_are_not_for_it(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Neither a client secret nor the system's secret store."""
    driven: Driven = make_stage_window(stage, browser=no_browser, environment_secret="hush")
    driven.mailboxes.requests.protect = True
    driven.click(TRY_IT)
    driven.wait(lambda: driven.model.rows and not driven.busy())
    request = driven.mailboxes.requests.for_file(driven.model.rows[0].info)
    assert ("", None) == (request.overrides.secret_from_environment, request.protect)


def test_the_browser_gets_a_page_without_tls(stage: Stage, make_stage_window: MakeWindow) -> None:
    """No browser knows the demo's certificate; the page is opened and shown, also once more."""
    pages: list[str] = []
    opened: list[str] = []

    def browser(page: str, choice: BrowserChoice) -> Open:
        pages.append(page)
        return lambda url: not opened.append(url)  # type: ignore[func-returns-value]

    driven: Driven = make_stage_window(stage, browser=browser)
    waited: list[WaitingForBrowser] = []
    driven.parts.sign_in_task.waiting.connect(waited.append)
    driven.click(TRY_IT)
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Open again")
    driven.wait(lambda: 2 == len(opened))
    assert 1 == len(set(pages))
    assert pages[0].startswith("http://127.0.0.1:")
    assert opened[0].startswith(f"{pages[0]}?")
    assert [opened[0]] * 2 == [opened[1], waited[0].url]
    form = urlencode({"decision": "allow"}).encode()
    with urllib.request.urlopen(opened[0], form) as page:  # noqa: S310  # the address is ours
        page.read()
    driven.wait(lambda: [ONE] == driven.addresses())


def test_the_next_sign_in_ends_its_message(rehearsed: Driven) -> None:
    """It has been read by then."""
    assert "It works" in rehearsed.panel_text()
    rehearsed.type_address("me@demo.example")
    rehearsed.click("Get token")
    assert "It works" not in rehearsed.panel_text()


def test_one_pretend_mailbox_waits_at_a_time(stage: Stage, make_stage_window: MakeWindow) -> None:
    """A second press, by the Program menu, would do nothing; the window says why."""
    driven: Driven = make_stage_window(stage, browser=no_browser)
    driven.click(TRY_IT)
    driven.content.sign_in.rehearse()
    assert "A pretend mailbox already waits for its sign-in." in driven.error()
    driven.wait(lambda: driven.model.rows and not driven.busy())
    assert 1 == len(driven.model.rows)
