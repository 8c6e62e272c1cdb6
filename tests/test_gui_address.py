"""The address and the provider: what is looked up, refused, corrected, and when."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QMessageBox,
)

from core.detection.question import Lookups
from core.errors import as_error
from core.mailbox.job import Dependencies
from core.providers.live_catalog import LiveCatalog
from core.verdicts import local_commands, local_settings
from gui.model.bar_message import note_message
from servers import ADDRESS, AT_ONCE, NO_DNS, Stage, mail_servers, no_page
from window import Driven, MakeWindow

SECRET = "from-the-environment"


class Dns:
    """Name servers that can be slow for some domains."""

    def __init__(self, *slow: str) -> None:
        """`slow` domains get an answer only after `answer`."""
        self.asked: list[str] = []
        self._gates = {domain: threading.Event() for domain in slow}

    def __call__(self, domain: str) -> list[str]:
        """Return the MX records of a domain."""
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


def test_the_provider_is_found_when_typing_pauses(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """It is looked up after a pause, not at every letter, and only for a whole address."""
    dns = Dns()
    driven = make_stage_window(stage, lookups=mail_servers(dns))
    driven.type_address("you@nowhere.example")
    assert ("", []) == (found(driven), dns.asked)
    driven.wait(lambda: "has no server that receives mail" in found(driven))
    assert "Choose the provider in the list." in found(driven)
    driven.type_address(ADDRESS)
    driven.wait(lambda: found(driven).startswith("Demo Mail (demo.example is Demo Mail"))
    driven.type_address("you@half")
    driven.wait(lambda: "" == found(driven))
    assert ["nowhere.example"] == dns.asked


def test_typing_goes_on_while_a_name_server_is_slow(
    stage: Stage, make_stage_window: MakeWindow, slow_dns: Dns
) -> None:
    """Nothing blocks, and the late answer to an earlier question is dropped."""
    driven = make_stage_window(stage, lookups=mail_servers(slow_dns))
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
    """Nothing is looked up then; "Other…" says who is asked then, without taking the focus."""
    dns = Dns()
    driven = make_stage_window(stage, lookups=mail_servers(dns))
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
    assert "The address's domain is asked" in found(driven)
    assert providers.hasFocus()
    driven.click("Get token")
    driven.wait(lambda: driven.failed)
    assert "nothing_discovered" == driven.failed[0].verdict.id
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
    lookups = mail_servers(lambda domain: ["10 mail.own.example"])
    driven = make_stage_window(stage, lookups=lookups)
    driven.window.address_bar.set_address("you@own.example")
    driven.wait(lambda: "does not belong to a provider" in found(driven))
    assert "Choose the provider in the list" not in found(driven)
    assert 'choose "Other…" in the list.' in found(driven)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("you@doubt.example", "perhaps Gmail, Google Workspace (gmail) or Office 365, Outlook.com"),
        ("you@doubt.example", "Choose the provider in the list."),
        ("you@icloud.com", "Apple iCloud doesn't offer OAuth2 for IMAP."),
        ("you@icloud.com", "Use imapsync with an app password: https://support.apple.com/102654."),
    ],
)
def test_what_the_user_has_to_do_is_said(
    make_window: MakeWindow, tmp_path: Path, address: str, said: str
) -> None:
    """A doubt names the candidates; a provider without OAuth2 has a page on app passwords."""
    spf = ["v=spf1 include:_spf.google.com include:spf.protection.outlook.com"]
    answers = {"MX": ["10 mx1.doubt.pphosted.com"], "TXT": spf}
    lookups = Lookups(lambda name, kind, timeout: answers.get(kind, []), no_page)
    dependencies = Dependencies(LiveCatalog(tmp_path / "providers.toml"), lookups)
    driven = make_window(dependencies, tmp_path / "tokens")
    driven.window.address_bar.set_address(address)
    driven.wait(lambda: said in found(driven))


@pytest.mark.parametrize(
    "text", [f"<{ADDRESS}>;", f"\ufeffmailto:{ADDRESS}\r\n", f"Jane Doe <{ADDRESS}>"]
)
def test_a_pasted_address_is_taken(stage: Stage, make_stage_window: MakeWindow, text: str) -> None:
    """The field takes an address in each form that core/address.py takes."""
    driven = make_stage_window(stage)
    driven.window.address_bar.set_address(text)
    driven.wait(lambda: found(driven).startswith("Demo Mail (demo.example is Demo Mail"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter the address of the mailbox first."),
        ("you", "This is not an e-mail address. "),
        ("you@", "you@ is not an e-mail address. "),
        ("a b@demo.example", "The address a b@demo.example has a space in it"),
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

    def mx(domain: str) -> list[str]:
        if is_offline:
            raise as_error(local_settings.NAME_SERVERS_SILENT, domain=domain)
        return ["10 mx.squatter.example"]

    driven = make_stage_window(stage, lookups=mail_servers(mx))
    driven.type_address("jane@gmial.com")
    driven.wait(lambda: "Did you mean jane@gmail.com?" in found(driven))
    assert "jane@gmial.com" == driven.address_field().text()
    driven.click("Use jane@gmail.com")
    assert "jane@gmail.com" == driven.address_field().text()
    assert driven.address_field().hasFocus()
    driven.wait(lambda: "Did you mean" not in found(driven))
    assert not [b for b in driven.visible(QAbstractButton) if "jane" in b.text()]


def test_a_domain_without_its_end(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The end of a well-known one is offered while the user types; of another one, nothing is."""
    driven = make_stage_window(stage)
    driven.type_address("jane@gmail")
    driven.wait(lambda: "Did you mean jane@gmail.com?" == found(driven))
    driven.type_address("jane@company")
    driven.wait(lambda: "" == found(driven))
    driven.type_address("jane@outlook")
    driven.wait(lambda: driven.shows("Use jane@outlook.com"))
    driven.click("Use jane@outlook.com")
    assert "jane@outlook.com" == driven.address_field().text()


@pytest.mark.parametrize("is_quick", [False, True])
def test_a_domain_that_is_not_known_is_told_of_once(
    stage: Stage, make_stage_window: MakeWindow, is_quick: bool
) -> None:
    """The bar answers the press; the field keeps the address that was probably meant."""
    driven = make_stage_window(stage, lookups=NO_DNS)
    driven.type_address("jane@gmial.com")
    if not is_quick:
        driven.wait(lambda: "has no server that receives mail" in found(driven))
    driven.click("Get token")
    driven.wait(driven.error)
    assert "gmial.com has no server that receives mail" in driven.error()
    assert "Did you mean jane@gmail.com?" == found(driven)
    driven.click("Close")
    driven.wait(lambda: "gmial.com has no server that receives mail" in found(driven))
    driven.click("Get token")
    driven.wait(driven.error)
    bar = driven.parts.message_bar
    bar.clear()  # as by a later sign-in
    bar.show_warning(note_message("The copy has failed"))
    driven.click("Close")  # is not about the address
    driven.rest()
    assert "Did you mean jane@gmail.com?" == found(driven)
    driven.click("Get token")
    driven.wait(driven.error)
    driven.click("Use jane@gmail.com")
    driven.wait(lambda: "" == found(driven) or "gmial" not in found(driven))
    assert "" == driven.error()  # what was told of the other address is over


def test_a_domain_without_a_mail_server_is_told_of_once(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Also if no other one is similar; what was found for another address stays."""
    driven = make_stage_window(stage, lookups=NO_DNS)
    driven.type_address("you@nowhere.example")
    driven.wait(lambda: "has no server that receives mail" in found(driven))
    driven.click("Get token")
    driven.wait(driven.error)
    assert "" == found(driven)


def test_an_unknown_domain_is_said_in_the_window(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The sign-in ends before a browser opens."""
    driven = make_stage_window(stage, lookups=NO_DNS)
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
    driven = make_stage_window(stage, lookups=mail_servers(slow_dns))
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


def test_long_names_leave_room_for_the_address(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The list of providers is as wide as they are, the closed box isn't."""
    driven = make_stage_window(stage)
    box = driven.named(QComboBox, "Provider")
    before = driven.address_field().width()
    name = "The mail of an institute with a very long name, for its members"
    driven.window.address_bar.offer_providers([("long", name)])
    driven.rest()
    assert before == driven.address_field().width()
    box.showPopup()
    assert box.view().width() >= box.fontMetrics().horizontalAdvance(name)
    box.hidePopup()


def test_the_address_has_an_arrow_once_there_is_a_choice(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """Before, it is a plain field over the whole width, and a click there opens nothing."""
    driven = make_stage_window(stage)
    box = driven.named(QComboBox, "Address")
    edit = driven.address_field()
    assert (edit.geometry(), True) == (box.rect(), edit.hasFrame())
    driven.window.resize(driven.window.width() + 50, driven.window.height())
    QApplication.processEvents()
    assert edit.geometry() == box.rect()
    end = QPoint(box.width() - 8, box.height() // 2)
    driven.qtbot.mouseClick(edit, Qt.MouseButton.LeftButton, pos=end)
    assert not box.view().isVisible()
    driven.type_address("me@demo.example")
    driven.window.address_bar.offer_addresses([ADDRESS])
    assert "me@demo.example" == edit.text()
    assert not edit.hasFrame()
    assert edit.geometry().right() < end.x()
    driven.qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=end)
    driven.wait(box.view().isVisible)
    box.hidePopup()
