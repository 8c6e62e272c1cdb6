"""Tests of the sign-in flows: the real libraries against a real server."""

import http.client
import json
import logging
import ssl
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from core import log
from core.demo.http_server import DemoRequest, DemoResponse
from core.errors import AppError, TryAgain
from core.model import FlowKind, Registration, Tokens
from core.net.network import Network
from core.oauth.sign_in.authorization_response import AuthorizationResponse
from core.oauth.sign_in.certificate import Certificate
from core.oauth.sign_in.flow import Flow, claims_of
from core.oauth.sign_in.sign_in import new_flow
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault, FaultyResponse
from faulty_servers.scripted import AnsweringServer
from servers import AT_ONCE, QUICK, MakeStage, Stage

NOW = 1_000_000.0
REDIRECT = "http://localhost:1/"
GOOD = {"access_token": "the-access-token", "token_type": "Bearer", "expires_in": 3600}


@pytest.fixture(params=list(FlowKind))
def kind(request: pytest.FixtureRequest) -> FlowKind:
    """The flow of each library; the same rules apply to all."""
    chosen: FlowKind = request.param
    return chosen


@pytest.fixture
def stage(make_stage: MakeStage, kind: FlowKind) -> Stage:
    """A provider whose sign-in uses this library."""
    return make_stage(flow=kind)


@pytest.fixture(autouse=True)
def everything_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Set up the log as `--debug` does, and restore it after the test."""
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in log._NOISY_LOGGERS}
    log.set_up(folder=tmp_path / "log", debug_to_stderr=True)
    caplog.handler.setLevel(logging.DEBUG)
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.raiseExceptions = raises
    for name, former in levels.items():
        logging.getLogger(name).setLevel(former)


def began(registration: Registration, network: Network) -> tuple[Flow, str, str]:
    """A flow with the URL and the state of its first step."""
    flow = new_flow(registration, network, clock=lambda: NOW)
    return flow, *flow.begin(REDIRECT, "you+hint@demo.example")


def consented(stage: Stage, url: str) -> AuthorizationResponse:
    """The response of a sign-in page where the user accepts."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(stage.ca_file))
    page = http.client.HTTPSConnection(parts.netloc, context=context, timeout=20)
    page.request("GET", f"{parts.path}?{parts.query}")
    location = page.getresponse().getheader("Location", "")
    page.close()
    query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    return AuthorizationResponse(query["code"], query["state"])


def signed_in(stage: Stage, registration: Registration | None = None) -> Tokens:
    """The tokens of a complete sign-in."""
    flow, url, _ = began(registration or stage.registration, stage.network())
    return flow.finish(consented(stage, url))


def failed(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
    *,
    timeout: float = 20.0,
    registration: Registration | None = None,
) -> AppError:
    """The error of a failed sign-in; checks that no secret is in it, its causes or the log."""
    flow, url, _ = began(registration or stage.registration, stage.network(timeout))
    answer = consented(stage, url)
    if fault is not None:
        stage.server.faults.append(fault)
    with pytest.raises(AppError) as caught:
        flow.finish(answer)
    error = caught.value
    words = [error.message, error.detail, error.hint, repr(error), caplog.text]
    if not error.__suppress_context__:
        words += [str(error.__context__), str(error.__cause__)]
    for secret in stage.server.issued:
        assert not any(secret in text for text in words)
    return error


def test_tokens(stage: Stage) -> None:
    """A sign-in returns both tokens, the account and the expiry according to the given clock."""
    tokens = signed_in(stage)
    assert stage.server.account == stage.server.account_of(tokens.access)
    assert "" != tokens.refresh
    assert (NOW, NOW + 3600) == (tokens.issued_at, tokens.expires_at)
    assert stage.server.account == tokens.account


def test_the_authorize_request(stage: Stage) -> None:
    """The request has PKCE with S256, a state, the hint and the provider's own parameters."""
    stage.provider = replace(stage.provider, authorize_parameters={"prompt": "consent"})
    _, url, state = began(stage.registration, stage.network())
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(stage.server.authorize_uri + "?")
    assert ("S256", "code", REDIRECT) == (
        query["code_challenge_method"],
        query["response_type"],
        query["redirect_uri"],
    )
    assert ("you+hint@demo.example", "consent") == (query["login_hint"], query["prompt"])
    assert state == query["state"]
    assert len(state) >= 16
    assert {"mail", "openid"} <= set(query["scope"].split())
    assert query.get("response_mode", "query") == "query"


def test_each_sign_in_is_another(stage: Stage) -> None:
    """State and challenge differ in each sign-in."""
    urls = [began(stage.registration, stage.network())[1] for _ in range(2)]
    first, second = (parse_qs(urlsplit(url).query) for url in urls)
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_reserved_scopes(stage: Stage) -> None:
    """A scope that msal reserves for itself causes no error."""
    stage.provider = replace(stage.provider, scopes=("mail", "offline_access", "openid"))
    assert "" != signed_in(stage).refresh


def test_a_client_with_a_secret(
    make_stage: MakeStage, kind: FlowKind, caplog: pytest.LogCaptureFixture
) -> None:
    """The secret is sent in the form; a wrong one is refused by the server and never shown."""
    stage = make_stage(flow=kind, server={"client_secret": "s3cret/of+it"})
    right = replace(stage.registration, client_secret="s3cret/of+it")
    assert "" != signed_in(stage, right).access
    assert "s3cret/of+it" == stage.server.last_token_form["client_secret"]
    wrong = replace(stage.registration, client_secret="wr0ng/secret")
    error = failed(stage, caplog, None, registration=wrong)
    assert "The rehearsal refuses the application demo" == error.message
    without = failed(stage, caplog, None)
    assert "The rehearsal wants the secret of the application demo" == without.message


def test_no_account_without_an_id_token(stage: Stage, kind: FlowKind) -> None:
    """Without an id token the account is unknown; msal always requests one."""
    stage.provider = replace(stage.provider, scopes=("mail",))
    expected = stage.server.account if kind is FlowKind.MICROSOFT else ""
    assert expected == signed_in(stage).account


def test_no_refresh_token(make_stage: MakeStage, kind: FlowKind) -> None:
    """A response without a refresh token is no error."""
    stage = make_stage(flow=kind, server={"gives_refresh_token": False})
    assert "" == signed_in(stage).refresh


def answer_of(**content: object) -> Fault:
    """A good response with some fields changed."""
    return Fault(200, json.dumps(GOOD | content).encode())


@pytest.mark.parametrize("scope", ["less", "", "mail openid more"])
def test_another_scope(stage: Stage, scope: str) -> None:
    """The provider may grant other scopes than requested.

    The IMAP login tells whether they work.
    """
    flow, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    stage.server.faults.append(answer_of(scope=scope))
    assert "the-access-token" == flow.finish(answer).access


@pytest.mark.parametrize("expires_in", ["3600", 3600.0])
def test_odd_lifetimes(stage: Stage, expires_in: object) -> None:
    """A lifetime may be a text or a decimal number."""
    flow, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    stage.server.faults.append(answer_of(expires_in=expires_in))
    assert NOW + 3600 == flow.finish(answer).expires_at


@pytest.mark.parametrize(
    "fault",
    [
        answer_of(access_token="two\nlines"),
        answer_of(access_token=["list"]),
        answer_of(access_token=""),
        answer_of(refresh_token="two words"),
        answer_of(expires_in="soon"),
        answer_of(expires_in=[]),
        answer_of(expires_in=float("inf")),
        answer_of(id_token="a.b.c", expires_in="soon"),
        Fault(400, b'{"error": "invalid_grant", "error_description": "Code too old"}'),
        Fault(400, b'{"error": "invalid_client"}'),
        Fault(400, b'{"error": "unauthorized_client"}'),
        Fault(200, b'{"error": "invalid_scope"}'),
        Fault(400, b'{"error": 17}'),
        Fault(400, b'{"error": {"code": 400}}'),
        Fault(400, b'{"error": ["invalid_grant"]}'),
        Fault(400, b'{"error": "odd", "error_description": null}'),
        Fault(400, b'{"error": "odd", "error_description": ["list"]}'),
    ],
    ids=lambda fault: f"{fault.status} {fault.body[:70]!r}",
)
def test_refusals(stage: Stage, caplog: pytest.LogCaptureFixture, fault: Fault) -> None:
    """A response that needs a new sign-in becomes an AppError."""
    error = failed(stage, caplog, fault)
    assert not isinstance(error, TryAgain)
    assert "" != error.hint


@pytest.mark.parametrize(
    "fault",
    [
        Fault(200, b"<html>Wi-Fi</html>", "text/html"),
        Fault(200, b""),
        Fault(200, b"null"),
        Fault(200, b'["access_token"]'),
        Fault(200, b'{"access_token": "trunc'),
        Fault(200, b"[" * 60_000),
        Fault(200, b'{"token_type": "Bearer"}'),
        Fault(200, b"x" * 70_000),
        Fault(400, b"<html>", "text/html"),
        Fault(404, b"", "text/plain"),
        Fault(408, b""),
        Fault(429, b'{"error": "invalid_grant"}'),
        Fault(400, b'{"error": "temporarily_unavailable"}'),
        Fault(500, b"<html>", "text/html"),
        Fault(503, b'{"error": "invalid_grant"}'),
        Fault(drop=True),
        Fault(commit=True, drop=True),
    ],
    ids=lambda fault: f"{fault.status} {fault.body[:40]!r}",
)
def test_transient(stage: Stage, caplog: pytest.LogCaptureFixture, fault: Fault) -> None:
    """A response that says nothing about the code is a problem of the network or the server."""
    assert isinstance(failed(stage, caplog, fault), TryAgain)


def test_silence(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A silent token endpoint is given up after the time limit."""
    start = time.monotonic()
    error = failed(stage, caplog, Fault(delay=60), timeout=QUICK)
    assert "localhost gave no answer in time" == error.message
    assert time.monotonic() - start < AT_ONCE


@pytest.mark.parametrize("status", [302, 303, 307, 308])
def test_no_redirect_is_followed(
    stage: Stage, make_stage: MakeStage, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """A redirect sends neither code nor secret to another address."""
    target = make_stage().server
    error = failed(stage, caplog, Fault(status, headers={"Location": target.token_uri}))
    assert isinstance(error, TryAgain)
    assert (1, 0) == (stage.server.token_requests, target.token_requests)
    assert target.last_token_form == {}


def test_echoes(
    stage: Stage, demo_certificate: Certificate, caplog: pytest.LogCaptureFixture
) -> None:
    """A code, verifier or secret that the server repeats is not shown."""
    forms: list[dict[str, str]] = []

    def echo(request: DemoRequest) -> DemoResponse:
        uri = f"https://localhost:{server.port}"
        if request.method == "GET":
            endpoints = {"authorization_endpoint": f"{uri}/a", "token_endpoint": f"{uri}/t/token"}
            return DemoResponse(200, json.dumps(endpoints).encode())
        forms.append({name: values[0] for name, values in parse_qs(request.body).items()})
        words = " and ".join(forms[0][name] for name in ("code", "code_verifier", "client_secret"))
        content = {"error": "odd", "error_description": f"{words} and {request.body}"}
        return DemoResponse(400, json.dumps(content).encode())

    server = AnsweringServer(demo_certificate, echo)
    server.start()
    uri = f"https://localhost:{server.port}/demo/oauth2/v2.0"
    registration = replace(
        stage.registration,
        authorize_uri=f"{uri}/authorize",
        token_uri=f"{uri}/token",
        client_secret="s3cret/of+it",
    )
    flow, _, state = began(registration, stage.network())
    with pytest.raises(AppError) as caught:
        flow.finish(AuthorizationResponse("the-code/itself", state))
    server.close()
    assert caught.value.detail.startswith("odd: … and … and … and ")
    for secret in ("the-code/itself", forms[0]["code_verifier"], "s3cret/of+it"):
        for text in (caplog.text, caught.value.detail, str(caught.value.__cause__)):
            assert secret not in text
            assert quote(secret, safe="") not in text


def test_html_that_echoes(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A web page as the response is not logged by the libraries either."""
    failed(stage, caplog, Fault(200, b"<html>the-page-itself</html>", "text/html"))
    assert "the-page-itself" not in caplog.text


def test_a_used_code(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A code works once; the second time the real server sends invalid_grant."""
    flow, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    flow.finish(answer)
    with pytest.raises(AppError, match="doesn't take the code") as caught:
        flow.finish(answer)
    assert answer.code not in caught.value.detail


def test_a_good_sign_in_logs_no_secret(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Even at level DEBUG the log holds no token, code, verifier or state."""
    signed_in(stage)
    assert len(stage.server.issued) >= 5
    for secret in stage.server.issued:
        assert secret not in caplog.text


@pytest.fixture
def microsoft(make_stage: MakeStage) -> Stage:
    """A provider whose sign-in uses msal."""
    return make_stage(flow=FlowKind.MICROSOFT)


@pytest.fixture
def describe(
    microsoft: Stage, demo_certificate: Certificate
) -> Iterator[Callable[[DemoResponse], list[DemoRequest]]]:
    """Replace the tenant's metadata by this response; returns the recorded requests."""
    servers: list[AnsweringServer] = []

    def described(answer: DemoResponse) -> list[DemoRequest]:
        asked: list[DemoRequest] = []

        def answered(request: DemoRequest) -> DemoResponse:
            asked.append(request)
            return answer

        servers.append(AnsweringServer(demo_certificate, answered))
        servers[-1].start()
        uri = f"https://localhost:{servers[-1].port}/demo/oauth2/v2.0"
        microsoft.provider = replace(
            microsoft.provider, authorize_uri=f"{uri}/authorize", token_uri=f"{uri}/token"
        )
        return asked

    yield described
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            DemoResponse(400, b'{"error": "invalid_tenant"}'),
            AppError,
            "doesn't know the tenant demo",
        ),
        (DemoResponse(404, b""), AppError, "doesn't know the tenant demo"),
        (DemoResponse(429, b""), TryAgain, "out of order or overloaded"),
        (DemoResponse(408, b""), TryAgain, "out of order or overloaded"),
        (DemoResponse(503, b""), TryAgain, "out of order or overloaded"),
        (DemoResponse(200, b"<html>", "text/html"), TryAgain, "description of the tenant"),
        (DemoResponse(200, b"[]"), TryAgain, "description of the tenant"),
        (DemoResponse(200, b"{}"), TryAgain, "description of the tenant"),
        (DemoResponse(204), TryAgain, "description of the tenant"),
        (DemoResponse(302, headers={"Location": "https://localhost:1/"}), TryAgain, "localhost"),
        (FaultyResponse(drop=True), TryAgain, "broke the connection off"),
    ],
)
def test_discovery(
    microsoft: Stage,
    describe: Callable[[DemoResponse], list[DemoRequest]],
    answer: DemoResponse,
    kind: type[AppError],
    words: str,
) -> None:
    """An unknown tenant and a tenant that can't be requested give different errors."""
    asked = describe(answer)
    with pytest.raises(AppError, match=words) as caught:
        began(microsoft.registration, microsoft.network())
    assert kind is type(caught.value)
    assert ["/demo/v2.0/.well-known/openid-configuration"] == [request.target for request in asked]


@pytest.mark.parametrize(
    "token_endpoint", ["http://localhost:{port}/x/token", "https://127.0.0.1:{port}/x/token"]
)
def test_discovery_leads_nowhere_else(
    microsoft: Stage,
    describe: Callable[[DemoResponse], list[DemoRequest]],
    token_endpoint: str,
) -> None:
    """Code and secret are sent to no other host and never without TLS."""
    other = FaultyAuthorizationServer()
    with other:
        port = urlsplit(other.token_uri).port
        content = {
            "issuer": "https://localhost",
            "authorization_endpoint": microsoft.server.authorize_uri,
            "token_endpoint": token_endpoint.format(port=port),
        }
        describe(DemoResponse(200, json.dumps(content).encode()))
        with pytest.raises(AppError, match=r"another host|tenant"):
            began(microsoft.registration, microsoft.network())
        assert 0 == other.token_requests


def test_a_wrong_nonce(microsoft: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """An id token of another sign-in becomes an AppError; msal raises a RuntimeError."""
    claims = urlsafe_b64encode(b'{"nonce": "another"}').decode().rstrip("=")
    error = failed(microsoft, caplog, answer_of(id_token=f"e30.{claims}.sig"))
    assert "The rehearsal sent an answer that is no OAuth2" == error.message


@pytest.mark.parametrize("id_token", ["nonsense", "a.b.c", "a.W10.c", "..", 17, ["x"]])
def test_a_broken_id_token(stage: Stage, kind: FlowKind, id_token: object) -> None:
    """A broken id token is ignored, or becomes an AppError with msal, since it is only a hint."""
    flow, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    stage.server.faults.append(answer_of(id_token=id_token))
    if kind is FlowKind.MICROSOFT:
        with pytest.raises(AppError, match="no OAuth2"):
            flow.finish(answer)
    else:
        assert "" == flow.finish(answer).account


@pytest.mark.parametrize("id_token", [None, "", ".", "a.!!.c", "a." + "W1" * 10_000 + ".c", b"x.y"])
def test_claims_of_nonsense(id_token: object) -> None:
    """An invalid id token has no claims."""
    assert {} == claims_of(id_token)
