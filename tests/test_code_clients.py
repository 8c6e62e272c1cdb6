"""Tests of the libraries that exchange codes: the real ones against a real server."""

import gzip
import hashlib
import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from core import log
from core.demo.http_server import DemoRequest, DemoResponse
from core.errors import AppError, Misconfigured, TryAgain
from core.model import FlowKind
from core.net.compression import LARGEST_ANSWER
from core.net.network import Network
from core.oauth.sign_in.authorization_response import AuthorizationResponse
from core.oauth.sign_in.certificate import Certificate
from core.oauth.sign_in.clients import new_client
from core.oauth.sign_in.code_client import CodeClient
from core.oauth.tokens import Tokens
from core.providers.fields import Registration
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault, FaultyResponse
from faulty_servers.scripted import AnsweringServer
from servers import AT_ONCE, QUICK, MakeStage, Stage, changed, consented

NOW = 1_000_000.0
REDIRECT = "http://localhost:1/"
GOOD = {"access_token": "the-access-token", "token_type": "Bearer", "expires_in": 3600}


@pytest.fixture(params=list(FlowKind))
def kind(request: pytest.FixtureRequest) -> FlowKind:
    """Each library; the same rules apply to all."""
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
    levels = {
        name: logging.getLogger(name).level for name in (*log._SILENT_LOGGERS, *log._QUIET_LOGGERS)
    }
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


def began(registration: Registration, network: Network) -> tuple[CodeClient, str, str]:
    """A client with the URL and the state of its first step."""
    client = new_client(registration, network, clock=lambda: NOW)
    return client, *client.begin(REDIRECT, "you+hint@demo.example")


def signed_in(stage: Stage, registration: Registration | None = None) -> Tokens:
    """The tokens of a complete sign-in."""
    client, url, _ = began(registration or stage.registration, stage.network())
    return client.finish(consented(stage, url))


def failed(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
    *,
    timeout: float = 20.0,
    registration: Registration | None = None,
) -> AppError:
    """The error of a failed sign-in; checks that no secret is in it, its causes or the log."""
    client, url, _ = began(registration or stage.registration, stage.network(timeout))
    answer = consented(stage, url)
    if fault is not None:
        stage.server.faults.append(fault)
    with pytest.raises(AppError) as caught:
        client.finish(answer)
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
    stage.provider = changed(stage.provider, authorize_parameters={"prompt": "consent"})
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


def test_the_verifier_goes_only_to_the_token_endpoint(stage: Stage) -> None:
    """The sign-in page gets its hash, and without it a code is worth nothing."""
    _, url, _ = began(stage.registration, stage.network())
    stolen = consented(stage, url)
    client, url, _ = began(stage.registration, stage.network())
    tokens = client.finish(consented(stage, url))
    verifier = stage.server.last_token_form["code_verifier"]
    shown = stage.server.last_authorize_query
    digest = hashlib.sha256(verifier.encode()).digest()

    assert tokens.access
    assert "code_verifier" not in shown
    assert verifier not in url
    assert urlsafe_b64encode(digest).rstrip(b"=").decode() == shown["code_challenge"]
    with pytest.raises(AppError):  # this one has the verifier of another code
        began(stage.registration, stage.network())[0].finish(stolen)


def test_each_sign_in_is_another(stage: Stage) -> None:
    """State and challenge differ in each sign-in."""
    urls = [began(stage.registration, stage.network())[1] for _ in range(2)]
    first, second = (parse_qs(urlsplit(url).query) for url in urls)
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_another_client_finishes(stage: Stage) -> None:
    """What a client keeps goes through JSON; a later run has the tokens by it."""
    client, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    kept = json.loads(json.dumps(client.kept()))
    later = new_client(stage.registration, stage.network(), clock=lambda: NOW)
    later.restore(kept, "you+hint@demo.example")
    tokens = later.finish(answer)
    assert stage.server.account == stage.server.account_of(tokens.access)
    assert REDIRECT == stage.server.last_token_form["redirect_uri"]


def test_reserved_scopes(stage: Stage) -> None:
    """A scope that msal reserves for itself causes no error."""
    stage.provider = changed(stage.provider, scopes=("mail", "offline_access", "openid"))
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
    assert "oauth_client_refused" == error.verdict.id
    without = failed(stage, caplog, None)
    assert "oauth_secret_missing" == without.verdict.id


def test_no_account_without_an_id_token(stage: Stage, kind: FlowKind) -> None:
    """Without an id token the account is unknown; msal always requests one."""
    stage.provider = changed(stage.provider, scopes=("mail",))
    expected = stage.server.account if kind is FlowKind.MICROSOFT else ""
    assert expected == signed_in(stage).account


def test_no_refresh_token(make_stage: MakeStage, kind: FlowKind) -> None:
    """A response without a refresh token is no error."""
    stage = make_stage(flow=kind, server={"gives_refresh_token": False})
    assert "" == signed_in(stage).refresh


def answer_of(**content: object) -> Fault:
    """A good response with some fields changed."""
    return Fault(200, json.dumps(GOOD | content).encode())


def error_of(error: object, description: object = None, *, status: int = 400) -> Fault:
    """An error response."""
    return Fault(status, json.dumps({"error": error, "error_description": description}).encode())


@pytest.mark.parametrize("scope", ["less", "", "mail openid more"])
def test_another_scope(stage: Stage, scope: str) -> None:
    """The provider may grant other scopes than requested; no library stumbles over them."""
    client, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    stage.server.faults.append(answer_of(scope=scope))
    tokens = client.finish(answer)
    assert ("the-access-token", tuple(scope.split())) == (tokens.access, tokens.scopes)


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (error_of("invalid_grant", "Code too old"), "oauth_code_refused"),
        (error_of("invalid_code", status=200), "code_refused_by_name"),
        (error_of("invalid_client"), "oauth_secret_missing"),
        (error_of("unauthorized_client"), "oauth_client_not_allowed"),
        (error_of("invalid_scope", status=200), "oauth_scope_refused"),
        (error_of("access_denied", status=403), "oauth_access_denied_at_token"),
        (error_of("odd", None), "oauth_unknown_error"),
        (error_of("odd", ["list"]), "oauth_unknown_error"),
        (error_of(17), "oauth_unknown_error"),
        (error_of({"code": 400}), "oauth_unknown_error"),
        (error_of(["invalid_grant"]), "oauth_code_refused"),
        (error_of("access_denied", "AADSTS65004: User declined"), "ms_consent_declined"),
        (error_of("invalid_grant", "AADSTS50076: use multi-factor"), "ms_multi_factor_needed"),
        (error_of("invalid_grant", "AADSTS70008: expired"), "ms_code_expired"),
        (error_of("invalid_grant", "AADSTS53003: blocked"), "ms_conditional_access"),
        (error_of("invalid_client", "AADSTS700025: is public"), "ms_secret_not_wanted"),
        (error_of("invalid_client", "AADSTS7000218: secret"), "ms_public_client_switched_off"),
        (error_of("invalid_request", "AADSTS50194: not multi-tenant"), "ms_single_tenant"),
    ],
    ids=lambda value: str(value)[:70],
)
def test_refusals(
    stage: Stage, caplog: pytest.LogCaptureFixture, fault: Fault, verdict: str
) -> None:
    """What the provider says of the code, the account or the application, by every library."""
    error = failed(stage, caplog, fault)
    assert error.verdict.id.startswith(verdict)
    assert not isinstance(error, TryAgain)
    assert error.hint


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault(200, b"<html>Wi-Fi</html>", "text/html"), "answer_not_the_providers"),
        (Fault(200, b""), "answer_not_the_providers"),
        (Fault(200, b"null"), "answer_not_the_providers"),
        (Fault(200, b'["access_token"]'), "answer_not_the_providers"),
        (Fault(200, b'{"access_token": "trunc'), "answer_not_the_providers"),
        (Fault(200, b"[" * 60_000), "answer_not_the_providers"),
        (Fault(200, b'{"token_type": "Bearer"}'), "answer_not_the_providers"),
        (Fault(400, b"<html>", "text/html"), "answer_not_the_providers"),
        (answer_of(access_token=["list"]), "answer_not_the_providers"),
        (answer_of(access_token=""), "answer_not_the_providers"),
        (answer_of(access_token="two\nlines"), "token_unusable"),
        (Fault(200, b"x" * (LARGEST_ANSWER + 1)), "answer_too_large"),
        (Fault(404, b"", "text/plain"), "filter_refused"),
        (Fault(407, b"<html>", "text/html"), "filter_refused"),
        (Fault(511, b"<html>", "text/html"), "filter_refused"),
        (Fault(408, b""), "oauth_server_trouble"),
        (Fault(429, b'{"error": "invalid_grant"}'), "too_many_requests"),
        (Fault(400, b'{"error": "temporarily_unavailable"}'), "oauth_server_trouble"),
        (Fault(403, b"<html>User Rate Limit Exceeded", "text/html"), "too_many_requests"),
        (Fault(500, b"<html>", "text/html"), "oauth_server_trouble"),
        (Fault(503, b'{"error": "invalid_grant"}'), "oauth_server_trouble"),
        (Fault(drop=True), "connection_broken"),
        (Fault(commit=True, drop=True), "connection_broken"),
    ],
    ids=lambda value: str(value)[:70],
)
def test_transient(
    stage: Stage, caplog: pytest.LogCaptureFixture, fault: Fault, verdict: str
) -> None:
    """A response that says nothing about the code is a problem of the network or the server."""
    error = failed(stage, caplog, fault)
    assert (verdict, TryAgain) == (error.verdict.id, type(error))


def test_silence(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A silent token endpoint is given up after the time limit."""
    start = time.monotonic()
    error = failed(stage, caplog, Fault(delay=60), timeout=QUICK)
    assert "no_answer_in_time" == error.verdict.id
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
    client, _, state = began(registration, stage.network())
    with pytest.raises(AppError) as caught:
        client.finish(AuthorizationResponse("the-code/itself", state))
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
    client, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    client.finish(answer)
    with pytest.raises(AppError) as caught:
        client.finish(answer)
    assert "oauth_code_refused" == caught.value.verdict.id
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


Describe = Callable[[DemoResponse | Callable[[str], DemoResponse]], list[DemoRequest]]


def metadata(uri: str, **changes: str) -> bytes:
    """The metadata of a tenant whose endpoints lie below this address."""
    content = {"issuer": uri, "authorization_endpoint": f"{uri}/authorize"}
    return json.dumps(content | {"token_endpoint": f"{uri}/token"} | changes).encode()


@pytest.fixture
def describe(microsoft: Stage, demo_certificate: Certificate) -> Iterator[Describe]:
    """Replace the tenant's metadata by this response, or by one that is made of the server's uri.

    Returns the recorded requests.
    """
    servers: list[AnsweringServer] = []

    def described(answer: DemoResponse | Callable[[str], DemoResponse]) -> list[DemoRequest]:
        asked: list[DemoRequest] = []

        def answered(request: DemoRequest) -> DemoResponse:
            asked.append(request)
            return answer if isinstance(answer, DemoResponse) else answer(uri)

        servers.append(AnsweringServer(demo_certificate, answered))
        servers[-1].start()
        uri = f"https://localhost:{servers[-1].port}/demo/oauth2/v2.0"
        microsoft.provider = changed(
            microsoft.provider, authorize_uri=f"{uri}/authorize", token_uri=f"{uri}/token"
        )
        return asked

    yield described
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    ("answer", "kind", "verdict"),
    [
        (
            DemoResponse(
                400,
                b'{"error": "invalid_tenant", "error_codes": [90002],'
                b' "error_description": "AADSTS90002: Tenant \'demo\' not found."}',
            ),
            Misconfigured,
            "ms_tenant_unknown",
        ),
        (DemoResponse(400, b'{"error": "invalid_tenant"}'), Misconfigured, "ms_tenant_unknown"),
        (DemoResponse(403, b"<html>Blocked", "text/html"), TryAgain, "filter_refused"),
        (DemoResponse(404, b""), TryAgain, "filter_refused"),
        (DemoResponse(407, b"<html>", "text/html"), TryAgain, "filter_refused"),
        (DemoResponse(511, b"<html>", "text/html"), TryAgain, "filter_refused"),
        (DemoResponse(400, b"<html>", "text/html"), TryAgain, "answer_not_the_providers"),
        (DemoResponse(429, b""), TryAgain, "too_many_requests"),
        (DemoResponse(408, b""), TryAgain, "oauth_server_trouble"),
        (DemoResponse(503, b""), TryAgain, "oauth_server_trouble"),
        (DemoResponse(200, b"<html>", "text/html"), TryAgain, "answer_not_the_providers"),
        (DemoResponse(200, b"[]"), TryAgain, "answer_not_the_providers"),
        (DemoResponse(200, b"{}"), TryAgain, "answer_not_the_providers"),
        (DemoResponse(200, b'{"token_endpoint": 1}'), TryAgain, "answer_not_the_providers"),
        (DemoResponse(204), TryAgain, "answer_not_the_providers"),
        (
            DemoResponse(302, headers={"Location": "https://localhost:1/"}),
            TryAgain,
            "answer_not_the_providers",
        ),
        (FaultyResponse(drop=True), TryAgain, "connection_broken"),
    ],
)
def test_discovery(
    microsoft: Stage,
    describe: Describe,
    answer: DemoResponse,
    kind: type[AppError],
    verdict: str,
) -> None:
    """An unknown tenant and a tenant that can't be requested give different errors."""
    asked = describe(answer)
    with pytest.raises(AppError) as caught:
        began(microsoft.registration, microsoft.network())
    assert (kind, verdict) == (type(caught.value), caught.value.verdict.id)
    if kind is Misconfigured:
        assert "demo" in caught.value.message
    assert ["/demo/v2.0/.well-known/openid-configuration"] == [request.target for request in asked]


@pytest.mark.parametrize("encode", [gzip.compress, lambda content: b"\xef\xbb\xbf" + content])
def test_metadata_in_other_forms(
    microsoft: Stage, describe: Describe, encode: Callable[[bytes], bytes]
) -> None:
    """The tenant's metadata is read like an answer with tokens, compressed unasked too."""
    describe(lambda uri: DemoResponse(200, encode(metadata(uri))))
    _, url, _ = began(microsoft.registration, microsoft.network())
    assert url.startswith(microsoft.provider.authorize_uri + "?")


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"token_endpoint": "http://localhost:{port}/x/token"},
        {"token_endpoint": "https://127.0.0.1:{port}/x/token"},
        {"token_endpoint": "https://[/x/token"},
        {"authorization_endpoint": "http://localhost:{port}/x/authorize"},
        {"authorization_endpoint": "file:///etc/passwd"},
    ],
)
def test_discovery_leads_nowhere_else(
    microsoft: Stage,
    describe: Describe,
    elsewhere: dict[str, str],
) -> None:
    """Code and secret are sent to no other host and never without TLS; no other page opens."""
    with FaultyAuthorizationServer() as other:
        port = urlsplit(other.token_uri).port
        changes = {name: address.format(port=port) for name, address in elsewhere.items()}
        describe(lambda uri: DemoResponse(200, metadata(uri, **changes)))
        with pytest.raises(Misconfigured) as caught:
            began(microsoft.registration, microsoft.network())
        assert "endpoint_elsewhere" == caught.value.verdict.id
        assert 0 == other.token_requests


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nbf": NOW + 10**9, "iat": NOW + 10**9, "exp": NOW + 10**9 + 60},
        {"exp": 1},
        {"aud": "another-client"},
        {"iss": 7, "aud": None, "exp": "soon"},
    ],
    ids=str,
)
def test_odd_id_tokens(stage: Stage, claims: dict[str, object]) -> None:
    """A wrong clock or an odd claim costs no sign-in: the account's name is only a hint."""
    client, url, _ = began(stage.registration, stage.network())
    answer = consented(stage, url)
    content = json.dumps({"preferred_username": "me@demo.example", **claims}).encode()
    payload = urlsafe_b64encode(content).decode().rstrip("=")
    stage.server.faults.append(answer_of(id_token=f"e30.{payload}.c2ln"))
    tokens = client.finish(answer)
    assert ("the-access-token", "me@demo.example") == (tokens.access, tokens.account)
