"""The window around the list: address bar, waiting panel, errors, settings, tasks."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QSpinBox,
    QToolButton,
)

from core.errors import as_error
from core.mailbox.job import Dependencies
from core.providers.detection import Mx
from core.providers.live_catalog import LiveCatalog
from core.verdicts import local_commands, local_settings
from servers import ADDRESS, AT_ONCE, MakeStage, Stage, no_dns
from test_gui_mailboxes import Clock
from window import Driven, MakeWindow, no_mx

SECRET = "from-the-environment"
MX = [Mx(10, "mx.demo.example")]


class Dns:
    """Name servers that can be slow for some domains."""

    def __init__(self, *slow: str) -> None:
        """`slow` domains get an answer only after `answer`."""
        self.asked: list[str] = []
        self._gates = {domain: threading.Event() for domain in slow}

    def __call__(self, domain: str, timeout: float) -> list[Mx]:
        """Resolve a domain, in place of the system's resolver."""
        self.asked.append(domain)
        if domain in self._gates:
            self._gates[domain].wait(20)
        return []

    def answer(self, domain: str) -> None:
        """Let a slow domain get its answer."""
        self._gates[domain].set()


@pytest.fixture
def slow_dns() -> Iterator[Dns]:
    """Return name servers with one slow domain; it gets its answer at the end of the test."""
    dns = Dns("slow.example")
    yield dns
    dns.answer("slow.example")


def found(driven: Driven) -> str:
    """Return what the window says about the address."""
    return driven.label("detected_provider").text()


def waits(stage: Stage, make_stage_window: MakeWindow) -> Driven:
    """Return a window that waits for a browser which never answers."""
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    return driven


def test_the_provider_is_found_when_typing_pauses(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It is looked up after a pause, not at every letter, and only for a whole address."""
    dns = Dns()
    driven = make_stage_window(stage, resolve_mx=dns)
    driven.type_address("you@nowhere.example")
    assert ("", []) == (found(driven), dns.asked)
    driven.wait(lambda: "has no server that receives mail" in found(driven))
    assert "Choose the provider in the list." in found(driven)
    driven.type_address(ADDRESS)
    driven.wait(lambda: found(driven).startswith("Demo Mail (demo.example is one of"))
    driven.type_address("you@half")
    driven.wait(lambda: "" == found(driven))
    assert ["nowhere.example"] == dns.asked


def test_typing_goes_on_while_a_name_server_is_slow(
    stage: Stage, make_stage_window: MakeWindow, slow_dns: Dns
) -> None:
    """Nothing blocks, and the late answer to an earlier question is dropped."""
    driven = make_stage_window(stage, resolve_mx=slow_dns)
    driven.type_address("you@slow.example")
    driven.wait(lambda: ["slow.example"] == slow_dns.asked)
    began = time.monotonic()
    driven.type_address(ADDRESS)
    assert time.monotonic() - began < AT_ONCE  # the name server has 20 s
    driven.wait(lambda: "Demo Mail" in found(driven))
    slow_dns.answer("slow.example")
    driven.rest()
    assert "Demo Mail" in found(driven)


def test_a_chosen_provider_is_no_question(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Nothing is looked up then; "Other…" asks for its endpoints, without taking the focus."""
    dns = Dns()
    driven = make_stage_window(stage, resolve_mx=dns)
    providers = driven.named(QComboBox, "Provider")
    texts = [providers.itemText(n) for n in range(providers.count())]
    assert ["Detect automatically", "Demo Mail", "Other…"] == texts
    providers.setFocus()
    driven.qtbot.keyClick(providers, Qt.Key.Key_Down)
    driven.type_address("you@nowhere.example")
    driven.qtbot.wait(600)
    assert ("", []) == (found(driven), dns.asked)
    providers.setFocus()
    driven.qtbot.keyClick(providers, Qt.Key.Key_Down)
    assert 'Describe this provider under "Options…".' == found(driven)
    assert providers.hasFocus()
    driven.click("Get token")
    driven.wait(lambda: driven.named(QLineEdit, "Client ID").hasFocus())
    assert not driven.busy()


def test_enter_presses_the_button(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The button becomes Cancel, and the fields are locked while a sign-in runs."""
    stage.browser.visits_pages = False
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_Return)
    assert driven.busy()
    assert not driven.address_field().isEnabled()
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Cancel")
    assert driven.button("Get token").isEnabled()
    assert driven.address_field().isEnabled()
    assert "Sign-in cancelled" in driven.status()


def test_an_unknown_provider_is_not_taken_for_a_known_one(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Where the MX record belongs to none in the list, none of them is advised."""
    mx = [Mx(10, "mail.own.example")]
    driven = make_stage_window(stage, resolve_mx=lambda domain, timeout: mx)
    driven.window.address_bar.set_address("you@own.example")
    driven.wait(lambda: "does not belong to a provider" in found(driven))
    assert "Choose the provider in the list" not in found(driven)
    assert 'choose "Other…" in the list.' in found(driven)


@pytest.mark.parametrize(
    "text", [f"<{ADDRESS}>;", f"\ufeffmailto:{ADDRESS}\r\n", f"Jane Doe <{ADDRESS}>"]
)
def test_a_pasted_address_is_taken(stage: Stage, make_stage_window: MakeWindow, text: str) -> None:
    """The field takes an address in each form that core/address.py takes."""
    driven = make_stage_window(stage)
    driven.window.address_bar.set_address(text)
    driven.wait(lambda: found(driven).startswith("Demo Mail (demo.example is one of"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is not an e-mail address. "),
        ("you", "This is not an e-mail address. "),
        ("you@", "you@ is not an e-mail address. "),
        ("a b@demo.example", "The address a b@demo.example has a character "),
        ("you@gmail", "The address you@gmail has no valid domain "),
    ],
)
def test_a_wrong_address_is_said_in_the_window(
    stage: Stage, make_stage_window: MakeWindow, text: str, said: str
) -> None:
    """The error panel says so and shows what was read; there is no message box."""
    driven = make_stage_window(stage)
    driven.type_address(text)
    driven.click("Get token")
    assert driven.error().startswith(f"Error: {said}")
    assert [] == driven.window.findChildren(QMessageBox)
    assert not driven.busy()
    driven.click("Close")
    assert "" == driven.error()


def test_an_old_error_goes_with_the_next_letter(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """What is typed now may be right; an error of something else stays."""
    driven = make_stage_window(stage)
    driven.type_address("you")
    driven.click("Get token")
    assert "is not an e-mail address" in driven.error()
    driven.qtbot.keyClicks(driven.address_field(), "@")
    assert "" == driven.error()
    driven.parts.message_bar.show_error(as_error(local_commands.AUTOSTART_NOT_CHANGED))
    driven.qtbot.keyClicks(driven.address_field(), "x")
    assert "" != driven.error()


@pytest.mark.parametrize("is_offline", [False, True])
def test_a_misspelled_domain_is_corrected_by_a_button(
    stage: Stage, make_stage_window: MakeWindow, is_offline: bool
) -> None:
    """Also where no name server answers; the address itself is never changed unasked."""

    def resolve(domain: str, timeout: float) -> list[Mx]:
        if is_offline:
            raise as_error(local_settings.NAME_SERVERS_SILENT, domain=domain)
        return [Mx(10, "mx.squatter.example")]

    driven = make_stage_window(stage, resolve_mx=resolve)
    driven.type_address("jane@gmial.com")
    driven.wait(lambda: "Did you mean jane@gmail.com?" in found(driven))
    assert "jane@gmial.com" == driven.address_field().text()
    driven.click("Use jane@gmail.com")
    assert "jane@gmail.com" == driven.address_field().text()
    assert driven.address_field().hasFocus()
    driven.wait(lambda: "Did you mean" not in found(driven))
    assert not [b for b in driven.visible(QAbstractButton) if "jane" in b.text()]


def test_an_unknown_domain_is_said_in_the_window(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The sign-in ends before a browser opens."""
    driven = make_stage_window(stage, resolve_mx=no_mx)
    driven.type_address("you@nowhere.example")
    driven.click("Get token")
    driven.wait(driven.error)
    assert "has no server that receives mail" in driven.error()
    assert not driven.busy()
    assert [] == stage.browser.opened


def test_cancel_during_detection(
    stage: Stage, make_stage_window: MakeWindow, slow_dns: Dns
) -> None:
    """Neither the user nor the next sign-in waits for the name server."""
    driven = make_stage_window(stage, resolve_mx=slow_dns)
    driven.type_address("you@slow.example")
    driven.click("Get token")
    driven.wait(lambda: slow_dns.asked)
    driven.click("Cancel")
    assert not driven.busy()
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: ["Fresh"] == driven.states())
    slow_dns.answer("slow.example")
    driven.rest()
    assert ("", 1) == (driven.error(), len(stage.browser.opened))


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
    driven = make_window(Dependencies(LiveCatalog(own), no_dns, time.time), tmp_path / "tokens")
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

    def broken(domain: str, timeout: float) -> list[Mx]:
        raise ZeroDivisionError("something private")

    driven = make_stage_window(stage, resolve_mx=broken)
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


def test_waiting_says_what_to_do_and_counts_down(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It names the application that asks, and shows the time left."""
    driven = waits(stage, make_stage_window)
    said = " ".join(label.text() for label in driven.visible(QLabel))
    assert f"Sign in as {ADDRESS}." in said
    assert 'asks you to allow "Demo". That is expected' in said
    left = driven.named(QProgressBar, "Time left to sign in")
    first = left.value()
    assert 15 <= first <= 300
    driven.wait(lambda: left.value() < first)
    assert f"{left.value() // 60}:{left.value() % 60:02} left" == left.text()
    driven.click("Cancel")
    assert not driven.parts.waiting.isVisible()


def test_the_link_is_opened_again_and_copied(stage: Stage, make_stage_window: MakeWindow) -> None:
    """It is the same link, since it belongs to this sign-in."""
    driven = waits(stage, make_stage_window)
    driven.wait(lambda: 1 == len(stage.browser.opened))
    driven.click("Open again")
    assert 2 == len(stage.browser.opened)
    assert 1 == len(set(stage.browser.opened))
    driven.click("Copy the link")
    assert stage.browser.opened[0] == QGuiApplication.clipboard().text()
    stage.browser.starts = False
    driven.click("Open again")
    assert "No browser could be started" in driven.status()


@pytest.mark.parametrize(
    ("pasted", "words"),
    [("I don't know", "not an answer"), (ADDRESS, "An e-mail address was pasted")],
)
def test_something_else_is_pasted(
    stage: Stage, make_stage_window: MakeWindow, pasted: str, words: str
) -> None:
    """The reason is shown at once, and goes with the next letter."""
    driven = waits(stage, make_stage_window)
    field = driven.named(QLineEdit, "Address of the last page, or the code")
    told = driven.label("paste_refused")
    assert not driven.button("Continue").isEnabled()
    driven.type_into(field, pasted)
    driven.click("Continue")
    driven.wait(lambda: told.isVisible() and words in told.text())
    assert driven.busy()
    assert field.hasFocus()
    assert field.hasSelectedText()
    driven.qtbot.keyClicks(field, "x")
    assert not told.isVisible()


def test_the_demo(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The whole sign-in without an account; its address isn't remembered."""
    driven = make_stage_window(stage, browser=lambda: None)
    driven.click("Try it with a pretend mailbox")
    assert driven.busy()
    driven.wait(lambda: not driven.busy())
    assert ("", []) == (driven.error(), driven.failed)
    assert "The demo was successful" in driven.status()
    assert ([], []) == (list(driven.settings.addresses), driven.addresses())


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
    driven.wait(lambda: f"{ADDRESS} signed in" in driven.parts.log_pane.text())
    assert not [s for s in stage.server.issued if s in driven.parts.log_pane.text()]


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
