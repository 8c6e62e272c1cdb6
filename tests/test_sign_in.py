"""Tests of the whole sign-in: a second road where consent is refused, scopes, and its end."""

import http.client
import json
import socket
import ssl
import threading
import urllib.request
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from core.errors import AppError, ExitCode, Misconfigured, SignInNeeded, TryAgain
from core.mailbox.get_token import get_token
from core.model import FlowKind, Note
from faulty_servers.responses import Fault
from servers import ADDRESS, PATIENT, MakeStage, Stage

SCOPES = ("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access")
DAY = 86400.0


def refusal(code: int) -> Fault:
    """An answer to the code in Microsoft's form."""
    content = {
        "error": "invalid_grant",
        "error_description": f"AADSTS{code}: Consent is needed.",
        "error_codes": [code],
    }
    return Fault(400, json.dumps(content).encode())


@pytest.fixture
def microsoft(make_stage: MakeStage) -> Stage:
    """A provider whose sign-in uses msal, with the scopes of Thunderbird."""
    return make_stage(flow=FlowKind.MICROSOFT, scopes=SCOPES)


def asked_scopes(stage: Stage) -> list[set[str]]:
    """The scopes of each page that was opened."""
    queries = [parse_qs(urlsplit(url).query) for url in stage.browser.opened]
    return [set(query["scope"][0].split()) for query in queries]


def warnings(stage: Stage) -> list[str]:
    """The notes that the user should read."""
    return [e.text for e in stage.events if isinstance(e, Note) and e.warning]


@pytest.mark.parametrize("code", [65001, 90094, 90095])
def test_the_second_road(microsoft: Stage, code: int) -> None:
    """Where consent is refused, the page opens once more, without the scopes that msal adds."""
    microsoft.server.faults.append(refusal(code))
    outcome = get_token(microsoft.job(), microsoft.methods())
    assert (True, True) == (outcome.renewed, outcome.checked)
    first, second = asked_scopes(microsoft)
    assert {*SCOPES, "openid", "profile"} == first
    assert set(SCOPES) == second
    assert "asks for the mail permission alone" in "".join(warnings(microsoft))
    for url in microsoft.browser.opened:  # at the same endpoint, with PKCE, for the same account
        query = parse_qs(urlsplit(url).query)
        assert url.startswith(microsoft.server.authorize_uri + "?")
        assert (["S256"], [ADDRESS]) == (query["code_challenge_method"], query["login_hint"])
    assert ADDRESS == microsoft.server.account_of(microsoft.file().access)


class Refusing:
    """Microsoft's page that lets the user go back without consent; then an ordinary browser."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def __call__(self, url: str) -> bool:
        """Open the page."""
        if self._stage.browser.opened:
            return self._stage.browser(url)
        self._stage.browser.opened.append(url)
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        answer = {
            "error": "access_denied",
            "error_description": "AADSTS90094: An administrator has set a policy.",
            "state": query["state"],
        }
        page = f"{query['redirect_uri']}?{urlencode(answer)}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        threading.Thread(target=lambda: opener.open(page).close()).start()
        return True


def test_the_second_road_after_a_refusal_on_the_page(microsoft: Stage) -> None:
    """A refusal in the redirect leads there as one of the token endpoint does."""
    methods = microsoft.methods(open_browser=Refusing(microsoft))
    assert get_token(microsoft.job(), methods).checked
    assert [True, False] == ["openid" in scopes for scopes in asked_scopes(microsoft)]


def test_the_second_road_is_refused_too(microsoft: Stage) -> None:
    """Then the user is told what Microsoft says; there is no third try, and no file."""
    microsoft.server.faults += [refusal(90094), refusal(90094)]
    with pytest.raises(Misconfigured) as caught:
        get_token(microsoft.job(), microsoft.methods())
    assert "ms_admin_consent_needed" == caught.value.verdict.id
    assert 2 == len(microsoft.browser.opened)
    assert [] == microsoft.names()


@pytest.mark.parametrize("code", [50057, 53003, 65004, 50076, 90033])
def test_other_refusals_open_no_second_page(microsoft: Stage, code: int) -> None:
    """Fewer scopes would not help there."""
    microsoft.server.faults.append(refusal(code))
    with pytest.raises(AppError):
        get_token(microsoft.job(), microsoft.methods())
    assert 1 == len(microsoft.browser.opened)


def test_no_second_road_where_it_is_the_same(make_stage: MakeStage) -> None:
    """Neither with scopes that hold msal's already, nor at another provider."""
    for changes in (
        {"flow": FlowKind.MICROSOFT, "scopes": ("mail", "openid", "profile")},
        {"flow": FlowKind.PLAIN, "scopes": ("mail",)},
    ):
        stage = make_stage(**changes)
        stage.server.faults.append(refusal(65001))
        with pytest.raises(SignInNeeded) as caught:
            get_token(stage.job(), stage.methods())
        assert "ms_consent_missing" == caught.value.verdict.id
        assert 1 == len(stage.browser.opened)


@pytest.mark.parametrize("kind", list(FlowKind))
@pytest.mark.parametrize("check", [True, False])
def test_a_sign_in_without_the_mail_scope(
    make_stage: MakeStage, kind: FlowKind, check: bool
) -> None:
    """It is told before any login, also with --no_check, and nothing is saved."""
    stage = make_stage(flow=kind)
    content = {"access_token": "the-access-token", "scope": "openid profile email"}
    stage.server.faults.append(Fault(200, json.dumps(content).encode()))
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(check=check), stage.methods())
    assert "oauth_scope_missing" == caught.value.verdict.id
    assert ExitCode.SIGN_IN_NEEDED == caught.value.exit_code
    assert (0, []) == (stage.mailbox.logins + stage.mailbox.refusals, stage.names())


ALIAS = Fault(200, b'{"access_token": "the-access-token", "scope": "another-name-of-mail"}')


def test_scopes_of_other_names_and_a_login(stage: Stage) -> None:
    """A provider may name its scopes otherwise in an answer; a login that works is proof."""
    stage.mailbox.account_of = lambda token: ADDRESS
    stage.server.faults.append(ALIAS)
    assert get_token(stage.job(), stage.methods()).checked
    assert "the-access-token" == stage.file().access


@pytest.mark.parametrize("check", [True, False])
def test_scopes_of_other_names_without_a_login(stage: Stage, check: bool) -> None:
    """Where the login is refused, or nobody tests it, the scopes are told as the reason."""
    stage.server.faults.append(ALIAS)
    with pytest.raises(SignInNeeded) as caught:
        get_token(stage.job(check=check), stage.methods())
    assert "oauth_scope_missing" == caught.value.verdict.id
    assert [] == stage.names()


@pytest.mark.parametrize(
    ("life", "told"),
    [(7 * DAY, True), (29 * DAY, True), (31 * DAY, False), (180 * DAY, False), (None, False)],
)
def test_the_end_of_a_sign_in(stage: Stage, life: float | None, told: bool) -> None:
    """Google ends sign-ins of a registration in testing after seven days: the user is told when."""
    now = 1_767_225_600.0
    stage = replace(stage, clock=lambda: now)
    content = {
        "access_token": "the-access-token",
        "refresh_token": "the-refresh-token",
        "expires_in": 3600,
        "refresh_token_expires_in": life,
    }
    stage.server.faults.append(Fault(200, json.dumps(content).encode()))
    get_token(stage.job(check=False), stage.methods())
    ends = [text for text in warnings(stage) if "ends this sign-in" in text]
    assert told == bool(ends)
    assert stage.file().refresh_expires_at == (life and now + life)
    if life == 7 * DAY:
        assert "2026-01-0" in ends[0]


@pytest.mark.parametrize("kind", list(FlowKind))
def test_who_is_named_in_an_error(make_stage: MakeStage, kind: FlowKind) -> None:
    """The account that should sign in, and the wait that the server asks for."""
    stage = make_stage(flow=kind)
    headers = {"Retry-After": "7"}
    stage.server.faults.append(Fault(400, b'{"error": "slow_down"}', headers=headers))
    with pytest.raises(TryAgain) as caught:
        get_token(stage.job(login_hint="delegate@demo.example"), stage.methods())
    assert 7 == caught.value.retry_after
    assert "delegate@demo.example" == caught.value.parameters["address"]


class HalfBrowser:
    """Brings the answer, but doesn't fetch the closing page."""

    def __init__(self, stage: Stage) -> None:
        """Trust the servers of this stage."""
        self._context = ssl.create_default_context(cafile=str(stage.ca_file))
        self.closing_page = ""
        self._visit = threading.Thread()

    def __call__(self, url: str) -> bool:
        """Open the sign-in page."""
        self._visit = threading.Thread(target=self._go, args=(url,))
        self._visit.start()
        return True

    def _go(self, url: str) -> None:
        answer = self.location_of(url)
        self.closing_page = urljoin(answer, self.location_of(answer))

    def location_of(self, url: str) -> str:
        """Where a page leads; empty for one that leads nowhere."""
        parts = urlsplit(url)
        host, context = parts.netloc, self._context
        with closing(
            http.client.HTTPSConnection(host, context=context)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host)
        ) as connection:
            connection.request("GET", f"{parts.path or '/'}?{parts.query}")
            return connection.getresponse().getheader("Location", "")


@pytest.mark.parametrize("kind", list(FlowKind))
def test_the_tokens_are_saved_before_the_listener_is_closed(
    make_stage: MakeStage, kind: FlowKind
) -> None:
    """Nobody waits for the browser to fetch the closing page; it still gets it."""
    stage = make_stage(flow=kind)
    browser = HalfBrowser(stage)
    get_token(stage.job(), stage.methods(open_browser=browser))
    assert stage.path.exists()
    opener = urllib.request.build_opener()
    with opener.open(browser.closing_page, timeout=PATIENT) as page:
        assert 200 == page.status


def test_a_fixed_port_is_free_for_the_next_sign_in(make_stage: MakeStage) -> None:
    """The next sign-in waits until the listener of the last one has given it back."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    stage = make_stage(redirect_uri=f"http://localhost:{port}/")
    for _ in range(2):
        job = stage.job(start_over=True)
        assert get_token(job, stage.methods(open_browser=HalfBrowser(stage))).renewed
