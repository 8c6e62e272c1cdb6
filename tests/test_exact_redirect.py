"""A redirect URI that nothing listens on: the user pastes the address of the browser's error page.

Some providers refuse any other redirect URI than the registered one, so there is no port of ours.
"""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from bed.as_provider import opens_mailbox, providers_toml, trusting
from bed.browser import error_page_of
from bed.fixtures import Bed
from bed.flow import authorize_url
from bed.users import ALICE
from bed.walker import WalkError, walk
from core.errors import SignInNeeded
from core.events import PasteRefused, WaitingForBrowser
from core.mailbox.get_token import get_token
from core.mailbox.job import Dependencies
from core.model import Note
from core.oauth.sign_in.methods import PasteSource
from core.oauth.sign_in.response_queue import ResponseQueue
from core.providers.by_hand import by_hand
from core.providers.live_catalog import LiveCatalog
from core.tokenfile.place import file_name
from program import Program, program_of
from servers import ADDRESS, NO_DNS, MakeStage, Stage, location_of
from window import Driven, MakeWindow

REDIRECT = "https://127.0.0.1"
LONG = 60_000  # ms; a Chromium has to start


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider like Yahoo."""
    return make_stage(redirect_uri=REDIRECT, exact_redirect=True, verified=False)


def paste_of(stage: Stage, *texts: str) -> PasteSource:
    """A user who pastes these texts, and then the address of the error page."""

    def way(responses: ResponseQueue) -> Callable[[], None]:
        for text in (*texts, location_of(stage, waiting(stage).url)):
            responses.paste(text)
        return lambda: None

    return way


def waiting(stage: Stage) -> WaitingForBrowser:
    """What was said before the browser opened."""
    return next(event for event in stage.events if isinstance(event, WaitingForBrowser))


def redirect_in(url: str) -> str:
    """The redirect URI that the provider is asked for."""
    return parse_qs(urlsplit(url).query)["redirect_uri"][0]


def test_the_redirect_is_as_registered(stage: Stage) -> None:
    """Without a port; nothing listens, and the sentence before the browser says what comes."""
    assert get_token(stage.job(), stage.methods(paste=paste_of(stage))).checked
    assert [REDIRECT] == [redirect_in(url) for url in stage.browser.opened]
    assert REDIRECT == waiting(stage).error_page
    assert not waiting(stage).certificate_warning
    last = waiting(stage).expectations[-1]
    assert f"the browser can't open {REDIRECT} and shows an error page. That is expected" in last


def test_what_is_not_verified_is_said(stage: Stage) -> None:
    """Before the page opens, and once."""
    get_token(stage.job(), stage.methods(paste=paste_of(stage)))
    said = [e.text for e in stage.events if isinstance(e, Note) and "not verified live" in e.text]
    assert 1 == len(said)
    assert said[0].startswith("The settings for Demo Mail are not verified live")


def test_nothing_can_be_pasted(stage: Stage) -> None:
    """Then no browser opens: its answer could not come back."""
    with pytest.raises(SignInNeeded):
        get_token(stage.job(), stage.methods())
    assert [] == stage.browser.opened


def test_a_redirect_of_the_user(stage: Stage) -> None:
    """Who gives another one knows that the provider accepts it: then a port is added."""
    overrides = by_hand(redirect_uri="http://localhost")
    assert get_token(stage.job(overrides=overrides), stage.methods()).checked
    assert "" == waiting(stage).error_page
    assert redirect_in(stage.browser.opened[0]).startswith("http://localhost:")


def test_a_path_keeps_its_place_after_the_port(make_stage: MakeStage) -> None:
    """As Seznam.cz has it registered: http://127.0.0.1/seznam."""
    stage = make_stage(redirect_uri="http://127.0.0.1/seznam")
    assert get_token(stage.job(), stage.methods()).checked
    parts = urlsplit(redirect_in(stage.browser.opened[0]))
    assert ("http", "127.0.0.1", "/seznam") == (parts.scheme, parts.hostname, parts.path)
    assert parts.port


def test_a_code_alone_needs_pkce(make_stage: MakeStage) -> None:
    """Where the provider doesn't check PKCE, only the state shows whose code it is."""
    stage = make_stage(redirect_uri=REDIRECT, exact_redirect=True, pkce=False)
    assert get_token(stage.job(), stage.methods(paste=paste_of(stage, "4/0AeanS0abcdefg"))).checked
    [refused] = [e.error for e in stage.events if isinstance(e, PasteRefused)]
    assert "paste_of_code_alone" == refused.verdict.id
    assert REDIRECT in refused.hint


def test_the_command_line_takes_the_address(stage: Stage) -> None:
    """It says which page will come, and takes the address of that page."""
    program = program_of(stage, f'redirect_uri = "{REDIRECT}"', "exact_redirect = true")
    with program.start("--remotebrowser", ADDRESS, "--ca_file", str(stage.ca_file)) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        running.line_with(f"the browser can't open {REDIRECT}")
        running.line_with("Paste the address of the error page here and press Enter.")
        running.type(location_of(stage, link))
        done = running.finish()
    assert 0 == done.code, done.err
    assert "another computer" not in done.err


def test_the_window_takes_the_address(stage: Stage, make_stage_window: MakeWindow) -> None:
    """Its field asks for the address of the error page."""
    stage.browser.visits_pages = False
    driven: Driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    paste(driven, location_of(stage, link_of(driven)))
    driven.wait(lambda: ["Fresh"] == driven.states())


def link_of(driven: Driven) -> str:
    """The link of the sign-in that the window waits for."""
    driven.wait(lambda: driven.parts.waiting.isVisible())
    driven.click("Copy the link")
    return QGuiApplication.clipboard().text()


def paste(driven: Driven, address: str) -> None:
    """Paste the address into the window, as it asks for it."""
    said = " ".join(label.text().replace("&", "") for label in driven.visible(QLabel))
    assert f"can't open {REDIRECT} and shows an error page. That is expected" in said
    assert f"Address of the error page (it begins with {REDIRECT}):" in said
    driven.type_into(driven.named(QLineEdit, "Address of the last page, or the code"), address)
    driven.click("Continue")


YAHOO = """
[providers.yahoo]
authorize_uri = "{bed.authorize_uri}"
token_uri = "{bed.token_uri}"
scopes = ["openid", "offline_access", "imap"]
redirect_uri = "{redirect}"
exact_redirect = true
imap_host = "{bed.imap_host}"
imap_port = {bed.imap_port}

[providers.yahoo.applications.thunderbird]
client_id = "public-exact"
"""


def at_yahoo(bed: Bed) -> str:
    """The user's own providers.toml, with the bed's server in Yahoo's place."""
    return providers_toml(bed) + YAHOO.format(bed=bed, redirect=REDIRECT)


def test_chromium_shows_an_error_page(bed: Bed, chromium: None, tmp_path: Path) -> None:
    """The address of the page that Chromium shows is pasted into the command line."""
    program = Program(tmp_path, tmp_path / "home")
    program.configure(at_yahoo(bed))
    arguments = ("--provider", "yahoo", "--remotebrowser", ALICE, *trusting(bed))
    with program.start(*arguments) as running:
        link = running.line_with("Link: ").partition(": ")[2].strip()
        address = error_page_of(link, ALICE)
        assert address.startswith(f"{REDIRECT}/?")
        running.type(address)
        done = running.finish()
    assert 0 == done.code, done.err
    assert opens_mailbox(bed, ALICE, program.folder / "tokens" / file_name(ALICE))


def test_only_the_exact_address_is_accepted(bed: Bed) -> None:
    """That is why nothing may add a port at such a provider."""
    url = authorize_url(bed.issuer, "public-exact", verifier="v" * 43, redirect=f"{REDIRECT}:1/")
    with pytest.raises(WalkError, match="redirect_uri"):
        walk(url, ALICE)


def test_the_window_with_chromium(
    bed: Bed, chromium: None, make_window: MakeWindow, tmp_path: Path
) -> None:
    """The window opens Chromium; the address of its error page is pasted into the window."""
    own = tmp_path / "providers.toml"
    own.write_text(at_yahoo(bed), "utf-8")
    dependencies = Dependencies(LiveCatalog(own), NO_DNS, time.time)
    driven = make_window(dependencies, tmp_path / "tokens", ca_file=bed.ca_file)
    driven.type_address(ALICE)
    providers = driven.named(QComboBox, "Provider")
    providers.setCurrentIndex(providers.findText("Yahoo Mail"))
    driven.click("Get token")
    paste(driven, error_page_of(link_of(driven), ALICE))
    driven.wait(lambda: ["Fresh"] == driven.states(), LONG)
    assert opens_mailbox(bed, ALICE, tmp_path / "tokens" / file_name(ALICE))
