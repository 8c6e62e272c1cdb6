"""The demo's sign-in page as a user meets it, and that the tests' strict server is strict."""

import json
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from core.demo.authorization_server import AuthorizationServer
from core.demo.grants import Grants
from core.oauth.sign_in.certificate import Certificate
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault
from servers import MakeStage

REDIRECT = "http://localhost:1/back"
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123"
ASKED = {
    "client_id": "demo",
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "scope": "mail",
    "state": "the-state",
    "code_challenge": "cVXf09oPcQ0ZasbAGPFsx4C8l6I7oLDbj9z7rswBFb4",
    "code_challenge_method": "S256",
}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Give the 303 to the test."""


def send(
    certificate: Certificate, url: str, form: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of the response to one request."""
    context = ssl.create_default_context(cadata=certificate.certificate_pem.decode())
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context), _NoRedirect()
    )
    body = None if form is None else urlencode(form).encode()
    answer: HTTPResponse | urllib.error.HTTPError
    try:
        answer = opener.open(url, body, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status or 0, dict(answer.headers), answer.read().decode()


def query_of(headers: dict[str, str]) -> dict[str, str]:
    """What a redirect to the application carries."""
    assert headers["Location"].startswith(REDIRECT)
    return dict(parse_qsl(urlsplit(headers["Location"]).query))


@pytest.fixture
def page(demo_certificate: Certificate) -> Iterator[str]:
    """The address of the sign-in page, up to the question mark."""
    grants = Grants("o'neil@demo.example")
    with AuthorizationServer(demo_certificate, grants, automatic_consent=False) as server:
        yield server.authorize_uri


@pytest.mark.parametrize(
    ("decision", "expected"),
    [("allow", ("code", "state")), ("deny", ("error", "error_description", "state"))],
)
def test_the_page_asks_and_a_button_answers(
    demo_certificate: Certificate, page: str, decision: str, expected: tuple[str, ...]
) -> None:
    """The user sees whose mailbox it is about, presses a button, and the application is told."""
    url = f"{page}?{urlencode(ASKED | {'login_hint': '<b>me'})}"
    status, headers, text = send(demo_certificate, url)
    assert (200, "no-store") == (status, headers["Cache-Control"])
    assert re.search("Allow</button>.*Deny</button>", text, re.DOTALL)
    assert "o&#x27;neil@demo.example" in text
    assert "&lt;b&gt;me" in text
    assert "<b>me" not in text

    status, headers, _ = send(demo_certificate, url, {"decision": decision})
    assert 303 == status
    assert expected == tuple(sorted(query_of(headers)))
    assert "the-state" == query_of(headers)["state"]


@pytest.mark.parametrize(
    "query",
    [
        urlencode(ASKED | {"redirect_uri": "https://evil.example/"}),
        urlencode(ASKED | {"redirect_uri": "http://[::1"}),
        urlencode(ASKED | {"client_id": "somebody"}),
        "client_id=%zz",
    ],
)
def test_a_doubtful_request_ends_on_a_page(
    demo_certificate: Certificate, page: str, query: str
) -> None:
    """Nothing is sent to an address that isn't the application's."""
    status, headers, text = send(demo_certificate, f"{page}?{query}")
    assert 400 == status
    assert "Location" not in headers
    assert "Start the sign-in again" in text


def test_a_request_without_pkce_is_sent_back(demo_certificate: Certificate, page: str) -> None:
    """The application is told."""
    asked = {name: value for name, value in ASKED.items() if not name.startswith("code")}
    _, headers, _ = send(demo_certificate, f"{page}?{urlencode(asked)}")
    assert "invalid_request" == query_of(headers)["error"]


def post(server: FaultyAuthorizationServer, **form: str) -> dict[str, Any]:
    """The token endpoint's JSON."""
    answer = send(server.certificate, server.token_uri, {"client_id": "demo", **form})
    parsed: dict[str, Any] = json.loads(answer[2])
    return parsed


def refresh(server: FaultyAuthorizationServer, token: str) -> dict[str, Any]:
    """One refresh."""
    return post(server, grant_type="refresh_token", refresh_token=token)


def exchange(server: FaultyAuthorizationServer, code: str, verifier: str) -> dict[str, Any]:
    """The exchange of a code."""
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    return post(server, code=code, code_verifier=verifier, **form)


def code_of(server: FaultyAuthorizationServer) -> str:
    """What a consent gives."""
    _, headers, _ = send(server.certificate, f"{server.authorize_uri}?{urlencode(ASKED)}")
    return query_of(headers)["code"]


def test_the_strict_server_is_strict(make_stage: MakeStage) -> None:
    """A wrong verifier is refused; what is used twice ends its grant; tokens expire."""
    now = [1_000.0]
    server = make_stage(server={"token_lifetime": 100}, clock=lambda: now[0]).server
    code = code_of(server)
    assert "invalid_grant" == exchange(server, code, VERIFIER + "x")["error"]
    first = exchange(server, code, VERIFIER)
    assert "you@demo.example" == server.account_of(first["access_token"])
    second = refresh(server, first["refresh_token"])
    assert "invalid_grant" == refresh(server, first["refresh_token"])["error"]
    assert server.account_of(second["access_token"]) is None
    assert "invalid_grant" == refresh(server, second["refresh_token"])["error"]

    code = code_of(server)
    tokens = exchange(server, code, VERIFIER)
    now[0] += 100
    assert server.account_of(tokens["access_token"]) is None
    assert "invalid_grant" == exchange(server, code, VERIFIER)["error"]
    assert "invalid_grant" == refresh(server, tokens["refresh_token"])["error"]
    issued = {first["access_token"], second["refresh_token"], code, VERIFIER, "the-state"}
    assert issued <= server.issued


def test_faults_come_once(make_stage: MakeStage) -> None:
    """Lost without effect, late, and lost after the rotation."""
    server = make_stage().server
    tokens = exchange(server, code_of(server), VERIFIER)
    server.faults.append(Fault(drop=True))
    with pytest.raises(OSError, match=r"reset|closed|EOF"):
        refresh(server, tokens["refresh_token"])
    server.faults.append(Fault(late=True, delay=0.1))
    tokens = refresh(server, tokens["refresh_token"])
    assert 1 == server.refreshes

    server.faults.append(Fault(500, b"{}", commit=True))
    assert {} == refresh(server, tokens["refresh_token"])
    assert 2 == server.refreshes
    assert "invalid_grant" == refresh(server, tokens["refresh_token"])["error"]
