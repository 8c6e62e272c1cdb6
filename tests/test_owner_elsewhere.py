"""A sign-in request on real parts: the owner's Chromium is on another computer, an hour later."""

import time
from pathlib import Path

import pytest

from bed.as_provider import opens_mailbox, providers_toml
from bed.browser import error_page_of
from bed.fixtures import Bed
from bed.users import ALICE, BOB
from core.cancel import Cancellation
from core.errors import AppError
from core.events import Event, PasteRefused
from core.mailbox.ask_owner import ask_owner, finish, open_requests_of
from core.mailbox.job import Dependencies, Job, Request
from core.net.network import Network
from core.providers.live_catalog import LiveCatalog
from servers import NO_DNS
from test_ask_owner import pasting

HOUR = 3600.0


def job(bed: Bed, folder: Path, address: str, events: list[Event], *, later: float = 0.0) -> Job:
    """A job for an address, in a run of the program that starts so many seconds from now."""
    own = folder / "providers.toml"
    own.write_text(providers_toml(bed), "utf-8")
    dependencies = Dependencies(LiveCatalog(own), NO_DNS, lambda: time.time() + later)
    request = Request(address, folder / "tokens", network=Network(ca_file=bed.ca_file))
    return Job(request, dependencies, events.append, Cancellation())


def test_an_hour_later(bed: Bed, chromium: None, tmp_path: Path) -> None:
    """A wrong answer is told what it is; the right one, in another run, gives the token."""
    events: list[Event] = []
    requests = {user: ask_owner(job(bed, tmp_path, user, events)) for user in (ALICE, BOB)}
    later = job(bed, tmp_path, ALICE, events, later=HOUR)
    known = open_requests_of(later)
    links = {user: known.secret_of(request).begun.url for user, request in requests.items()}
    wrong = error_page_of(links[BOB], BOB)

    with pytest.raises(AppError) as caught:
        finish(later, requests[ALICE], pasting(wrong))
    assert "request_not_answered" == caught.value.verdict.id
    refused = [event.error.verdict.id for event in events if isinstance(event, PasteRefused)]
    assert ["answer_of_another_sign_in"] == refused
    assert {} == bed.stats()["grants"]
    assert [ALICE, BOB] == [request.address for request in known.all()]

    outcome = finish(later, requests[ALICE], pasting(error_page_of(links[ALICE], ALICE)))
    assert outcome.checked
    assert opens_mailbox(bed, ALICE, Path(outcome.file))
    assert [BOB] == [request.address for request in known.all()]
    assert {"authorization_code": 1} == bed.stats()["grants"]


def test_the_owner_says_no_then_yes(bed: Bed, chromium: None, tmp_path: Path) -> None:
    """The link is good for another sign-in."""
    asked = job(bed, tmp_path, ALICE, [])
    request = ask_owner(asked)
    link = open_requests_of(asked).secret_of(request).begun.url
    with pytest.raises(AppError) as caught:
        finish(asked, request, pasting(error_page_of(link, ALICE, "deny")))
    assert "oauth_access_denied" == caught.value.verdict.id
    assert finish(asked, request, pasting(error_page_of(link, ALICE))).checked
