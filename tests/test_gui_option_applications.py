"""The applications in the options: those of the provider that is chosen, or else detected."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from core.mailbox.job import Dependencies
from core.providers.catalog import load_catalog
from core.providers.live_catalog import LiveCatalog
from gui.widgets.address_bar import ProviderBox
from servers import ADDRESS, Stage, mail_servers
from window import SOON, Driven, MakeWindow

GMAIL, OFFICE, UNKNOWN = "you@gmail.com", "you@outlook.com", "you@nowhere.example"
CATALOG = load_catalog()


@pytest.fixture
def driven(make_window: MakeWindow, stage: Stage) -> Driven:
    """A window with the shipped providers."""
    lookups = mail_servers(lambda domain: [])
    dependencies = Dependencies(LiveCatalog(stage.own_file), lookups)
    window: Driven = make_window(dependencies, stage.path.parent)
    return window


def detect(driven: Driven, address: str) -> None:
    """Type an address, and wait for what is said of its provider."""
    with driven.qtbot.waitSignal(driven.parts.provider_lookup.found, timeout=SOON):
        driven.type_address(address)


def applications(driven: Driven) -> QComboBox:
    """The list in the options."""
    [found] = driven.parts.options.dialog.findChildren(QComboBox)
    return found


def offered(driven: Driven) -> list[str]:
    """The names in the list; the first is the default."""
    box = applications(driven)
    return [str(box.itemData(n)) for n in range(box.count())]


def of(name: str) -> list[str]:
    """What the list has for a provider."""
    return ["", *CATALOG.providers[name].applications]


def choose(driven: Driven, application: str) -> None:
    """Choose an application in the list."""
    box = applications(driven)
    box.setCurrentIndex(box.findData(application))


def chosen(driven: Driven) -> str:
    """The application that the next sign-in uses; empty for the default."""
    return driven.parts.options.values().application


def choose_provider(driven: Driven, name: str) -> None:
    """Choose a provider in the list, or "" to detect it."""
    driven.window.address_bar.set_provider(name)


def test_those_of_the_detected_provider_are_offered(driven: Driven) -> None:
    """As if it had been chosen by hand; another address has others, or none."""
    driven.click("Options…")
    assert [""] == offered(driven)
    for address, expected in (
        (GMAIL, of("gmail")),
        (OFFICE, of("office365")),
        (UNKNOWN, [""]),
        (GMAIL, of("gmail")),
        ("you@half", [""]),
    ):
        detect(driven, address)
        assert expected == offered(driven)


def test_a_closed_dialog_has_them_too(driven: Driven) -> None:
    """It is made only when it is opened."""
    detect(driven, GMAIL)
    driven.click("Options…")
    assert of("gmail") == offered(driven)


def test_the_chosen_one_stays_while_it_is_offered(driven: Driven) -> None:
    """It goes with an address whose provider hasn't got it, and so does the mark."""
    common = "imapsync"
    assert common in {*of("gmail")} & {*of("office365")}
    detect(driven, GMAIL)
    driven.click("Options…")
    choose(driven, common)
    detect(driven, OFFICE)
    assert of("office365") == offered(driven)
    assert common == chosen(driven)
    detect(driven, UNKNOWN)
    assert [""] == offered(driven)
    assert "" == chosen(driven)
    assert driven.button("Options…")


def test_a_choice_of_the_provider_counts_more(driven: Driven) -> None:
    """Back at the detection, the application stays until it is known that there is none."""
    detect(driven, GMAIL)
    choose_provider(driven, "office365")
    driven.click("Options…")
    assert of("office365") == offered(driven)
    choose(driven, "imapsync")
    choose_provider(driven, "")
    assert "imapsync" == chosen(driven)
    driven.wait(lambda: of("gmail") == offered(driven))
    assert "imapsync" == chosen(driven)


def test_what_was_typed_stays(driven: Driven) -> None:
    """It may be the name of a new registration, at any provider."""
    driven.click("Options…")
    applications(driven).setEditText("mine")
    for address in (GMAIL, UNKNOWN):
        detect(driven, address)
        assert "mine" == chosen(driven)


def test_the_chosen_one_signs_in_at_the_detected_provider(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The default has another client ID, which the server doesn't know."""
    known = stage.registration
    other = replace(known, application="other", application_label="Other", client_id="of-nobody")
    both = {"other": other, "demo": known}
    stage.provider = replace(stage.provider, applications=both, default_application="other")
    driven = make_stage_window(stage)
    detect(driven, ADDRESS)
    driven.click("Options…")
    assert ["", "other", "demo"] == offered(driven)
    choose(driven, "demo")
    driven.click("Get token", driven.parts.options.dialog)
    driven.wait(lambda: stage.path.exists() and not driven.busy())
    assert f"client_id={stage.server.client_id}" in stage.browser.opened[0]
    assert ("demo", "demo") == (stage.file().provider, stage.file().application)


def test_without_an_address_the_options_make_room(driven: Driven) -> None:
    """They may cover the field, and what the bar says; what is set stays."""
    driven.click("Options…")
    applications(driven).setEditText("mine")
    driven.click("Get token", driven.parts.options.dialog)
    assert not driven.parts.options.dialog.isVisible()
    assert "Enter the address of the mailbox first" == driven.parts.message_bar.message.headline
    assert "mine" == chosen(driven)


def test_two_with_the_same_label(make_window: MakeWindow, stage: Stage) -> None:
    """Each can be chosen: its name follows the label."""
    stage.own_file.parent.mkdir(parents=True, exist_ok=True)
    ones = "\n".join(
        f'[providers.gmail.applications.{name}]\nlabel = "Our tool"\nclient_id = "{name}"'
        for name in ("first", "second")
    )
    stage.own_file.write_text(ones, "utf-8")
    lookups = mail_servers(lambda domain: [])
    driven = make_window(Dependencies(LiveCatalog(stage.own_file), lookups), stage.path.parent)
    choose_provider(driven, "gmail")
    driven.click("Options…")
    for name in ("second", "first"):
        choose(driven, name)
        assert name == chosen(driven)
        assert f"Our tool ({name})" == applications(driven).currentText()


def test_the_two_biggest_are_named_whole(driven: Driven) -> None:
    """The closed list is as wide as they need."""
    (box,) = driven.window.address_bar.findChildren(ProviderBox)
    for name in ("gmail", "office365"):
        choose_provider(driven, name)
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        room = box.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
        )
        assert box.fontMetrics().horizontalAdvance(box.currentText()) <= room.width()
