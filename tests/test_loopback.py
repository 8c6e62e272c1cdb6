"""The browser's answer by loopback, over real sockets and real TLS."""

import contextlib
import errno
import http.client
import logging
import queue
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest

from core.errors import AppError
from core.i18n.translation import language
from core.net.loopback import MOST_CONNECTIONS, first_free, listen_on_both
from core.oauth.sign_in.closing_page import ClosingPage
from core.oauth.sign_in.loopback import Loopback, is_loopback
from servers import AT_ONCE

STATE = "st-4te_OF-this-sign-in"
CODE = "M.C552_BL2.2.U.e63dbda3"
QUERY = f"?code={CODE}&state={STATE}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Waiting:
    """A loopback that waits for an answer, and what was delivered."""

    def __init__(self, redirect_uri: str, connection_limit: float = 10) -> None:
        """Wait for it."""
        self.delivered: queue.Queue[Mapping[str, str]] = queue.Queue()
        self.loopback = Loopback(redirect_uri, connection_limit=connection_limit)
        self.loopback.serve(STATE, self.delivered.put)
        self.uri = urlsplit(self.loopback.redirect_uri)
        self.port = self.uri.port or 0

    def ask(
        self,
        target: str,
        method: str = "GET",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
    ) -> http.client.HTTPResponse:
        """One request, read to its end."""
        connection: http.client.HTTPConnection
        if self.uri.scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = http.client.HTTPSConnection(
                host, self.port, timeout=AT_ONCE, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, self.port, timeout=AT_ONCE)
        with contextlib.closing(connection):
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            response.content = response.read()  # type: ignore[attr-defined]
            return response

    def close(self) -> None:
        """End it as a browser does that has got its page."""
        self.ask((self.uri.path.rstrip("/")) + "/done")
        self.loopback.close()

    def connect(self) -> socket.socket:
        """A connection that says nothing yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=AT_ONCE)


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    """A loopback that waits on http://localhost."""
    waiting = Waiting("http://localhost")
    yield waiting
    waiting.close()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def bind_and_listen(listener: socket.socket, host: str, port: int) -> None:
    """Either may be refused, by system."""
    listener.bind((host, port))
    listener.listen()


@pytest.mark.parametrize(
    ("redirect_uri", "expected"),
    [
        ("http://localhost", r"http://localhost:(\d+)"),
        ("http://localhost/", r"http://localhost:(\d+)/"),
        ("https://localhost", r"https://localhost:(\d+)"),
        ("http://127.0.0.1", r"http://127\.0\.0\.1:(\d+)"),
        ("http://[::1]/cb", r"http://\[::1\]:(\d+)/cb"),
        ("http://localhost:0/a%20b/C", r"http://localhost:(\d+)/a%20b/C"),
        ("http://localhost/cb?x=1", r"http://localhost:(\d+)/cb\?x=1"),
    ],
)
def test_fills_in_the_port_and_nothing_else(redirect_uri: str, expected: str) -> None:
    """The redirect URI is as registered, with a port that is open on 127.0.0.1 and ::1."""
    with Loopback(redirect_uri) as loopback:
        match = re.fullmatch(expected, loopback.redirect_uri)

        assert match is not None
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, int(match[1])), timeout=AT_ONCE).close()


def test_a_registered_port_is_kept_and_can_be_had_again_at_once() -> None:
    """Our own connections of the first wait (TIME_WAIT) don't forbid the second."""
    port = free_port()
    for _ in range(2):
        waiting = Waiting(f"http://localhost:{port}/cb")
        waiting.ask("/cb" + QUERY)
        waiting.close()

        assert f"http://localhost:{port}/cb" == waiting.loopback.redirect_uri


@pytest.mark.parametrize(
    ("redirect_uri", "expected"),
    [
        ("http://localhost", True),
        ("HTTPS://LocalHost:8080/a/b", True),
        ("http://127.0.0.1:65535/", True),
        ("http://[::1]", True),
        ("http://localhost:65536", False),
        ("http://localhost.example.com/", False),
        ("http://localhost@example.com/", False),
        ("http://example.com/localhost", False),
        ("http://127.0.0.2/", False),
        ("http://localhost/a b", False),
        ("http://localhost/\r\nSet-Cookie:a", False),
        ("http://localhost/#fragment", False),
        ("com.example.app:/done", False),
        ("urn:ietf:wg:oauth:2.0:oob", False),
        ("", False),
    ],
)
def test_knows_which_redirects_arrive_here(redirect_uri: str, expected: bool) -> None:
    """Only http and https to this computer, on the addresses that are listened on."""
    assert expected == is_loopback(redirect_uri)
    if not expected:
        with pytest.raises(AppError) as raised:
            Loopback(redirect_uri)
        assert "redirect_not_local" == raised.value.verdict.id


@pytest.mark.parametrize("squatted", ["127.0.0.1", "::1"])
def test_a_squatted_port_is_never_used(squatted: str) -> None:
    """Taken on one of the two addresses: another port, or an error where the port is fixed."""
    family = socket.AF_INET6 if ":" in squatted else socket.AF_INET
    with socket.create_server((squatted, 0), family=family) as squatter:
        port = squatter.getsockname()[1]

        with pytest.raises(AppError, match=f"port {port}") as raised:
            Loopback(f"http://localhost:{port}")
        assert "port_taken" == raised.value.verdict.id
        listeners = first_free([port, 0])
        ports = {listener.getsockname()[1] for listener in listeners}
        for listener in listeners:
            listener.close()
        assert 1 == len(ports)
        assert {port} != ports


def test_gives_up_after_the_ports_it_was_given() -> None:
    """The tries are bounded."""
    with (
        socket.create_server(("127.0.0.1", 0)) as squatter,
        pytest.raises(OSError, match="no port is free"),
    ):
        first_free([squatter.getsockname()[1]] * 3)


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("sharing", ["SO_REUSEADDR", "SO_REUSEPORT"])
def test_nobody_else_can_take_the_port(sharing: str, fixed: bool) -> None:
    """Not even who asks to share it."""
    redirect_uri = f"http://localhost:{free_port()}" if fixed else "http://localhost"
    with Loopback(redirect_uri) as loopback:
        port = urlsplit(loopback.redirect_uri).port or 0
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family) as other:
                if option := getattr(socket, sharing, None):  # Windows has only the first
                    other.setsockopt(socket.SOL_SOCKET, option, 1)
                with pytest.raises(OSError, match=r"in use|WinError"):
                    bind_and_listen(other, host, port)


@pytest.mark.parametrize(
    ("number", "alone"),
    [(errno.EADDRNOTAVAIL, True), (errno.EAFNOSUPPORT, True), (errno.EADDRINUSE, False)],
)
def test_only_a_machine_without_ipv6_does_without(number: int, alone: bool) -> None:
    """Whatever else ::1 says, 127.0.0.1 alone is given back and not used."""
    opened: list[socket.socket] = []

    def open_listener(host: str, port: int, reuse: bool) -> socket.socket:
        if host == "::1":
            raise OSError(number, "as on another machine")
        opened.append(socket.create_server((host, port)))
        return opened[0]

    if alone:
        assert opened == listen_on_both(0, reuse=False, open_listener=open_listener)
        opened[0].close()
    else:
        with pytest.raises(OSError, match="another machine"):
            listen_on_both(0, reuse=False, open_listener=open_listener)
        assert -1 == opened[0].fileno()


@pytest.mark.parametrize("redirect_uri", ["http://localhost", "https://localhost/cb"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_answer_is_delivered_and_led_to_a_clean_page(redirect_uri: str, host: str) -> None:
    """303 to a path without the code, which then shows the page; nothing is kept or passed on."""
    waiting = Waiting(redirect_uri)
    try:
        redirect = waiting.ask((waiting.uri.path or "/") + QUERY, host=host)
        parameters = waiting.delivered.get(timeout=1)
        location = redirect.getheader("Location", "")
        page = waiting.ask(urlsplit(location).path, host=host)
    finally:
        waiting.close()

    assert {"code": CODE, "state": STATE} == parameters
    assert 303 == redirect.status
    assert f"{waiting.uri.scheme}://{waiting.uri.netloc}{waiting.uri.path}/done" == location
    assert 200 == page.status
    assert b"<h1>Sign-in response received</h1>" in page.content  # type: ignore[attr-defined]
    assert "default-src 'none'" in page.getheader("Content-Security-Policy", "")
    assert "script" not in page.getheader("Content-Security-Policy", "")
    for response in (redirect, page):
        assert "no-store" == response.getheader("Cache-Control")
        assert "no-referrer" == response.getheader("Referrer-Policy")


def test_a_posted_form_is_an_answer_too(waiting: Waiting) -> None:
    """response_mode=form_post."""
    response = waiting.ask("/", "POST", f"code=a%2Fb&state={STATE}", FORM)

    assert 303 == response.status
    assert {"code": "a/b", "state": STATE} == waiting.delivered.get(timeout=1)


def test_an_error_is_delivered_like_an_answer(waiting: Waiting) -> None:
    """What it means is read elsewhere."""
    waiting.ask(f"/?error=access_denied&error_description=not+now&state={STATE}")

    expected = {"error": "access_denied", "error_description": "not now", "state": STATE}
    assert expected == waiting.delivered.get(timeout=1)


def test_only_the_first_answer_counts(waiting: Waiting) -> None:
    """A reload gets the page and is ignored."""
    statuses = [waiting.ask("/" + QUERY).status for _ in range(3)]

    assert [303] * 3 == statuses
    assert 1 == waiting.delivered.qsize()


# Parameters that providers send beside the code, and codes with signs that mean something else.
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("code={code}&state={state}&scope=a&scope=b", CODE),
        ("session_state=1&code={code}&session_state=2&state={state}", CODE),
        ("code={code}&code={code}&state={state}&state={state}", CODE),
        ("iss=https://accounts.google.com&code=4/0Ae%2Fh&authuser=0&state={state}", "4/0Ae/h"),
        ("code=ab+cd%252Fef%3D%3D&state={state}", "ab+cd%2Fef=="),
        ("code=M.C5!ghi*jkl$$&state={state}", "M.C5!ghi*jkl$$"),
        ("code=abc%23def%26g&state={state}", "abc#def&g"),
        ("code=" + "c" * 6000 + "&state={state}", "c" * 6000),
    ],
)
def test_an_answer_with_other_parameters(waiting: Waiting, query: str, code: str) -> None:
    """What is not read may come twice, and the code arrives as it was sent."""
    form = query.format(code=CODE, state=STATE)

    assert 303 == waiting.ask(f"/?{form}").status
    assert code == waiting.delivered.get(timeout=1)["code"]
    assert 303 == waiting.ask("/", "POST", form, FORM).status


def test_an_answer_with_two_codes_is_turned_away_and_logged(
    waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of it is in the log but the parameter's name."""
    for _ in range(2):
        assert 404 == waiting.ask(f"/{QUERY}&code=another").status

    assert ["An answer was turned away: the parameter code comes twice"] == [
        record.getMessage() for record in caplog.records if record.levelname == "WARNING"
    ]
    assert waiting.delivered.empty()


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, {"target": "/favicon.ico"}),
        (404, {"target": "/"}),
        (404, {"target": "/done"}),
        (404, {"target": "/other" + QUERY}),
        (404, {"target": f"/?code={CODE}"}),
        (404, {"target": f"/?code={CODE}&state="}),
        (404, {"target": f"/?code={CODE}&state={STATE}x"}),
        (404, {"target": f"/?code={CODE}&state={STATE[:-1]}"}),
        (404, {"target": f"/?code={CODE}&state=%F0%9F"}),
        (404, {"target": f"/{QUERY}&state=another"}),
        (404, {"target": f"/{QUERY}&code=another"}),
        (404, {"target": "/" + QUERY, "headers": {"Host": "evil.example"}}),
        (404, {"target": "/" + QUERY, "headers": {"Host": "localhost.evil.example:80"}}),
        (404, {"target": "/" + QUERY, "headers": {"Host": "localhost"}}),
        (404, {"target": "/" + QUERY, "headers": {"Host": "localhost:1"}}),
        (405, {"target": "/" + QUERY, "method": "HEAD"}),
        (405, {"target": "/" + QUERY, "method": "PUT"}),
        (405, {"target": "/" + QUERY, "method": "OPTIONS"}),
        (404, {"target": "/" + QUERY, "method": "POST", "body": "", "headers": FORM}),
        (404, {"target": "/x", "method": "POST", "body": QUERY[1:], "headers": FORM}),
        (415, {"target": "/", "method": "POST", "body": QUERY[1:]}),
        (411, {"target": "/", "method": "POST", "headers": {**FORM, "Content-Length": "-1"}}),
        (411, {"target": "/", "method": "POST", "headers": {**FORM, "Content-Length": "²"}}),
        (413, {"target": "/", "method": "POST", "headers": {**FORM, "Content-Length": "65537"}}),
    ],
)
def test_strays_are_turned_away_and_the_wait_goes_on(
    waiting: Waiting, status: int, request_: dict[str, object]
) -> None:
    """Wrong path, state, host, method or form: refused without a word about the request."""
    response = waiting.ask(**request_)  # type: ignore[arg-type]

    assert status == response.status
    assert CODE.encode() not in response.content  # type: ignore[attr-defined]
    assert waiting.delivered.empty()
    assert 303 == waiting.ask("/" + QUERY).status
    assert 1 == waiting.delivered.qsize()


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        b"GET /" + QUERY.encode() + b" HTTP/9.9\r\n\r\n",
        b"GET/" + QUERY.encode() + b" HTTP/1.1\r\n\r\n",
        b"GET /" + QUERY.encode() + b"\r\n\r\n",
        b"GET /" + QUERY.encode() + b" HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://[bad" + QUERY.encode() + b" HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 10_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"x" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 99\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + QUERY[1:].encode(),
    ],
)
def test_garbage_hurts_nobody(
    waiting: Waiting, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """What is no proper request delivers nothing, quotes nothing, and logs nothing of it."""
    caplog.set_level(logging.DEBUG)
    answer = b""
    with contextlib.suppress(OSError), waiting.connect() as client:
        client.sendall(garbage.replace(b"%d", str(waiting.port).encode()))
        client.shutdown(socket.SHUT_WR)
        while chunk := client.recv(4096):
            answer += chunk

    assert CODE.encode() not in answer
    assert b"303" not in answer
    assert waiting.delivered.empty()
    assert 303 == waiting.ask("/" + QUERY).status
    assert CODE not in caplog.text


def test_garbage_hurts_nobody_over_tls() -> None:
    """Plain text, an aborted handshake and a distrustful client end quietly."""
    waiting = Waiting("https://localhost")
    try:
        with waiting.connect() as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with waiting.connect() as client:
            client.sendall(b"\x16\x03\x01\x02\x00\x01")
        with waiting.connect() as client, pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(client, server_hostname="localhost")

        assert 303 == waiting.ask("/" + QUERY).status
    finally:
        waiting.close()


@pytest.mark.parametrize("redirect_uri", ["http://localhost", "https://localhost"])
def test_silent_connections_hold_up_nobody(redirect_uri: str) -> None:
    """Browsers open connections ahead; more than the bound push out the oldest."""
    waiting = Waiting(redirect_uri, connection_limit=60)
    with contextlib.ExitStack() as stack:
        stack.callback(waiting.loopback.close)
        silent = [stack.enter_context(waiting.connect()) for _ in range(MOST_CONNECTIONS + 8)]
        started = time.monotonic()
        status = waiting.ask("/" + QUERY).status
        waiting.ask("/done")

        assert 303 == status
        assert AT_ONCE > time.monotonic() - started
        assert b"" == silent[0].recv(1)
        silent[-1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            silent[-1].recv(1)


@pytest.mark.parametrize("redirect_uri", ["http://localhost", "https://localhost"])
def test_a_connection_has_a_time_limit_in_all(redirect_uri: str) -> None:
    """Who sends a byte now and then doesn't stay longer than who is silent."""
    waiting = Waiting(redirect_uri, connection_limit=0.3)
    try:
        with waiting.connect() as client:
            started = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while time.monotonic() - started < AT_ONCE:
                    client.sendall(b"\x16" if waiting.uri.scheme == "https" else b"G")
                    client.settimeout(0.05)
                    with contextlib.suppress(TimeoutError):
                        if not client.recv(100):
                            break
            assert AT_ONCE > time.monotonic() - started
    finally:
        waiting.close()


@pytest.mark.parametrize("redirect_uri", ["http://localhost", "https://localhost"])
@pytest.mark.parametrize("clients", [0, 1, MOST_CONNECTIONS])
def test_closing_is_quick_and_gives_the_port_back(redirect_uri: str, clients: int) -> None:
    """Whatever hangs, nobody listens there any more."""
    waiting = Waiting(redirect_uri, connection_limit=60)
    with contextlib.ExitStack() as stack:
        for _ in range(clients):
            stack.enter_context(waiting.connect())
        time.sleep(0.1)
        started = time.monotonic()
        waiting.loopback.close()

        assert AT_ONCE > time.monotonic() - started
        for host in ("127.0.0.1", "::1"):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((host, waiting.port), timeout=AT_ONCE)


def test_closing_without_serving_is_quick_and_may_come_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sign-in can fail before the browser opens; no browser has to be waited for then."""
    monkeypatch.setattr("core.oauth.sign_in.loopback._PAGE_WAIT", 60)
    loopback = Loopback("http://localhost")
    started = time.monotonic()
    loopback.close()
    loopback.close()

    assert AT_ONCE > time.monotonic() - started


def test_the_browser_gets_its_page_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing waits for it, but not for long."""
    monkeypatch.setattr("core.oauth.sign_in.loopback._PAGE_WAIT", 0.5)
    waiting = Waiting("http://localhost")
    waiting.ask("/" + QUERY)
    started = time.monotonic()
    waiting.loopback.close()
    assert 0.5 <= time.monotonic() - started < AT_ONCE

    monkeypatch.setattr("core.oauth.sign_in.loopback._PAGE_WAIT", 60)
    waiting = Waiting("http://localhost")
    waiting.ask("/" + QUERY)
    waiting.ask("/done")
    started = time.monotonic()
    waiting.loopback.close()
    assert AT_ONCE > time.monotonic() - started


def test_a_browser_that_connected_before_serving_is_answered() -> None:
    """It listens from the moment the URL can exist."""
    delivered: queue.Queue[Mapping[str, str]] = queue.Queue()
    with Loopback("http://localhost") as loopback:
        uri = urlsplit(loopback.redirect_uri)
        with socket.create_connection(("127.0.0.1", uri.port or 0), timeout=AT_ONCE) as client:
            client.sendall(f"GET /{QUERY} HTTP/1.1\r\nHost: {uri.netloc}\r\n\r\n".encode())
            loopback.serve(STATE, delivered.put)
            assert client.recv(100).startswith(b"HTTP/1.0 303 ")
        with socket.create_connection(("127.0.0.1", uri.port or 0), timeout=AT_ONCE) as client:
            client.sendall(f"GET /done HTTP/1.1\r\nHost: {uri.netloc}\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.0 200 ")
        assert CODE == delivered.get(timeout=1)["code"]


@pytest.mark.parametrize(
    ("redirect_uri", "warns"), [("http://[::1]", False), ("https://localhost", True)]
)
def test_knows_whether_the_browser_will_warn(redirect_uri: str, warns: bool) -> None:
    """Nobody vouches for the certificate of one wait."""
    with Loopback(redirect_uri) as loopback:
        assert warns == loopback.certificate_warning


def test_an_answer_of_somebody_else_is_told_of_once(
    waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    """It stands in the log that a page or a program tried, without what it sent."""
    for _ in range(3):
        assert 404 == waiting.ask("/?code=stolen-code&state=guessed").status
    waiting.ask("/?unrelated=1")

    assert ["An answer came that isn't this sign-in's; it was turned away"] == [
        record.getMessage() for record in caplog.records if record.levelname == "WARNING"
    ]


def test_nothing_of_the_query_is_logged(waiting: Waiting, caplog: pytest.LogCaptureFixture) -> None:
    """Not even at DEBUG."""
    caplog.set_level(logging.DEBUG)
    waiting.ask("/" + QUERY)
    waiting.ask("/elsewhere" + QUERY, "PUT")

    assert "303" in caplog.text
    assert CODE not in caplog.text
    assert STATE not in caplog.text
    assert "elsewhere" not in caplog.text


_MARKUP = "<b>evil</b>%20%24next_step"


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        (f"code={CODE}", "Sign-in response received"),
        ("error=access_denied", "Access was refused"),
        (f"error=access_denied&error_description={_MARKUP}", "Access was refused"),
        (f"error=access_denied&code={CODE}", "Access was refused"),
        ("error=server_error", "The sign-in did not succeed"),
        (f"error={_MARKUP}", "The sign-in did not succeed"),
        ("code=", "The sign-in did not succeed"),
    ],
)
def test_the_page_says_what_was_answered(waiting: Waiting, answer: str, title: str) -> None:
    """A refusal isn't shown as an answer like any other, and a reload shows the same page.

    The page comes before the exchange, so it claims no success. Nothing that was sent is in it, and
    its policy forbids whatever it would load.
    """
    waiting.ask(f"/?{answer}&state={STATE}")
    waiting.ask("/" + QUERY)
    page = waiting.ask("/done").content.decode()  # type: ignore[attr-defined]

    assert f"<h1>{title}</h1>" in page
    assert ("Nothing was changed." in page) == (title != "Sign-in response received")
    assert STATE not in page
    assert CODE not in page
    assert not re.search(r"evil|[$]|access_denied|server_error", page)
    assert not re.search(r"signed in|<script|src=|href=|url\(|https?:", page, re.IGNORECASE)


@pytest.mark.usefixtures("every_language")
def test_the_page_is_in_the_language_of_the_program() -> None:
    """With every part of it."""
    page = ClosingPage().of({"error": "access_denied"}).decode()

    assert "$" not in page
    assert f'<html lang="{language()}">' in page
