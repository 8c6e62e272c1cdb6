"""The sign-in flows: real msal, google-auth-oauthlib and requests-oauthlib at a real server."""

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
    """Every library keeps the same rules."""
    chosen: FlowKind = request.param
    return chosen


@pytest.fixture
def stage(make_stage: MakeStage, kind: FlowKind) -> Stage:
    """A provider that this library signs in at."""
    return make_stage(flow=kind)


@pytest.fixture(autouse=True)
def everything_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The log is set up as `--debug` does, and then as it was."""
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
    """A flow, and the URL and state it begins with."""
    flow = new_flow(registration, network, clock=lambda: NOW)
    return flow, *flow.begin(REDIRECT, "you+hint@demo.example")


def consented(stage: Stage, url: str) -> AuthorizationResponse:
    """The answer of a page where a person says yes."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(stage.ca_file))
    page = http.client.HTTPSConnection(parts.netloc, context=context, timeout=20)
    page.request("GET", f"{parts.path}?{parts.query}")
    location = page.getresponse().getheader("Location", "")
    page.close()
    query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    return AuthorizationResponse(query["code"], query["state"])


def signed_in(stage: Stage, registration: Registration | None = None) -> Tokens:
    """A whole sign-in."""
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
    """What a sign-in that fails says; no secret is in it, its causes or the log."""
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
    """A sign-in gives both tokens, the account and the expiry, by the clock it was given."""
    tokens = signed_in(stage)
    assert stage.server.account == stage.server.account_of(tokens.access)
    assert "" != tokens.refresh
    assert (NOW, NOW + 3600) == (tokens.issued_at, tokens.expires_at)
    assert stage.server.account == tokens.account


def test_the_authorize_request(stage: Stage) -> None:
    """PKCE by S256, a state, the hint and the provider's own parameters go along."""
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
    """State and challenge are never the same twice."""
    urls = [began(stage.registration, stage.network())[1] for _ in range(2)]
    first, second = (parse_qs(urlsplit(url).query) for url in urls)
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_reserved_scopes(stage: Stage) -> None:
    """A scope that msal keeps for itself doesn't disturb it."""
    stage.provider = replace(stage.provider, scopes=("mail", "offline_access", "openid"))
    assert "" != signed_in(stage).refresh


def test_a_client_with_a_secret(
    make_stage: MakeStage, kind: FlowKind, caplog: pytest.LogCaptureFixture
) -> None:
    """The secret goes in the form; a wrong one is refused by the server and shown nowhere."""
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
    """Where the provider gives no id token the account is unknown; msal always asks for one."""
    stage.provider = replace(stage.provider, scopes=("mail",))
    expected = stage.server.account if kind is FlowKind.MICROSOFT else ""
    assert expected == signed_in(stage).account


def test_no_refresh_token(make_stage: MakeStage, kind: FlowKind) -> None:
    """A provider that gives none isn't an error."""
    stage = make_stage(flow=kind, server={"gives_refresh_token": False})
    assert "" == signed_in(stage).refresh


def answer_of(**content: object) -> Fault:
    """A good answer with some of it changed."""
    return Fault(200, json.dumps(GOOD | content).encode())


@pytest.mark.parametrize("scope", ["less", "", "mail openid more"])
def test_another_scope(stage: Stage, scope: str) -> None:
    """A provider may grant another scope than was asked for; the IMAP check tells its worth."""
    flow, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    stage.server.faults.append(answer_of(scope=scope))
    assert "the-access-token" == flow.finish(answer).access


@pytest.mark.parametrize("expires_in", ["3600", 3600.0])
def test_odd_lifetimes(stage: Stage, expires_in: object) -> None:
    """A lifetime as text or with a point is one."""
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
    """An answer that only another sign-in could mend is an error of ours."""
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
    """What says nothing of the code is trouble of the network or the server."""
    assert isinstance(failed(stage, caplog, fault), TryAgain)


def test_silence(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A token endpoint that says nothing has the time limit."""
    start = time.monotonic()
    error = failed(stage, caplog, Fault(delay=60), timeout=QUICK)
    assert "localhost gave no answer in time" == error.message
    assert time.monotonic() - start < AT_ONCE


@pytest.mark.parametrize("status", [302, 303, 307, 308])
def test_no_redirect_is_followed(
    stage: Stage, make_stage: MakeStage, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """A redirect of the token endpoint sends neither code nor secret elsewhere."""
    target = make_stage().server
    error = failed(stage, caplog, Fault(status, headers={"Location": target.token_uri}))
    assert isinstance(error, TryAgain)
    assert (1, 0) == (stage.server.token_requests, target.token_requests)
    assert target.last_token_form == {}


def test_echoes(
    stage: Stage, demo_certificate: Certificate, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that repeats code, verifier and secret gets them shown nowhere."""
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
    """A page in place of an answer isn't logged by the libraries either."""
    failed(stage, caplog, Fault(200, b"<html>the-page-itself</html>", "text/html"))
    assert "the-page-itself" not in caplog.text


def test_a_used_code(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A code works once; the second time the real server says invalid_grant."""
    flow, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    flow.finish(answer)
    with pytest.raises(AppError, match="doesn't take the code") as caught:
        flow.finish(answer)
    assert answer.code not in caught.value.detail


def test_a_good_sign_in_logs_no_secret(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """With everything logged at DEBUG no token, code, verifier or state is in the log."""
    signed_in(stage)
    assert len(stage.server.issued) >= 5
    for secret in stage.server.issued:
        assert secret not in caplog.text


@pytest.fixture
def microsoft(make_stage: MakeStage) -> Stage:
    """A provider that msal signs in at."""
    return make_stage(flow=FlowKind.MICROSOFT)


@pytest.fixture
def describe(
    microsoft: Stage, demo_certificate: Certificate
) -> Iterator[Callable[[DemoResponse], list[DemoRequest]]]:
    """Put a server in the tenant's place that answers discovery like this; what it is asked."""
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
    """A tenant that doesn't exist is told apart from one that can't be asked."""
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
    """Code and secret go to no other host, and never without TLS, whatever discovery says."""
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
    """An id token of another sign-in is an error of ours; msal raises a bare RuntimeError."""
    claims = urlsafe_b64encode(b'{"nonce": "another"}').decode().rstrip("=")
    error = failed(microsoft, caplog, answer_of(id_token=f"e30.{claims}.sig"))
    assert "The rehearsal sent an answer that is no OAuth2" == error.message


@pytest.mark.parametrize("id_token", ["nonsense", "a.b.c", "a.W10.c", "..", 17, ["x"]])
def test_a_broken_id_token(stage: Stage, kind: FlowKind, id_token: object) -> None:
    """An id token is a hint alone: broken, it is none, or ends as an error of ours at msal."""
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
    """Whatever stands in an id token's place has no claims."""
    assert {} == claims_of(id_token)
