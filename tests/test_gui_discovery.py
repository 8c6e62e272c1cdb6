"""The window signs in at a provider that only the address leads to, after one question."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QMessageBox

from core.cancel import Cancellation
from core.events import FoundServer
from discoverable import AUTOCONFIG, Domain, domain_of
from gui.model.asked import ServerAsked
from gui.model.start_arguments import read_start_arguments
from gui.widgets.address_bar import OTHER
from servers import ADDRESS, Stage
from test_discover_command import discovery
from test_gui_accessibility import clashes
from test_gui_options_used import fill, live_window
from window import Driven, MakeWindow


@pytest.fixture
def domain(stage: Stage) -> Iterator[Domain]:
    """A domain that names both servers, at a server that registers everybody."""
    with domain_of(stage) as running:
        running.describe()
        running.take_clients()
        running.publish_autoconfig(f"<oAuth2><issuer>{running.issuer}</issuer></oAuth2>")
        stage.own_file.write_text(discovery(running.issuer + AUTOCONFIG), "utf-8")
        yield running


@pytest.fixture
def asked(domain: Domain, make_window: MakeWindow) -> Driven:
    """A window with the question, after "Get token" with "Other…"."""
    driven = live_window(domain.stage, make_window)
    choose_other(driven)
    driven.type_address(ADDRESS)
    assert [] == domain.asked  # typing asks nobody
    driven.click("Get token")
    driven.wait(lambda: driven.visible(QMessageBox))
    return driven


def choose_other(driven: Driven) -> None:
    """Choose "Other…" in the list of providers."""
    providers = driven.named(QComboBox, "Provider")
    providers.setCurrentIndex(providers.findData(OTHER))


def box(driven: Driven) -> QMessageBox:
    """The question."""
    (found,) = driven.visible(QMessageBox)
    return found


def test_the_question_names_the_host(asked: Driven, domain: Domain) -> None:
    """No page has opened and nothing is registered; Enter doesn't sign in."""
    said = "\n".join(label.text() for label in box(asked).findChildren(QLabel))
    for words in ("Sign in at localhost?", "published for demo.example", "take your password"):
        assert words in said
    assert {"&Sign in there", "&Cancel"} == {button.text() for button in box(asked).buttons()}
    assert "&Cancel" == box(asked).defaultButton().text()
    assert [] == clashes(box(asked))
    assert [] == domain.registered
    assert [] == domain.stage.browser.opened


def test_yes(asked: Driven, domain: Domain) -> None:
    """The token is there, and the provider is in the list from now on."""
    asked.click("Sign in there", box(asked))
    asked.wait(lambda: asked.model.rows and not asked.busy())
    assert ([], 1) == (asked.failed, len(domain.registered))
    providers = asked.named(QComboBox, "Provider")
    asked.wait(lambda: providers.findData(domain.stage.file().provider) > 0)


@pytest.mark.parametrize("way", ["button", "escape"])
def test_no(asked: Driven, domain: Domain, way: str) -> None:
    """As if the user had cancelled the sign-in."""
    if way == "button":
        asked.click("Cancel", box(asked))
    else:
        asked.qtbot.keyClick(box(asked), Qt.Key.Key_Escape)
    asked.wait(lambda: not asked.busy())
    assert [] == domain.registered
    assert [] == domain.stage.browser.opened
    assert not domain.stage.path.exists()


def test_a_cancelled_sign_in(asked: Driven, domain: Domain) -> None:
    """The question goes with it."""
    asked.parts.sign_in_task.cancel()
    asked.wait(lambda: not asked.visible(QMessageBox))
    asked.rest()
    assert [] == domain.registered


def test_nobody_answers() -> None:
    """That is a no."""
    asked = ServerAsked(FoundServer(ADDRESS, "demo.example", "localhost", "localhost"))
    assert not asked.wait(0.4, Cancellation())


def test_the_sign_in_server_as_an_option(domain: Domain, make_window: MakeWindow) -> None:
    """The user has named it, so there is no question."""
    driven = live_window(domain.stage, make_window)
    choose_other(driven)
    fill(driven, **{"Sign-in_server": domain.issuer})
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.model.rows and not driven.busy())
    assert domain.issuer in domain.stage.own_file.read_text("utf-8")


def test_the_window_is_started_with_it(domain: Domain, make_window: MakeWindow) -> None:
    """--discover is "Other…", and --issuer is the option with the sign-in server."""
    driven = live_window(domain.stage, make_window)
    driven.content.startup_request.start(read_start_arguments(["--discover", ADDRESS]))
    driven.wait(lambda: driven.visible(QMessageBox))
    driven.click("Cancel", box(driven))
    driven.wait(lambda: not driven.busy())
    given = read_start_arguments(["--issuer", domain.issuer, ADDRESS])
    assert {"issuer": domain.issuer} == given.fields
