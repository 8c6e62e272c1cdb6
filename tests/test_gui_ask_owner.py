"""Asking the owner of a mailbox to sign in elsewhere, in the window."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox, QPlainTextEdit

from core.mailbox.ask_owner import open_requests_of
from core.model import FlowKind
from core.open_requests.open_request import OpenRequest
from faulty_servers.imap_server import Behaviour
from gui.widgets.request_dialog import RequestDialog
from in_language import shown_as
from servers import ADDRESS, MakeStage, Stage
from test_ask_owner import Clock, answer_to
from test_gui_accessibility import clashes, nameless
from test_sign_in import SCOPES, refusal
from window import Driven, MakeWindow

ASK = "Ask somebody else to sign in…"
OTHER = "other@demo.example"
FIELD = "Address that the owner has sent"


@pytest.fixture
def clock() -> Clock:
    """The time of the program."""
    return Clock()


@pytest.fixture
def stage(make_stage: MakeStage, clock: Clock) -> Stage:
    """A provider whose last page nobody here receives."""
    return make_stage(redirect_uri="http://localhost", clock=clock)


def choose_in_menu(driven: Driven, text: str) -> None:
    """Choose from the menu of the program."""
    actions = driven.window.program_menu.actions()
    next(a for a in actions if a.text().replace("&", "") in shown_as(text)).trigger()


def dialog_of(driven: Driven) -> RequestDialog:
    """The dialog, once it is there."""
    driven.wait(lambda: driven.visible(RequestDialog))
    return driven.visible(RequestDialog)[0]


def asked(driven: Driven, address: str = ADDRESS) -> RequestDialog:
    """The dialog of a new request."""
    driven.type_address(address)
    choose_in_menu(driven, ASK)
    return dialog_of(driven)


def open_request(stage: Stage) -> OpenRequest:
    """The one open request."""
    (request,) = open_requests_of(stage.job()).all()
    return request


def paste(driven: Driven, text: str) -> None:
    """Paste the answer, and go on."""
    driven.type_into(driven.named(QLineEdit, FIELD), text)
    driven.click("Continue")


def told(driven: Driven) -> str:
    """What the dialog says below the field."""
    return driven.label("answer_told").text()


def test_the_text_is_copied(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The whole text, or the link alone."""
    driven = make_stage_window(stage)
    dialog = asked(driven)
    text = driven.named(QPlainTextEdit, "Text for the owner").toPlainText()
    assert f"Please sign in to the mailbox {ADDRESS}" in text
    driven.click("Copy the text", dialog)
    assert text == QGuiApplication.clipboard().text()
    driven.click("Copy the link", dialog)
    link = QGuiApplication.clipboard().text()
    assert link.startswith(stage.server.authorize_uri)
    assert link in text.splitlines()


def test_an_answer_in_another_window(
    stage: Stage, make_stage_window: MakeWindow, clock: Clock
) -> None:
    """The request survives the window; hours later its answer is pasted into the next one."""
    first = make_stage_window(stage)
    asked(first)
    first.end()
    clock.now += 20 * 3600
    driven = make_stage_window(stage)
    driven.wait(lambda: driven.parts.request_strip.isVisible())
    driven.click("Paste the answer…")
    dialog = dialog_of(driven)
    paste(driven, answer_to(stage, open_request(stage)))
    driven.wait(lambda: driven.addresses() == [ADDRESS])
    assert not dialog.isVisible()
    assert ADDRESS == stage.server.account_of(stage.file().access)
    driven.wait(lambda: not driven.parts.request_strip.isVisible())


def test_a_wrong_paste(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The dialog says what it is; the right answer still counts."""
    driven = make_stage_window(stage)
    asked(driven, OTHER)
    foreign = answer_to(stage, open_request(stage))
    driven.click("Cancel the request")
    driven.wait(lambda: [] == open_requests_of(stage.job()).all())
    asked(driven)
    paste(driven, foreign)
    driven.wait(lambda: "This answer belongs to another sign-in." in told(driven))
    paste(driven, answer_to(stage, open_request(stage)))
    driven.wait(lambda: driven.addresses() == [ADDRESS])


@pytest.mark.parametrize(
    ("answer", "saved"),
    [("Sign in again", False), ("Cancel", False), ("Save the shared mailbox", True)],
)
def test_another_account(
    stage: Stage, make_stage_window: MakeWindow, answer: str, saved: bool
) -> None:
    """The window asks; unless it is right, nothing is saved, and the request stays open."""
    driven = make_stage_window(stage)
    asked(driven)
    stage.mailbox.behaviour = Behaviour.REFUSE
    stage.server.id_token_account = OTHER
    paste(driven, answer_to(stage, open_request(stage)))
    driven.wait(lambda: driven.visible(QMessageBox))
    driven.click(answer, driven.visible(QMessageBox)[0])
    if saved:
        driven.wait(lambda: driven.addresses() == [ADDRESS])
        assert OTHER == stage.file().login_hint
        return
    driven.wait(lambda: "The request stays open until" in told(driven))
    assert OTHER in told(driven)
    assert not stage.path.exists()
    assert ADDRESS == open_request(stage).address


def test_consent_is_refused(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """The dialog says so, and shows the new link."""
    stage = make_stage(flow=FlowKind.MICROSOFT, scopes=SCOPES, redirect_uri="http://localhost")
    driven = make_stage_window(stage)
    asked(driven)
    text = driven.named(QPlainTextEdit, "Text for the owner")
    assert "openid" in text.toPlainText()
    stage.server.faults.append(refusal(65001))
    paste(driven, answer_to(stage, open_request(stage)))
    driven.wait(lambda: "openid" not in text.toPlainText())
    assert "has a new link now" in told(driven)
    paste(driven, answer_to(stage, open_request(stage)))
    driven.wait(lambda: driven.addresses() == [ADDRESS])


def test_two_requests(stage: Stage, make_stage_window: MakeWindow, clock: Clock) -> None:
    """The strip counts them, and the dialog offers both; a click shows the other one."""
    driven = make_stage_window(stage)
    for address in (ADDRESS, OTHER):
        asked(driven, address).close()
        clock.now += 60
    strip = driven.parts.request_strip
    words = "Waiting for the answers of 2 owners."
    driven.wait(lambda: words in [label.text() for label in strip.findChildren(QLabel)])
    driven.click("Paste the answer…")
    dialog = dialog_of(driven)
    text = driven.named(QPlainTextEdit, "Text for the owner")
    driven.wait(lambda: f"Sign in as {ADDRESS}." in text.toPlainText())
    (mailboxes,) = dialog.findChildren(QComboBox)
    driven.qtbot.keyClick(mailboxes, Qt.Key.Key_Down)
    driven.wait(lambda: f"Sign in as {OTHER}." in text.toPlainText())
    driven.click("Cancel the request")
    requests = open_requests_of(stage.job())
    driven.wait(lambda: [ADDRESS] == [request.address for request in requests.all()])


def test_a_mailbox_of_the_list(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its owner is asked by the menu of its row."""
    stage.sign_in()
    driven = make_stage_window(stage)
    driven.click_row(0)
    driven.act("Ask the owner to sign in…")
    dialog_of(driven)
    assert str(stage.path) == open_request(stage).token_file


def test_no_address(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The bar says what is missing, and the user can type it; so does a sign-in."""
    driven = make_stage_window(stage)
    stage.sign_in()
    driven.reload()
    for ask in (partial(choose_in_menu, driven, ASK), partial(driven.click, "Get token")):
        driven.click_row(0)
        ask()
        assert "Error: Enter the address of the mailbox first." == driven.error()
        assert driven.address_field().hasFocus()
        driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_A)
        assert "" == driven.error()
        driven.address_field().clear()


@pytest.mark.usefixtures("every_language")
def test_names_and_keys(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The dialog and the strip can be used without a mouse, and with a screen reader."""
    driven = make_stage_window(stage)
    dialog = asked(driven)
    assert [] == nameless(dialog)
    assert [] == clashes(dialog)
    dialog.close()
    driven.wait(lambda: driven.parts.request_strip.isVisible())
    assert [] == nameless(driven.window)
