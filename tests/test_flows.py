"""A flow is one entry of a list: it is offered where it can be, and a sign-in goes through it.

The toy needs neither a browser nor a terminal. It signs in at the real test server.
"""

import json
from typing import Any

import pytest

from core.errors import AppError, Cancelled, SignInNeeded
from core.mailbox.get_token import get_token
from core.model import Note
from core.oauth.sign_in.clients import new_client
from core.oauth.sign_in.flow import SignIn
from core.oauth.sign_in.methods import SignInMethods
from core.oauth.sign_in.sign_in import FLOWS, offered
from core.oauth.tokens import Tokens
from core.providers.fields import Registration
from faulty_servers.responses import Fault
from servers import ADDRESS, MakeStage, Stage, consented

ELSEWHERE = "http://localhost:1/"


class Toy:
    """Visits the sign-in page itself, for a user whose consent the server takes for granted."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.asked: list[SignIn] = []

    def can_be_offered(self, registration: Registration, methods: SignInMethods) -> bool:
        """Only for the organisation that allows it."""
        return registration.tenant == "demo"

    def run(self, asked: SignIn) -> Tokens:
        """Sign in."""
        self.asked.append(asked)
        asked.progress(Note("The toy signs you in"))
        client = new_client(asked.registration, asked.network, clock=asked.clock)
        url, _ = client.begin(ELSEWHERE, asked.sign_in_as)
        answer = consented(self._stage, url)
        asked.cancelled.check()
        return client.finish(answer)


@pytest.fixture
def toy(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """The one place where a flow is added."""
    toy = Toy(stage)
    monkeypatch.setitem(FLOWS, "toy", toy)
    return toy


NO_METHODS: dict[str, Any] = {"open_browser": None}


def test_a_sign_in_by_another_flow(stage: Stage, toy: Toy) -> None:
    """Where no browser opens and nothing can be pasted; the rest is as in any sign-in."""
    outcome = get_token(stage.job(login_hint="me@demo.example"), stage.methods(**NO_METHODS))
    assert (True, True, []) == (outcome.renewed, outcome.checked, stage.browser.opened)
    file = stage.file()
    assert (True, file.issued_at) == (file.has_refresh_token, file.signed_in_at)
    assert ADDRESS == stage.server.account_of(file.access)
    assert "The toy signs you in" in stage.said()
    assert ["me@demo.example"] == [asked.sign_in_as for asked in toy.asked]


def test_the_first_flow_is_preferred(stage: Stage, toy: Toy) -> None:
    """Where a browser opens, the browser signs the user in."""
    assert ("browser", "toy") == offered(stage.registration, stage.methods())
    assert get_token(stage.job(), stage.methods()).checked
    assert (1, []) == (len(stage.browser.opened), toy.asked)


def test_a_flow_is_cancelled(stage: Stage, toy: Toy) -> None:
    """By the same event as everything else; nothing is saved."""
    stage.cancelled.set()
    with pytest.raises(Cancelled):
        get_token(stage.job(), stage.methods(**NO_METHODS))
    assert (0, []) == (stage.server.token_requests, stage.names())


def test_the_scopes_are_looked_at_for_each_flow(stage: Stage, toy: Toy) -> None:
    """A flow only gets the tokens; no login is tried with others."""
    content = {"access_token": "the-access-token", "scope": "openid profile email"}
    stage.server.faults.append(Fault(200, json.dumps(content).encode()))
    with pytest.raises(AppError) as caught:
        get_token(stage.job(), stage.methods(**NO_METHODS))
    assert "oauth_scope_missing" == caught.value.verdict.id
    assert (0, []) == (stage.mailbox.logins + stage.mailbox.refusals, stage.names())


def pasting(_: object) -> Any:
    """A way to paste, which nobody uses."""


HERE, WEB = "http://localhost", "https://app.example/signed_in"


@pytest.mark.parametrize(
    ("redirect_uri", "methods", "is_offered"),
    [
        (HERE, {}, True),
        (HERE, {"open_browser": None}, False),
        (HERE, {"open_browser": None, "paste": pasting}, True),
        (HERE, {"remote": True}, False),
        (HERE, {"remote": True, "paste": pasting}, True),
        (WEB, {}, False),
        (WEB, {"paste": pasting}, True),
    ],
)
def test_what_is_offered(
    make_stage: MakeStage, redirect_uri: str, methods: dict[str, Any], is_offered: bool
) -> None:
    """The browser, if its answer can arrive: by loopback or by a paste."""
    stage = make_stage(redirect_uri=redirect_uri)
    names = offered(stage.registration, stage.methods(**methods))
    assert (("browser",) if is_offered else ()) == names


def test_nothing_is_offered(make_stage: MakeStage, toy: Toy) -> None:
    """The user is told what to do, before anybody is asked."""
    stage = make_stage(tenant="other.example", device_authorization_uri="")
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(), stage.methods(**NO_METHODS))
    assert "no_browser_no_terminal" == caught.value.verdict.id
    assert ([], 0) == (toy.asked, stage.server.authorize_requests)
