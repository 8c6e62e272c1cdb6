"""A sign-in with a device code (RFC 8628): what is sent, the polls, and what each answer means."""

import json
import logging
import threading
import time
from collections import deque
from dataclasses import replace
from typing import Any

import pytest

from core.cancel import Cancellation
from core.errors import AppError, Cancelled, ExitCode
from core.events import WaitingForDevice
from core.mailbox.get_token import get_token
from core.model import ClientAuthentication, FlowKind
from core.oauth.sign_in.sign_in import offered
from faulty_servers.device_codes import ALLOWED, DENIED, EXPIRED, GRANT, PENDING, SLOW_DOWN
from faulty_servers.responses import Fault
from servers import ADDRESS, AT_ONCE, MakeStage, Stage

KINDS = (FlowKind.MICROSOFT, FlowKind.PLAIN)
ONLY: dict[str, Any] = {"open_browser": None, "device_code": True}


@pytest.fixture(params=KINDS)
def stage(make_stage: MakeStage, request: pytest.FixtureRequest) -> Stage:
    """The servers; each test runs with msal, and with our own requests."""
    return make_stage(flow=request.param)


def signed_in(stage: Stage, *states: str) -> WaitingForDevice:
    """Sign in with these answers to the polls; what the user was shown."""
    stage.server.device_codes.states = deque(states)
    assert get_token(stage.job(), stage.methods(**ONLY)).checked
    return next(event for event in stage.events if isinstance(event, WaitingForDevice))


def failure(stage: Stage, *states: str) -> AppError:
    """The error with which such a sign-in ends."""
    with pytest.raises(AppError) as caught:
        signed_in(stage, *states)
    assert [] == stage.names()
    return caught.value


def microsofts(code: int, error: str = "invalid_grant") -> Fault:
    """An error in Microsoft's form."""
    content = {
        "error": error,
        "error_description": f"AADSTS{code}: Access has been blocked.",
        "error_codes": [code],
    }
    return Fault(400, json.dumps(content).encode())


def test_a_sign_in(stage: Stage) -> None:
    """The user sees the page and the code; the tokens are tested and saved as always."""
    event = signed_in(stage, PENDING, PENDING, ALLOWED)
    given = stage.server.device_codes.given
    assert 1 == len(given)
    assert (given[0]["user_code"], 900) == (event.user_code, event.seconds)
    assert given[0]["verification_uri"] == event.uri
    assert given[0]["verification_uri_complete"] == event.complete_uri
    assert (ADDRESS, "Demo") == (event.sign_in_as, event.application_label)
    assert 3 == stage.server.device_codes.polls
    assert (True, ADDRESS) == (
        stage.file().has_refresh_token,
        stage.server.account_of(stage.file().access),
    )
    assert ([], 0) == (stage.browser.opened, stage.server.authorize_requests)


def test_what_is_sent(stage: Stage) -> None:
    """The client and the scopes for the code; the client and the device code for the tokens."""
    signed_in(stage, ALLOWED)
    asked, polled = stage.server.last_device_form, stage.server.last_token_form
    assert ("demo", True) == (asked["client_id"], "mail" in asked["scope"].split())
    device_code = stage.server.device_codes.given[0]["device_code"]
    assert (GRANT, device_code) == (polled["grant_type"], polled["device_code"])
    assert ("demo", False) == (polled["client_id"], "client_secret" in asked | polled)


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_with_a_secret(make_stage: MakeStage, kind: FlowKind) -> None:
    """It is sent with both requests, in the form (RFC 8628 section 3.1)."""
    stage = make_stage(flow=kind, server={"client_secret": "the-secret"})
    application = replace(stage.provider.applications["demo"], client_secret="the-secret")
    stage.provider = replace(stage.provider, applications={"demo": application})
    signed_in(stage, ALLOWED)
    forms = (stage.server.last_device_form, stage.server.last_token_form)
    assert ["the-secret"] * 2 == [form["client_secret"] for form in forms]


def test_a_client_that_shows_who_it_is_by_basic(make_stage: MakeStage) -> None:
    """As in its other requests (RFC 6749 section 2.3.1), and with the resource (RFC 8707)."""
    stage = make_stage(
        server={"client_secret": "the-secret"},
        client_authentication=ClientAuthentication.BASIC,
        resource="https://mail.demo.example/",
    )
    application = replace(stage.provider.applications["demo"], client_secret="the-secret")
    stage.provider = replace(stage.provider, applications={"demo": application})
    signed_in(stage, ALLOWED)
    forms = (stage.server.last_device_form, stage.server.last_token_form)
    assert [True, True] == ["client_secret" not in form for form in forms]
    assert ["https://mail.demo.example/"] * 2 == [form["resource"] for form in forms]


def test_the_waits(stage: Stage) -> None:
    """The server's interval, and 5 seconds more after each slow_down (section 3.5)."""
    stage.server.device_codes.changes["interval"] = 7
    signed_in(stage, PENDING, SLOW_DOWN, PENDING, SLOW_DOWN, ALLOWED)
    assert [7, 7, 12, 12, 17] == stage.cancelled.waits


@pytest.mark.parametrize(("given", "waited"), [(None, 5), ("6", 6), (0.001, 1), ("soon", 5)])
def test_odd_intervals(stage: Stage, given: object, waited: float) -> None:
    """The RFC's where there is none; never a flood of requests."""
    stage.server.device_codes.changes["interval"] = given
    signed_in(stage, ALLOWED)
    assert [waited] == stage.cancelled.waits


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(503), "has a technical problem or is overloaded. The program asks again."),
        (Fault(429, headers={"Retry-After": "3"}), ""),
        (Fault(drop=True), "The program asks again."),
    ],
)
def test_a_fault_of_a_poll(stage: Stage, fault: Fault, told: str) -> None:
    """The next poll comes later, and the sign-in goes on; the user hears of trouble."""
    stage.server.faults.append(fault)
    signed_in(stage, ALLOWED)
    assert [1, 6] == stage.cancelled.waits
    assert bool(told) == ("The program asks again." in stage.said())
    assert told in stage.said()


@pytest.mark.parametrize(
    ("state", "verdict"),
    [(DENIED, "oauth_device_code_denied"), (EXPIRED, "oauth_device_code_expired")],
)
def test_the_ends_of_a_code(stage: Stage, state: str, verdict: str) -> None:
    """The user refuses, or is too late."""
    error = failure(stage, PENDING, state)
    assert (verdict, ExitCode.SIGN_IN_NEEDED) == (error.verdict.id, error.exit_code)


def test_nobody_uses_the_code(stage: Stage) -> None:
    """The program stops by itself when the code's life is over."""
    stage.server.device_codes.changes["expires_in"] = 1.5
    stage.cancelled = Cancellation()  # type: ignore[assignment]  # it really waits
    error = failure(stage, PENDING)
    assert "device_code_not_used" == error.verdict.id
    assert 1 == stage.server.device_codes.polls


@pytest.mark.parametrize("code", [53003, 50199, 50097, 53000, 530034])
@pytest.mark.parametrize("when", ["code", "poll"])
def test_blocked_by_a_policy(make_stage: MakeStage, code: int, when: str) -> None:
    """The verdict says that it is the device code, and offers the browser."""
    stage = make_stage(flow=FlowKind.MICROSOFT)
    faults = stage.server.device_faults if when == "code" else stage.server.faults
    faults.append(microsofts(code))
    error = failure(stage, ALLOWED)
    assert "ms_device_code_blocked" == error.verdict.id
    assert "Sign in without a code, with a browser." in error.hint


def test_a_policy_in_other_sign_ins(make_stage: MakeStage) -> None:
    """There the same codes mean what they always did."""
    stage = make_stage(flow=FlowKind.MICROSOFT)
    stage.server.faults.append(microsofts(53003))
    with pytest.raises(AppError) as caught:
        get_token(stage.job(), stage.methods())
    assert "ms_conditional_access" == caught.value.verdict.id


def test_the_words_of_microsoft(make_stage: MakeStage) -> None:
    """Its names of the errors, with its codes beside them (70016, 70020, 70018)."""
    stage = make_stage(flow=FlowKind.MICROSOFT)
    stage.server.faults.append(microsofts(70016, "authorization_pending"))
    signed_in(stage, ALLOWED)
    for code, error, verdict in (
        (70020, "expired_token", "ms_code_expired"),
        (70018, "bad_verification_code", "oauth_device_code_expired"),
        (700030, "authorization_declined", "oauth_device_code_denied"),
    ):
        stage.path.unlink(missing_ok=True)
        stage.server.faults.append(microsofts(code, error))
        assert verdict == failure(stage, ALLOWED).verdict.id


@pytest.mark.parametrize(
    "changes",
    [
        {"device_code": None},
        {"user_code": None},
        {"user_code": "A" * 41},
        {"user_code": "\x1b[2J"},
        {"verification_uri": None},
        {"verification_uri": "http://demo.example/device"},
        {"verification_uri": "file:///etc/passwd"},
        {"verification_uri": "https://demo.example/" + "x" * 500},
    ],
)
def test_answers_that_are_none(stage: Stage, changes: dict[str, Any]) -> None:
    """No code is shown, and no page is named that nobody may open."""
    stage.server.device_codes.changes = changes
    error = failure(stage, ALLOWED)
    assert ("answer_not_the_providers", ExitCode.TRY_AGAIN) == (error.verdict.id, error.exit_code)
    assert not [event for event in stage.events if isinstance(event, WaitingForDevice)]


def test_an_answer_without_the_complete_page(stage: Stage) -> None:
    """Its use is optional (section 3.2); a wrong one is not used."""
    for complete in (None, "javascript:alert()"):
        stage.server.device_codes.changes["verification_uri_complete"] = complete
        stage.path.unlink(missing_ok=True)
        stage.events.clear()
        event = signed_in(stage, ALLOWED)
        assert event.uri == event.complete_uri


def test_it_is_cancelled_at_once(stage: Stage) -> None:
    """However long the interval is."""
    stage.server.device_codes.changes["interval"] = 60
    cancelled = stage.cancelled = Cancellation()  # type: ignore[assignment]
    ended: list[float] = []

    def run() -> None:
        with pytest.raises(Cancelled):
            get_token(stage.job(), stage.methods(**ONLY))
        ended.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    while not any(isinstance(event, WaitingForDevice) for event in stage.events):
        time.sleep(0.01)
    start = time.monotonic()
    cancelled.set()
    thread.join()
    assert ended[0] - start < AT_ONCE


def test_no_secret_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the codes nor the page with the code, and no line for each poll."""
    caplog.set_level(logging.INFO)
    event = signed_in(stage, *[PENDING] * 5, ALLOWED)
    given = stage.server.device_codes.given[0]
    for secret in (given["device_code"], given["user_code"], given["verification_uri_complete"]):
        assert secret not in caplog.text
        assert secret not in repr(event)
    assert "authorization_pending" not in caplog.text


def test_where_it_is_offered(make_stage: MakeStage) -> None:
    """Where the provider has an endpoint, and the face can show the code."""
    stage, without = make_stage(), make_stage(device_authorization_uri="")
    for methods, names in (
        ({}, ("browser",)),
        (ONLY, ("device code",)),
        ({"offer_device_code": lambda _: None}, ("browser", "device code")),
    ):
        assert names == offered(stage.registration, stage.methods(**methods))
    assert () == offered(without.registration, without.methods(**ONLY))


@pytest.mark.parametrize(
    ("uri", "methods", "verdict"),
    [
        ("", ONLY, "no_device_codes"),
        ("", {"open_browser": None}, "no_browser_no_terminal"),
        (None, {"open_browser": None}, "no_browser_but_device_code"),
    ],
)
def test_nothing_can_be_offered(
    make_stage: MakeStage, uri: str | None, methods: dict[str, Any], verdict: str
) -> None:
    """The user is told what works instead."""
    stage = make_stage(**({} if uri is None else {"device_authorization_uri": uri}))
    with pytest.raises(AppError) as caught:
        get_token(stage.job(), stage.methods(**methods))
    assert verdict == caught.value.verdict.id
