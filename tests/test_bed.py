"""The bed's own tests: it refuses and accepts as the real providers do."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest

from bed import browser, flow, imap
from bed.browser import consent
from bed.fixtures import Bed, do_without
from bed.install import MissingPart
from bed.users import ALICE, BOB, CAROL, Act
from bed.walker import deliver, walk
from bed.web import Client


def sign_in(bed: Bed, client_id: str, user: str) -> dict[str, str]:
    """Tokens for a user who consents."""
    return flow.sign_in(bed.issuer, bed.ca_file, client_id, user)


def refresh(bed: Bed, client_id: str, refresh_token: str) -> dict[str, str]:
    """Tokens for a refresh token."""
    return flow.refresh(bed.issuer, bed.ca_file, client_id, refresh_token)


def count_messages(bed: Bed, user: str, token: str, *, starttls: bool = False) -> int:
    """Logs in and counts what is in the inbox."""
    port = bed.starttls_port if starttls else bed.imap_port
    with imap.login(user, token, port=port, ca_file=bed.ca_file, starttls=starttls) as session:
        _, [count] = session.select("INBOX", readonly=True)
        assert count is not None
        return int(count)


def test_plain_http_is_refused_for_authorization(bed: Bed) -> None:
    """The server's http port is for Dovecot's introspection only."""
    port = urlsplit(bed.introspection_uri).port
    assert Client().get(f"http://127.0.0.1:{port}/test/auth?client_id=public-static").status == 403


def test_an_old_rotating_refresh_token_kills_the_grant(bed: Bed) -> None:
    """Who uses a rotated refresh token again loses the new one as well."""
    old = sign_in(bed, "public-rotating", ALICE)["refresh_token"]
    new = refresh(bed, "public-rotating", old)["refresh_token"]
    assert new != old
    for token in (old, new):
        with pytest.raises(flow.Refused, match="invalid_grant"):
            refresh(bed, "public-rotating", token)


def test_a_static_refresh_token_stays(bed: Bed) -> None:
    """public-static answers each refresh with the refresh token that it got."""
    token = sign_in(bed, "public-static", ALICE)["refresh_token"]
    assert refresh(bed, "public-static", token)["refresh_token"] == token


def test_a_revoked_account_can_not_refresh(bed: Bed) -> None:
    """After revoke a refresh answers invalid_grant; other accounts go on."""
    hers = sign_in(bed, "public-static", ALICE)["refresh_token"]
    his = sign_in(bed, "public-static", BOB)["refresh_token"]
    bed.revoke(ALICE)
    with pytest.raises(flow.Refused, match="invalid_grant"):
        refresh(bed, "public-static", hers)
    refresh(bed, "public-static", his)


@pytest.mark.parametrize("starttls", [False, True], ids=["imaps", "starttls"])
@pytest.mark.parametrize(
    ("client_id", "user"), [("public-static", ALICE), ("public-opaque", CAROL)]
)
def test_dovecot_accepts_the_users_token(
    bed: Bed, client_id: str, user: str, starttls: bool
) -> None:
    """A JWT and an opaque token both open their user's mailbox, on both ports."""
    token = sign_in(bed, client_id, user)["access_token"]
    assert count_messages(bed, user, token, starttls=starttls) == 3


def test_dovecot_refuses_others(bed: Bed) -> None:
    """Another user's token, an ID token and garbage open nothing."""
    answer = sign_in(bed, "public-static", BOB)
    for user, token in (
        (ALICE, answer["access_token"]),
        (BOB, answer["id_token"]),
        (BOB, "garbage"),
        (CAROL, "garbage"),
    ):
        with pytest.raises(imap.LoginRefused, match="AUTHENTICATIONFAILED"):
            count_messages(bed, user, token)


def test_dovecot_refuses_an_expired_token(bed: Bed) -> None:
    """at_ttl is the life of an access token in seconds."""
    bed.configure(at_ttl=1)
    token = sign_in(bed, "public-static", ALICE)["access_token"]
    time.sleep(2.1)
    with pytest.raises(imap.LoginRefused, match="AUTHENTICATIONFAILED"):
        count_messages(bed, ALICE, token)


def test_dovecot_refuses_a_revoked_opaque_token(bed: Bed) -> None:
    """A revocation shows at the next login where Dovecot asks the authorization server."""
    token = sign_in(bed, "public-opaque", CAROL)["access_token"]
    bed.revoke(CAROL)
    with pytest.raises(imap.LoginRefused, match="AUTHENTICATIONFAILED"):
        count_messages(bed, CAROL, token)


def test_kick_cuts_the_session(bed: Bed) -> None:
    """A kicked user's session is gone, and the token still opens another."""
    token = sign_in(bed, "public-static", ALICE)["access_token"]
    session = imap.login(ALICE, token, port=bed.imap_port, ca_file=bed.ca_file)
    bed.kick(ALICE)
    with pytest.raises((session.abort, OSError)):
        session.noop()
    session.shutdown()
    assert count_messages(bed, ALICE, token) == 3


def test_a_fault_answers_instead_of_the_server(bed: Bed) -> None:
    """token_fault holds for as many token requests as it says."""
    token = sign_in(bed, "public-static", ALICE)["refresh_token"]
    bed.configure(token_fault={"times": 1, "status": 503, "body": {"error": "busy"}})
    with pytest.raises(flow.Refused, match="busy"):
        refresh(bed, "public-static", token)
    refresh(bed, "public-static", token)
    stats = bed.stats()
    assert (stats["auth_requests"], stats["token_requests"], stats["refreshes"]) == (1, 3, 1)


def test_issued_has_every_secret(bed: Bed) -> None:
    """Tokens and codes can all be looked for in what a program printed, even after a restart."""
    answer = sign_in(bed, "public-static", ALICE)
    bed.stop_server()
    bed.start_server()
    secrets_given = {answer[name] for name in ("access_token", "refresh_token", "id_token")}
    assert secrets_given < bed.issued()
    with pytest.raises(flow.Refused, match="invalid_grant"):
        refresh(bed, "public-static", answer["refresh_token"])


@pytest.mark.parametrize(("act", "field"), [("allow", "code"), ("deny", "error")])
def test_walker_consents_and_denies(bed: Bed, act: Act, field: str) -> None:
    """The walker comes back with a code, or with access_denied."""
    url = flow.authorize_url(bed.issuer, "public-static", verifier=secrets.token_urlsafe(48))
    assert field in parse_qs(urlsplit(walk(url, ALICE, act)).query)


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(("act", "field"), [("allow", "code"), ("deny", "error")])
def test_chromium_consents_and_denies(bed: Bed, act: Act, field: str, tmp_path: Path) -> None:
    """A real browser comes back with a code, or with access_denied."""
    url = flow.authorize_url(bed.issuer, "public-static", verifier=secrets.token_urlsafe(48))
    picture = tmp_path / "page.png"
    end = consent(url, ALICE, act, picture)
    assert field in parse_qs(urlsplit(end).query)
    assert picture.stat().st_size > 1000


class Loopback(BaseHTTPRequestHandler):
    """A program's listener: takes the code and sends the browser on to a clean address."""

    def do_GET(self) -> None:
        """Keeps the paths that were asked for, in order."""
        cast(LoopbackServer, self.server).paths.put(self.path)
        self.send_response(303 if "?" in self.path else 200)
        self.send_header("Location", "/clean")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class LoopbackServer(HTTPServer):
    """Remembers what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Loopback)
        self.paths: Queue[str] = Queue()


@pytest.fixture
def loopback() -> Iterator[LoopbackServer]:
    """A listener for redirects."""
    with LoopbackServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def redirected_to(bed: Bed, loopback: LoopbackServer) -> str:
    """An authorization request of a program that listens at `loopback`."""
    redirect = f"http://localhost:{loopback.server_port}/any/path"
    verifier = secrets.token_urlsafe(48)
    return flow.authorize_url(bed.issuer, "public-static", verifier=verifier, redirect=redirect)


def test_deliver_follows_to_the_clean_page(bed: Bed, loopback: LoopbackServer) -> None:
    """What a browser does with the redirect: the code first, then the page to be seen."""
    assert deliver(walk(redirected_to(bed, loopback), ALICE)).url.endswith("/clean")
    assert "code=" in loopback.paths.get(timeout=1)


@pytest.mark.usefixtures("chromium")
def test_the_browser_program_returns_at_once(
    bed: Bed, loopback: LoopbackServer, tmp_path: Path
) -> None:
    """Run as BROWSER it goes on in the background, as the user that the environment names."""
    log = tmp_path / "log"
    url = redirected_to(bed, loopback)
    environment = os.environ | {"BED_USER": BOB, "BED_ACT": "deny", "BED_BROWSER_LOG": str(log)}
    command = [sys.executable, browser.__file__, url]
    subprocess.run(command, env=environment, check=True)
    assert not log.exists()
    assert "error=access_denied" in loopback.paths.get(timeout=30)


def test_the_device_flow_is_for_some_clients_only(bed: Bed) -> None:
    """public-nodevice gets no device code, as with a provider that doesn't know the flow."""
    client = Client(ca_file=bed.ca_file)

    def start(client_id: str) -> int:
        request = {"client_id": client_id, "scope": "imap"}
        return client.post(f"{bed.issuer}/device/auth", request).status

    assert (start("public-static"), start("public-nodevice")) == (200, 400)


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_a_missing_part_fails_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    """Elsewhere it skips the test, with the reason."""
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Dovecot"):
        do_without(MissingPart("no Dovecot"))
