"""The options in a window: they count for one sign-in, and what worked is offered by its name."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from core.mailbox.job import Dependencies
from core.providers.live_catalog import LiveCatalog
from gui.model.option_values import OptionValues
from gui.widgets.address_bar import OTHER
from servers import ADDRESS, NO_DNS, Stage
from window import Driven, MakeWindow

OPTIONS, SET = "Options…", "Options (set)…"
_OWN_PROVIDER = """
[providers.acme]
label = "Acme"
authorize_uri = "{authorize_uri}"
token_uri = "{token_uri}"
scopes = {scopes}
imap_host = "{imap_host}"
imap_port = {imap_port}

[providers.acme.applications.first]
client_id = "of-somebody-else"
"""


def fill(driven: Driven, **texts: str) -> None:
    """Open the options and fill fields by their accessible names, as `Client_ID="x"`."""
    driven.click(SET if driven.parts.options.values() != OptionValues() else OPTIONS)
    for name, text in texts.items():
        driven.type_into(driven.named(QLineEdit, name.replace("_", " ")), text)
    driven.click("Close")


def test_what_belongs_to_one_sign_in_is_not_used_for_the_next(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """After it has worked, all is empty and the mark at the button is gone."""
    stage.server.id_token_account = "me@demo.example"
    driven = make_stage_window(stage)
    fill(driven, Scope="mail openid", Redirect_URI="http://localhost/")
    driven.parts.options.dialog.show_values(
        OptionValues(login_hint="me@demo.example", client_id=stage.server.client_id)
    )
    assert driven.button(SET)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: stage.path.exists() and not driven.busy())
    assert "me@demo.example" == stage.file().login_hint
    assert OptionValues() == driven.parts.options.values()
    assert driven.button(OPTIONS)


def test_the_options_of_a_failed_sign_in_are_not_used_for_another_address(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """The dialog is closed, and the next mailbox may be at another provider."""
    driven = make_stage_window(stage)
    stage.browser.visits_pages = False
    fill(driven, Client_ID="of-another-provider")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: stage.browser.opened)
    assert "client_id=of-another-provider" in stage.browser.opened[0]
    driven.click("Cancel")
    assert driven.button(SET)  # the same mailbox may be tried again
    driven.type_address(f"other.{ADDRESS}")
    driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_Return)  # before the look-up
    driven.wait(lambda: 2 == len(stage.browser.opened))
    assert "client_id=of-another-provider" not in stage.browser.opened[1]
    assert f"client_id={stage.server.client_id}" in stage.browser.opened[1]


def test_they_go_when_another_address_is_typed(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The mark goes too; options that no sign-in has used stay."""
    driven = make_stage_window(stage)
    stage.browser.visits_pages = False
    fill(driven, Client_ID="one")
    driven.type_address(f"other.{ADDRESS}")
    driven.wait(lambda: "Demo Mail" in driven.label("detected_provider").text())
    assert driven.button(SET)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Cancel")
    driven.type_address(ADDRESS)
    driven.wait(lambda: OptionValues() == driven.parts.options.values())
    assert driven.button(OPTIONS)


def test_another_choice_of_the_provider_is_no_change_of_the_options(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """They still belong to the address that has used them."""
    driven = make_stage_window(stage)
    stage.browser.visits_pages = False
    fill(driven, Client_ID="one")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Cancel")
    driven.window.address_bar.set_provider("demo")
    driven.content.sign_in.offer_providers()
    driven.type_address(f"other.{ADDRESS}")
    driven.qtbot.keyClick(driven.address_field(), Qt.Key.Key_Return)
    driven.wait(lambda: 2 == len(stage.browser.opened))
    assert "client_id=one" not in stage.browser.opened[1]


def test_another_sign_in_leaves_what_the_user_fills_in(
    stage: Stage, make_stage_window: MakeWindow
) -> None:
    """A sign-in from the list or from a script is not the one of these options."""
    stage.sign_in()
    stage.browser.opened.clear()
    driven = make_stage_window(stage)
    fill(driven, Client_ID="for-the-next")
    driven.content.sign_in.sign_in_again([stage.path])
    driven.wait(lambda: stage.browser.opened and not driven.busy())
    assert "for-the-next" == driven.parts.options.values().client_id


def live_window(stage: Stage, make_window: MakeWindow) -> Driven:
    """Return a window that reads its providers from the user's own file."""
    dependencies = Dependencies(LiveCatalog(stage.own_file), NO_DNS, stage.clock, stage.store)
    driven: Driven = make_window(
        dependencies,
        stage.path.parent,
        browser=lambda page, choice: stage.browser,
        ca_file=stage.ca_file,
    )
    return driven


def described(stage: Stage) -> dict[str, str]:
    """Return what the user enters for the provider of the stage."""
    known = stage.registration
    return {
        "Client_ID": known.client_id,
        "Authorization_endpoint": known.authorize_uri,
        "Token_endpoint": known.token_uri,
        "Scope": " ".join(known.scopes),
        "IMAP_server": known.imap_host,
        "Port": str(known.imap_port),
    }


def test_a_described_provider_is_offered_by_its_name(stage: Stage, make_window: MakeWindow) -> None:
    """After the sign-in with "Other…" it is in the list, with its application."""
    driven = live_window(stage, make_window)
    providers = driven.named(QComboBox, "Provider")
    providers.setCurrentIndex(providers.findData(OTHER))
    fill(driven, **described(stage))
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.model.rows and not driven.busy())
    name = stage.file().provider
    driven.wait(lambda: providers.findData(name) > 0)
    providers.setCurrentIndex(providers.findData(name))
    driven.click(OPTIONS)
    offered = driven.named(QComboBox, "Application")
    known = [offered.itemData(n) for n in range(offered.count())]
    assert ["", stage.file().application] == known


def test_an_own_registration_is_offered_by_its_name(stage: Stage, make_window: MakeWindow) -> None:
    """A second client ID of a provider becomes another application of it."""
    stage.own_file.write_text(_OWN_PROVIDER.format_map(vars_of(stage)), "utf-8")
    driven = live_window(stage, make_window)
    providers = driven.named(QComboBox, "Provider")
    providers.setCurrentIndex(providers.findData("acme"))
    fill(driven, Client_ID=stage.server.client_id)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.model.rows and not driven.busy())
    own = stage.file().application
    assert "first" != own
    driven.click(OPTIONS)
    offered = driven.named(QComboBox, "Application")
    driven.wait(lambda: offered.findData(own) > 0)
    assert offered.findData("first") > 0


def vars_of(stage: Stage) -> dict[str, str]:
    """Return the fields of a provider at the stage's servers."""
    known = stage.registration
    return {
        "authorize_uri": known.authorize_uri,
        "token_uri": known.token_uri,
        "scopes": str(list(known.scopes)),
        "imap_host": known.imap_host,
        "imap_port": str(known.imap_port),
    }


def test_the_dialog_starts_the_sign_in(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Enter in a field does it too; the dialog closes, and Esc keeps what is set."""
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click(OPTIONS)
    field = driven.named(QLineEdit, "Scope")
    driven.type_into(field, "mail openid")
    driven.wait(field.window().isActiveWindow)
    driven.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (False, "mail openid") == (field.isVisible(), driven.parts.options.values().scope)
    driven.click(SET)
    driven.wait(field.window().isActiveWindow)
    driven.qtbot.keyClick(field, Qt.Key.Key_Return)
    driven.wait(lambda: stage.path.exists() and not driven.busy())
    assert not field.isVisible()


def test_a_wrong_option_opens_the_dialog(stage: Stage, make_stage_window: MakeWindow) -> None:
    """At the field, and no sign-in begins."""
    driven = make_stage_window(stage)
    fill(driven, IMAP_server="a b")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: driven.named(QLineEdit, "IMAP server").hasFocus())
    assert not driven.busy()


def test_the_title_says_whose_sign_in_it_is(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Also while the dialog stays open and another address is typed."""
    driven = make_stage_window(stage)
    driven.click(OPTIONS)
    dialog = driven.parts.options.dialog
    assert 'Options for the next "Get token"' == dialog.windowTitle()
    driven.type_address("other@demo.example")
    driven.wait(lambda: "Options for the sign-in of other@demo.example" == dialog.windowTitle())
    driven.type_address(ADDRESS)
    driven.click(OPTIONS)  # before the pause in which the address is looked up
    assert f"Options for the sign-in of {ADDRESS}" == dialog.windowTitle()


def test_the_button_says_for_what(stage: Stage, make_stage_window: MakeWindow) -> None:
    """The gear beside it is for all sign-ins."""
    button = make_stage_window(stage).button(OPTIONS)
    text = "Options for this sign-in only"
    assert (text, text) == (button.toolTip(), button.accessibleDescription())
