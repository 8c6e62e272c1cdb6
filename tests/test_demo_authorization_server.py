"""The rehearsal's authorization server, asked by the clients that the program uses."""

import base64
import hashlib
import json
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msal
import pytest
import requests
from requests_oauthlib import OAuth2Session

from core.demo.authorization_server import AuthorizationServer, Fault
from core.oauth.sign_in.certificate import Certificate, self_signed

REDIRECT = "http://localhost:1/back"
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
ASKED = {
    "client_id": "demo",
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "scope": "mail offline_access",
    "state": "the-state",
    "code_challenge": CHALLENGE.decode(),
    "code_challenge_method": "S256",
}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": "demo",
    "redirect_uri": REDIRECT,
    "code_verifier": VERIFIER,
}

TOKEN_REQUEST = b"POST /demo/oauth2/v2.0/token HTTP/1.0\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    """One certificate serves all of them."""
    return self_signed()


@pytest.fixture(scope="module")
def trusted(certificate: Certificate, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The certificate as a file, which is how `requests` wants it."""
    path: Path = tmp_path_factory.mktemp("trusted") / "ca.pem"
    path.write_bytes(certificate.certificate_pem)
    return str(path)


@pytest.fixture
def start(certificate: Certificate) -> Iterator[Callable[..., AuthorizationServer]]:
    """Start servers that end with the test; nobody is asked for consent unless the test says so."""
    servers: list[AuthorizationServer] = []

    def started(**options: Any) -> AuthorizationServer:
        defaults: dict[str, Any] = {"certificate": certificate, "automatic_consent": True}
        servers.append(AuthorizationServer(**defaults | options))
        return servers[-1]

    yield started
    for server in servers:
        server.close()


@pytest.fixture
def server(start: Callable[..., AuthorizationServer]) -> AuthorizationServer:
    """The server as it is by default."""
    return start()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Give the 303 to the test."""


def send(
    server: AuthorizationServer, url: str, form: dict[str, str] | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one request that trusts the server's certificate."""
    context = ssl.create_default_context(cadata=server.certificate.certificate_pem.decode())
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=context),
        _NoRedirect(),
    )
    body = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, body, headers)  # noqa: S310  # the server's own address
    answer: HTTPResponse | urllib.error.HTTPError
    try:
        answer = opener.open(request, timeout=5)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status or 0, dict(answer.headers), answer.read().decode()


def secure_socket(server: AuthorizationServer) -> ssl.SSLSocket:
    """For what no HTTP client would do."""
    context = ssl.create_default_context(cadata=server.certificate.certificate_pem.decode())
    plain = socket.create_connection(("127.0.0.1", urlsplit(server.origin).port or 0), timeout=5)
    return context.wrap_socket(plain, server_hostname="localhost")


def authorize(server: AuthorizationServer, **changes: str) -> dict[str, str]:
    """What the redirect carries; a field changed to nothing is left out."""
    asked = {name: value for name, value in (ASKED | changes).items() if value}
    status, headers, _ = send(server, f"{server.authorize_uri}?{urlencode(asked)}")
    assert 303 == status
    assert headers["Location"].startswith(asked["redirect_uri"])
    return dict(parse_qsl(urlsplit(headers["Location"]).query))


def ask_token(
    server: AuthorizationServer, form: dict[str, str], **headers: str
) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the token endpoint's answer."""
    status, _, text = send(server, server.token_uri, form, **headers)
    return status, json.loads(text)


def sign_in(server: AuthorizationServer, **changes: str) -> dict[str, Any]:
    """The whole code flow, by hand."""
    code = authorize(server, **changes)["code"]
    status, tokens = ask_token(server, EXCHANGE | {"code": code})
    assert 200 == status
    return tokens


def refresh(server: AuthorizationServer, token: str, **more: str) -> tuple[int, dict[str, Any]]:
    """One refresh, as RFC 6749 section 6 has it."""
    form = {"grant_type": "refresh_token", "client_id": "demo", "refresh_token": token}
    return ask_token(server, form | more)


def test_requests_oauthlib_signs_in_and_refreshes(
    server: AuthorizationServer, trusted: str
) -> None:
    """The library of the plain providers gets tokens with PKCE, and new ones by a refresh."""
    with OAuth2Session("demo", redirect_uri=REDIRECT, scope=["mail"], pkce="S256") as session:
        session.trust_env = False
        url, state = session.authorization_url(server.authorize_uri)
        back = session.get(url, verify=trusted, allow_redirects=False, withhold_token=True)
        location = back.headers["Location"].replace("http:", "https:")
        tokens = session.fetch_token(
            server.token_uri,
            authorization_response=location,
            verify=trusted,
            include_client_id=True,
        )
        assert (state, "S256") == (
            server.last_authorize_query["state"],
            server.last_authorize_query["code_challenge_method"],
        )
        assert "you@demo.example" == server.account_of(tokens["access_token"])
        newer = session.refresh_token(server.token_uri, client_id="demo", verify=trusted)
        assert "you@demo.example" == server.account_of(newer["access_token"])
        assert tokens["refresh_token"] != newer["refresh_token"]


@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
def test_msal_signs_in_and_refreshes(server: AuthorizationServer, trusted: str) -> None:
    """Microsoft's library accepts discovery, PKCE, nonce, id token and refresh."""
    with requests.Session() as session:
        session.verify, session.trust_env = trusted, False
        application = msal.PublicClientApplication(
            "demo",
            authority=f"{server.origin}/demo",
            instance_discovery=False,
            http_client=session,
        )
        flow = application.initiate_auth_code_flow(
            ["mail"], redirect_uri="http://localhost:1", response_mode="query"
        )
        back = session.get(flow["auth_uri"], allow_redirects=False)
        answer = dict(parse_qsl(urlsplit(back.headers["Location"]).query))
        tokens = application.acquire_token_by_auth_code_flow(flow, answer)
        assert "you@demo.example" == tokens["id_token_claims"]["preferred_username"]
        assert "you@demo.example" == server.account_of(tokens["access_token"])
        newer = application.acquire_token_by_refresh_token(tokens["refresh_token"], ["mail"])
        assert "you@demo.example" == server.account_of(newer["access_token"])
        assert 1 == server.refreshes


def test_both_loopback_addresses_answer(server: AuthorizationServer) -> None:
    """127.0.0.1 and ::1 serve the same port."""
    for host in ("127.0.0.1", "[::1]"):
        url = (
            server.origin.replace("localhost", host) + "/demo/v2.0/.well-known/openid-configuration"
        )
        _, _, text = send(server, url)
        assert server.token_uri == json.loads(text)["token_endpoint"]


def test_a_stranger_distrusts_the_certificate(server: AuthorizationServer) -> None:
    """Without the certificate among the trusted ones, there is no conversation."""
    with (
        socket.create_connection(("127.0.0.1", urlsplit(server.origin).port or 0)) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")
    assert "code" in authorize(server)


def test_a_silent_client_holds_up_nobody(server: AuthorizationServer) -> None:
    """A connection without a TLS handshake leaves the others alone."""
    with socket.create_connection(("127.0.0.1", urlsplit(server.origin).port or 0)):
        assert "code" in authorize(server)


def test_other_addresses_are_not_found(server: AuthorizationServer) -> None:
    """What isn't an endpoint is a 404; the token endpoint takes no GET."""
    assert 404 == send(server, server.origin + "/favicon.ico")[0]
    assert 404 == send(server, server.token_uri)[0]


def test_too_large_a_form_is_refused(server: AuthorizationServer) -> None:
    """The body is bounded, and isn't even read."""
    with secure_socket(server) as client:
        client.sendall(TOKEN_REQUEST % (1 << 30))
        assert client.recv(4096).startswith(b"HTTP/1.0 413 ")
    assert 0 == server.token_requests


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("automatic", [True, False])
def test_faulty_authorize_requests_are_sent_back(
    start: Callable[..., AuthorizationServer], changes: dict[str, str], error: str, automatic: bool
) -> None:
    """The application is told by the redirect, with its state."""
    answer = authorize(start(automatic_consent=automatic), **changes)
    assert (error, "the-state") == (answer["error"], answer["state"])


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://localhost.evil.example/"},
        {"redirect_uri": "file://localhost/etc/passwd"},
        {"redirect_uri": "http://[::1"},
        {"redirect_uri": ""},
        {"client_id": "somebody"},
    ],
)
@pytest.mark.parametrize("automatic", [True, False])
def test_nothing_is_sent_to_a_doubtful_address(
    start: Callable[..., AuthorizationServer], changes: dict[str, str], automatic: bool
) -> None:
    """A wrong client or redirect address gives a page, not a redirect."""
    server = start(automatic_consent=automatic)
    status, headers, _ = send(server, f"{server.authorize_uri}?{urlencode(ASKED | changes)}")
    assert 400 == status
    assert "Location" not in headers


def test_a_malformed_query_is_refused(server: AuthorizationServer) -> None:
    """No traceback, a page."""
    assert 400 == send(server, server.authorize_uri + "?client_id=%zz")[0]


@pytest.mark.parametrize(
    "redirect_uri",
    ["https://localhost", "http://127.0.0.1:8080/x", "http://[::1]:9/", "https://app.example/back"],
)
def test_loopback_and_registered_addresses_get_the_code(
    start: Callable[..., AuthorizationServer], redirect_uri: str
) -> None:
    """Any port and path on loopback, and what is registered."""
    server = start(redirect_uris=["https://app.example/back"])
    assert "code" in authorize(server, redirect_uri=redirect_uri)


def test_the_page_asks_and_allow_gives_the_code(start: Callable[..., AuthorizationServer]) -> None:
    """The person sees whom it is about, presses Allow, and the application gets its code."""
    server = start(automatic_consent=False, account="o'neil@demo.example")
    asked = ASKED | {"login_hint": "<b>me"}
    url = f"{server.authorize_uri}?{urlencode(asked)}"
    status, headers, page = send(server, url)
    assert (200, "no-store") == (status, headers["Cache-Control"])
    assert re.search("Allow</button>.*Deny</button>", page, re.DOTALL)
    assert "o&#x27;neil@demo.example" in page
    assert "&lt;b&gt;me" in page
    assert "<b>me" not in page
    status, headers, _ = send(server, url, {"decision": "allow"})
    answer = dict(parse_qsl(urlsplit(headers["Location"]).query))
    assert (303, "the-state") == (status, answer["state"])
    status, tokens = ask_token(server, EXCHANGE | {"code": answer["code"]})
    assert "o'neil@demo.example" == server.account_of(tokens["access_token"])
    assert 1 == server.authorize_requests


def test_deny_gives_access_denied(start: Callable[..., AuthorizationServer]) -> None:
    """The other button, or none, sends a refusal with the state and no code."""
    server = start(automatic_consent=False)
    url = f"{server.authorize_uri}?{urlencode(ASKED)}"
    for decision in ("deny", ""):
        _, headers, _ = send(server, url, {"decision": decision})
        answer = dict(parse_qsl(urlsplit(headers["Location"]).query))
        assert ("access_denied", "the-state") == (answer["error"], answer["state"])
        assert "code" not in answer


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": VERIFIER + "x"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"code": "unknown"}, "invalid_grant"),
        ({"redirect_uri": "http://localhost:2/"}, "invalid_request"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"client_secret": "for a public client"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_is_refused(
    server: AuthorizationServer, changes: dict[str, str], error: str
) -> None:
    """Code, verifier, redirect address and client must all be those of the authorize request."""
    form = EXCHANGE | {"code": authorize(server)["code"]} | changes
    status, answer = ask_token(server, {name: value for name, value in form.items() if value})
    assert status in (400, 401)
    assert error == answer["error"]
    assert "access_token" not in answer


@pytest.mark.parametrize("query", ["?code=x", "?%zz"])
def test_the_token_endpoint_takes_no_query(server: AuthorizationServer, query: str) -> None:
    """RFC 6749 section 3.2: a secret in an address ends up in logs."""
    status, _, text = send(server, server.token_uri + query, EXCHANGE)
    assert (400, "invalid_request") == (status, json.loads(text)["error"])


def test_malformed_basic_is_refused(server: AuthorizationServer) -> None:
    """What can't be read authenticates nobody."""
    form = EXCHANGE | {"code": authorize(server)["code"]}
    status, answer = ask_token(server, form, Authorization="Basic %%%")
    assert (401, "invalid_client") == (status, answer["error"])


def test_a_code_works_once_and_its_reuse_kills_the_grant(server: AuthorizationServer) -> None:
    """The second use is invalid_grant, and the tokens of the first are dead."""
    form = EXCHANGE | {"code": authorize(server)["code"]}
    _, tokens = ask_token(server, form)
    assert "invalid_grant" == ask_token(server, form)[1]["error"]
    assert server.account_of(tokens["access_token"]) is None


def test_codes_and_access_tokens_end_by_the_clock(
    start: Callable[..., AuthorizationServer],
) -> None:
    """Ten minutes for a code, the announced lifetime for a token."""
    now = [1_000.0]
    server = start(clock=lambda: now[0], token_lifetime=100)
    tokens = sign_in(server)
    code = authorize(server)["code"]
    assert 100 == tokens["expires_in"]
    now[0] += 99
    assert "you@demo.example" == server.account_of(tokens["access_token"])
    now[0] += 1
    assert server.account_of(tokens["access_token"]) is None
    now[0] += 500
    assert "invalid_grant" == ask_token(server, EXCHANGE | {"code": code})[1]["error"]
    server.token_lifetime = 7
    assert 7 == refresh(server, tokens["refresh_token"])[1]["expires_in"]


def test_rotation_and_reuse_kill_the_grant(server: AuthorizationServer) -> None:
    """Each refresh gives a new refresh token; an old one ends everything."""
    first = sign_in(server)
    _, second = refresh(server, first["refresh_token"])
    assert first["refresh_token"] != second["refresh_token"]
    assert "you@demo.example" == server.account_of(second["access_token"])
    assert "invalid_grant" == refresh(server, first["refresh_token"])[1]["error"]
    assert "invalid_grant" == refresh(server, second["refresh_token"])[1]["error"]
    assert server.account_of(second["access_token"]) is None
    assert 1 == server.refreshes


def test_any_scope_is_granted_at_any_time(server: AuthorizationServer) -> None:
    """None asked for gives the default; a refresh may ask for more."""
    tokens = sign_in(server, scope="")
    assert "mail" == tokens["scope"]
    _, newer = refresh(server, tokens["refresh_token"], scope="mail openid")
    assert "mail openid" == newer["scope"]
    assert "id_token" in newer


def test_without_rotation_the_refresh_token_stays(
    start: Callable[..., AuthorizationServer],
) -> None:
    """The answer has none (Google's way), and the old one works again."""
    server = start(rotating=False)
    tokens = sign_in(server)
    for _ in range(2):
        status, newer = refresh(server, tokens["refresh_token"])
        assert 200 == status
        assert "refresh_token" not in newer


def test_a_server_can_give_no_refresh_token(start: Callable[..., AuthorizationServer]) -> None:
    """Some providers give none."""
    assert "refresh_token" not in sign_in(start(gives_refresh_token=False))


def test_revoking_ends_every_token(server: AuthorizationServer) -> None:
    """The refresh is invalid_grant, the access token is nobody's; a new sign-in works."""
    tokens = sign_in(server)
    server.revoke_grants()
    assert server.account_of(tokens["access_token"]) is None
    assert "invalid_grant" == refresh(server, tokens["refresh_token"])[1]["error"]
    assert "you@demo.example" == server.account_of(sign_in(server)["access_token"])


def revoke(server: AuthorizationServer, **form: str) -> int:
    """The status of one revocation, as RFC 7009 section 2.1 has it."""
    return send(server, server.revocation_uri, {"client_id": "demo", **form})[0]


def test_a_revoked_refresh_token_ends_its_grant(server: AuthorizationServer) -> None:
    """And the access tokens of it; a second time, and an unknown token, are no error (RFC 7009)."""
    tokens = sign_in(server)
    for token in (tokens["refresh_token"], tokens["refresh_token"], "unknown"):
        assert 200 == revoke(server, token=token, token_type_hint="refresh_token")
    assert server.account_of(tokens["access_token"]) is None
    assert "invalid_grant" == refresh(server, tokens["refresh_token"])[1]["error"]


def test_a_revoked_access_token_leaves_the_grant(server: AuthorizationServer) -> None:
    """It alone ends."""
    tokens = sign_in(server)
    assert 200 == revoke(server, token=tokens["access_token"])
    assert server.account_of(tokens["access_token"]) is None
    assert 200 == refresh(server, tokens["refresh_token"])[0]


def test_only_the_client_revokes(start: Callable[..., AuthorizationServer]) -> None:
    """Its id and its secret must be right, and a token must be named."""
    server = start(client_secret="the-secret")
    assert 401 == revoke(server, token="x")
    assert 401 == revoke(server, token="x", client_secret="wrong")
    assert 200 == revoke(server, token="x", client_secret="the-secret")
    assert 400 == revoke(server, client_secret="the-secret")
    assert 1 == server.revocations


def test_expiring_access_tokens_leaves_the_refresh_token(server: AuthorizationServer) -> None:
    """The access token is nobody's, the refresh gives a new one."""
    tokens = sign_in(server)
    server.expire_access_tokens()
    assert server.account_of(tokens["access_token"]) is None
    assert 200 == refresh(server, tokens["refresh_token"])[0]


def test_the_id_token_names_the_account_it_is_told_to(server: AuthorizationServer) -> None:
    """A test can let another person sign in; without `openid` there is no id token."""
    assert "id_token" not in sign_in(server)
    server.id_token_account = "other@demo.example"
    id_token = sign_in(server, scope="openid mail", nonce="the-nonce")["id_token"]
    payload = id_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert ("demo", "the-nonce") == (claims["aud"], claims["nonce"])
    assert 2 * ("other@demo.example",) == (claims["email"], claims["preferred_username"])


@pytest.mark.parametrize("by_basic", [True, False])
def test_a_secret_must_be_right(start: Callable[..., AuthorizationServer], by_basic: bool) -> None:
    """In the form or by Basic; then PKCE may be missing."""
    server = start(client_secret="s3cret")
    code = authorize(server, code_challenge="", code_challenge_method="")["code"]
    form = {name: value for name, value in EXCHANGE.items() if name != "code_verifier"}
    statuses = []
    for secret in ("wrong", "", "s3cret"):
        basic = base64.b64encode(f"demo:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"} if by_basic else {}
        sent = form if by_basic else form | {"client_secret": secret}
        status, answer = ask_token(server, sent | {"code": code}, **headers)
        statuses.append((status, answer.get("error")))
    assert [(401, "invalid_client"), (401, "invalid_client"), (200, None)] == statuses
    assert "s3cret" in server.issued


def test_pkce_of_a_client_with_a_secret_is_checked(
    start: Callable[..., AuthorizationServer],
) -> None:
    """Optional isn't ignored."""
    server = start(client_secret="s3cret")
    form = EXCHANGE | {"client_secret": "s3cret", "code_verifier": VERIFIER + "x"}
    code = authorize(server)["code"]
    assert "invalid_grant" == ask_token(server, form | {"code": code})[1]["error"]


def test_every_secret_is_noted(server: AuthorizationServer) -> None:
    """Tests search what is printed for them."""
    tokens = sign_in(server, scope="openid")
    code = server.last_token_form["code"]
    _, newer = refresh(server, tokens["refresh_token"])
    expected = {"the-state", VERIFIER, code, tokens["id_token"], newer["refresh_token"]}
    expected |= {tokens["access_token"], tokens["refresh_token"], newer["access_token"]}
    assert expected <= server.issued
    assert "demo" not in server.issued


def test_requests_are_counted_and_kept(server: AuthorizationServer) -> None:
    """Tests look at what was sent."""
    tokens = sign_in(server, prompt="select_account")
    assert "select_account" == server.last_authorize_query["prompt"]
    refresh(server, tokens["refresh_token"], scope="mail")
    assert "mail" == server.last_token_form["scope"]
    refresh(server, "unknown")
    assert (1, 3, 1) == (server.authorize_requests, server.token_requests, server.refreshes)


def test_a_fault_is_given_once_and_leaves_the_grant(server: AuthorizationServer) -> None:
    """The second request gets the real answer, with the same refresh token."""
    tokens = sign_in(server)
    server.faults.append(Fault(503, b"busy", "text/plain", {"Retry-After": "7"}))
    status, headers, text = send(
        server,
        server.token_uri,
        {
            "grant_type": "refresh_token",
            "client_id": "demo",
            "refresh_token": tokens["refresh_token"],
        },
    )
    assert (503, "busy", "7") == (status, text, headers["Retry-After"])
    assert "text/plain" == headers["Content-Type"]
    assert 0 == server.refreshes
    assert 200 == refresh(server, tokens["refresh_token"])[0]
    assert 3 == server.token_requests


def test_a_dropped_request_is_reset_and_leaves_the_grant(server: AuthorizationServer) -> None:
    """TCP says reset, not end; a retry works."""
    tokens = sign_in(server)
    server.faults.append(Fault(drop=True))
    client = secure_socket(server)
    client.sendall(TOKEN_REQUEST % 0)
    # Below TLS, since Python tells a reset from an end there only from 3.11.9 on (gh-115627).
    with socket.socket(fileno=client.detach()) as plain:
        plain.settimeout(5)
        with pytest.raises(ConnectionResetError):
            deque(iter(lambda: plain.recv(4096), b""))
    assert 200 == refresh(server, tokens["refresh_token"])[0]


def test_a_lost_answer_has_rotated_the_token(server: AuthorizationServer) -> None:
    """With `commit` the refresh happened: the old token is dead though no answer came."""
    tokens = sign_in(server)
    server.faults.append(Fault(drop=True, commit=True))
    with pytest.raises((urllib.error.URLError, ConnectionResetError)):
        refresh(server, tokens["refresh_token"])
    assert 1 == server.refreshes
    assert "invalid_grant" == refresh(server, tokens["refresh_token"])[1]["error"]


def test_a_fault_can_be_late(server: AuthorizationServer) -> None:
    """The delay passes before the answer, and others are served meanwhile."""
    server.faults.append(Fault(500, b"{}", delay=0.3))
    began = time.monotonic()
    late = threading.Thread(target=refresh, args=(server, "unknown"))
    late.start()
    while not server.token_requests:
        time.sleep(0.005)
    assert 400 == refresh(server, "unknown")[0]
    assert time.monotonic() - began < 0.25
    late.join()
    assert time.monotonic() - began >= 0.3


def test_an_answer_can_stall_and_the_server_still_ends_at_once(
    server: AuthorizationServer,
) -> None:
    """Two bytes come, then nothing until the close, which is quick."""
    server.faults.append(Fault(body=b"{}}}", pause_after=2))
    with secure_socket(server) as client:
        client.sendall(TOKEN_REQUEST % 0)
        received = b""
        while not received.endswith(b"{}"):
            received += client.recv(4096)
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(1)
        began = time.monotonic()
        server.close()
        assert time.monotonic() - began < 0.3
    assert b"Content-Length: 4" in received


def test_the_context_ends_the_server(certificate: Certificate) -> None:
    """Afterwards nobody listens."""
    with AuthorizationServer(certificate=certificate) as server:
        port = urlsplit(server.origin).port or 0
        socket.create_connection(("::1", port)).close()
    for host in ("127.0.0.1", "::1"):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, port))


def test_close_is_quick_while_a_client_is_silent(server: AuthorizationServer) -> None:
    """Neither a missing handshake nor a second close holds it up; clients and port are let go."""
    port = urlsplit(server.origin).port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=2) as client:
        assert "code" in authorize(server)  # by now the client before it is accepted
        began = time.monotonic()
        server.close()
        server.close()
        assert time.monotonic() - began < 0.3
        assert b"" == client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()
