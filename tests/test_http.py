"""Tests of HTTPS requests with urllib and requests: trust, proxies, redirects, limits."""

import contextlib
import datetime
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from core.errors import AppError, TryAgain
from core.net.http import LARGEST_ANSWER, network_error, post_form, tls_context
from core.net.network import HttpResponse, Network, quoted
from core.oauth.sign_in.certificate import Certificate, self_signed
from core.oauth.sign_in.http_session import new_session
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault
from faulty_servers.scripted import ScriptedServer
from servers import AT_ONCE, QUICK, MakeStage, Stage, issued_by, trickle

Post = Callable[[str, Network], HttpResponse]
FORM = {"refresh_token": "the-refresh-token"}


def by_urllib(uri: str, network: Network) -> HttpResponse:
    """Send a request as a refresh does."""
    return post_form(uri, FORM, network)


def by_requests(uri: str, network: Network) -> HttpResponse:
    """Send a request as msal and oauthlib do, with errors converted as the flows do."""
    with new_session(network) as session:
        try:
            answer = session.post(uri, data=FORM)
        except requests.RequestException as exc:
            raise network_error(exc, "localhost") from exc
        return HttpResponse(answer.status_code, {}, answer.content)


@pytest.fixture(params=[by_urllib, by_requests])
def post(request: pytest.FixtureRequest) -> Post:
    """Both ways to send requests; the same rules apply to both."""
    chosen: Post = request.param
    return chosen


@pytest.fixture
def serve() -> Iterator[Callable[..., FaultyAuthorizationServer]]:
    """Start an authorization server with a certificate of the test."""
    servers: list[FaultyAuthorizationServer] = []

    def started(certificate: Certificate) -> FaultyAuthorizationServer:
        servers.append(FaultyAuthorizationServer(certificate=certificate))
        servers[-1].start()
        return servers[-1]

    yield started
    for server in servers:
        server.close()


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """A CA; its certificate is in `authority.pem`."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    return made


def expired(authority: trustme.CA) -> Certificate:
    """A certificate that has expired and is correct otherwise."""
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    return issued_by(authority, "localhost", not_after=then)


def elsewhere(authority: trustme.CA) -> Certificate:
    """A certificate for another host."""
    return issued_by(authority, "elsewhere.example")


def unknown(authority: trustme.CA) -> Certificate:
    """A certificate of an unknown CA."""
    return self_signed()


@pytest.mark.parametrize(
    ("made", "detail"),
    [
        (expired, "certificate has expired"),
        (elsewhere, "Hostname mismatch"),
        (unknown, "unable to get local issuer certificate"),
    ],
)
def test_certificates_are_verified(
    post: Post,
    serve: Callable[..., FaultyAuthorizationServer],
    authority: trustme.CA,
    tmp_path: Path,
    made: Callable[[trustme.CA], Certificate],
    detail: str,
) -> None:
    """A wrong certificate ends the request before anything is sent."""
    server = serve(made(authority))
    with pytest.raises(TryAgain, match="can't be trusted") as caught:
        post(server.token_uri, Network(ca_file=tmp_path / "authority.pem"))
    assert detail in caught.value.detail
    assert 0 == server.token_requests


def test_a_private_ca_is_trusted(
    post: Post,
    serve: Callable[..., FaultyAuthorizationServer],
    authority: trustme.CA,
    tmp_path: Path,
) -> None:
    """With --ca_file a server with a certificate of that CA is trusted."""
    server = serve(issued_by(authority, "localhost"))
    answer = post(server.token_uri, Network(ca_file=tmp_path / "authority.pem"))
    assert 400 == answer.status
    assert 1 == server.token_requests


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
@pytest.mark.parametrize("content", [None, b"", b"nonsense", "another"])
def test_ca_file_wins_over_variables(
    post: Post,
    stage: Stage,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    content: bytes | str | None,
) -> None:
    """CA variables in the environment don't disable --ca_file."""
    bundle = stage.folder / "bundle.pem"
    if isinstance(content, bytes):
        bundle.write_bytes(content)
    monkeypatch.setenv(variable, str(stage.folder / "authority.pem" if content else bundle))
    assert 400 == post(stage.server.token_uri, stage.network()).status


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_variables_of_requests_give_no_trust(
    post: Post, stage: Stage, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Only the system's store and --ca_file are trusted, not the variables of a library."""
    monkeypatch.setenv(variable, str(stage.ca_file))
    with pytest.raises(TryAgain, match="can't be trusted"):
        post(stage.server.token_uri, Network())
    assert 0 == stage.server.token_requests


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_a_useless_ca_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    """A CA file that is missing or holds no certificate is reported, and nothing is sent."""
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_bytes(content)
    with pytest.raises(AppError, match="can't be used") as caught:
        tls_context(Network(ca_file=ca_file))
    assert str(ca_file) in str(caught.value)


class Proxy:
    """A proxy that records CONNECT requests and tunnels to a local port, or refuses."""

    def __init__(self, port: int, refusal: bytes = b"") -> None:
        self.asked: list[str] = []
        self._port = port
        self._refusal = refusal
        self._server = ScriptedServer(self._talk)
        self._server.start()

    @property
    def uri(self) -> str:
        """The proxy's address with a password, as in many companies."""
        return f"http://user:proxy-password@127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Stop the proxy."""
        self._server.close()

    def _talk(self, client: socket.socket, closing: threading.Event) -> None:
        self.asked.append(client.recv(1 << 16).split(b"\r\n")[0].decode())
        if self._refusal:
            client.sendall(b"HTTP/1.1 " + self._refusal + b"\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(server, client))
            back.start()
            pump(client, server)
            back.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Copy bytes in one direction until the end."""
    try:
        while piece := source.recv(1 << 16):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one side has closed the connection


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Proxy]]:
    """Start a proxy and name it in the environment for all hosts."""
    proxies: list[Proxy] = []

    def started(port: int, refusal: bytes = b"") -> Proxy:
        proxies.append(Proxy(port, refusal))
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxies[-1].uri)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        return proxies[-1]

    yield started
    for proxy in proxies:
        proxy.close()


def test_a_proxy_carries_to_other_hosts(
    post: Post,
    serve: Callable[..., FaultyAuthorizationServer],
    authority: trustme.CA,
    tmp_path: Path,
    through: Callable[..., Proxy],
) -> None:
    """Requests to other hosts use the proxy, and the certificate is still verified."""
    server = serve(elsewhere(authority))
    port = int(server.origin.rpartition(":")[2])
    proxy = through(port)
    uri = f"https://elsewhere.example:{port}/demo/oauth2/v2.0/token"
    assert 400 == post(uri, Network(ca_file=tmp_path / "authority.pem")).status
    assert [f"CONNECT elsewhere.example:{port} HTTP/1."] == [line[:-1] for line in proxy.asked]
    with pytest.raises(TryAgain, match="can't be trusted"):
        post(uri, Network())
    assert 1 == server.token_requests


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_no_proxy_to_loopback(
    post: Post, stage: Stage, through: Callable[..., Proxy], host: str
) -> None:
    """Requests to loopback never use a proxy."""
    proxy = through(1)
    uri = stage.server.token_uri.replace("localhost", host)
    assert 400 == post(uri, stage.network()).status
    assert [] == proxy.asked


@pytest.mark.parametrize("refusal", [b"407 Proxy Authentication Required", b"502 Bad Gateway"])
def test_a_proxy_that_refuses(post: Post, through: Callable[..., Proxy], refusal: bytes) -> None:
    """A refusal of the proxy is reported as such, without the proxy's password."""
    through(1, refusal)
    with pytest.raises(TryAgain, match="proxy") as caught:
        post("https://elsewhere.example/token", Network())
    assert "Tunnel connection failed: " + refusal.decode() == caught.value.detail
    assert "proxy-password" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("value", ["http:", "http://", "nonsense:port", "socks9://127.0.0.1:1"])
def test_a_nonsensical_proxy(post: Post, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A proxy variable that holds no address becomes an AppError."""
    monkeypatch.setenv("https_proxy", value)
    with pytest.raises(TryAgain):
        post("https://elsewhere.example/token", Network(timeout=QUICK))


@pytest.mark.parametrize("host", ["..", "a..example", "x" * 64 + ".example", "host.invalid"])
def test_a_host_that_cannot_be(post: Post, host: str) -> None:
    """An invalid host name becomes an AppError."""
    with pytest.raises(TryAgain):
        post(f"https://{host}/token", Network(timeout=QUICK))


def test_many_silent_addresses_share_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with a dozen silent addresses is given up after one time limit, not after twelve.

    A listening socket whose queue is full doesn't answer connections.
    """
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as silent,
        contextlib.ExitStack() as full,
    ):
        port = silent.getsockname()[1]
        for _ in range(4):
            filler = full.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        real = socket.getaddrinfo

        def hundred(host: str, *args: Any, **options: Any) -> Any:
            known = host == "host.example"
            return real("127.0.0.1" if known else host, *args, **options) * (100 if known else 1)

        monkeypatch.setattr(socket, "getaddrinfo", hundred)
        began = time.monotonic()
        with pytest.raises(TryAgain, match="no answer in time"):
            by_urllib(f"https://host.example:{port}/token", Network(timeout=QUICK))
    assert QUICK <= time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(
    post: Post, stage: Stage, make_stage: MakeStage, status: int
) -> None:
    """A redirect is returned like any response; its target gets no request."""
    target = make_stage().server
    location = {"Location": target.token_uri}
    stage.server.faults.append(Fault(status, b"", headers=location))
    if post is by_urllib:
        assert status == post(stage.server.token_uri, stage.network()).status
    else:
        with pytest.raises(TryAgain):
            post(stage.server.token_uri, stage.network())
    assert (1, 0) == (stage.server.token_requests, target.token_requests)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "head", "chunked"],
)
def test_a_trickle_ends_in_time(
    post: Post, stage: Stage, script: Callable[..., int], head: bytes, piece: bytes
) -> None:
    """The time limit applies to the whole response, not to each part of it."""
    uri = f"https://localhost:{script(trickle(head, piece))}/token"
    began = time.monotonic()
    with pytest.raises(TryAgain, match="no answer in time"):
        post(uri, stage.network(QUICK))
    assert time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize("fault", [Fault(delay=60), Fault(body=b"{}", pause_after=1)])
def test_silence_ends_in_time(post: Post, stage: Stage, fault: Fault) -> None:
    """A server that sends nothing, or half a response, is given up after the time limit."""
    stage.server.faults.append(fault)
    began = time.monotonic()
    with pytest.raises(TryAgain, match="no answer in time"):
        post(stage.server.token_uri, stage.network(QUICK))
    assert time.monotonic() - began < AT_ONCE


def test_a_pause_counts(post: Post, stage: Stage) -> None:
    """After a slow start only the rest of the time limit is left."""
    stage.server.faults.append(Fault(body=b"{}", delay=1.5, pause_after=1))
    began = time.monotonic()
    with pytest.raises(TryAgain, match="no answer in time"):
        post(stage.server.token_uri, stage.network(2.0))
    assert time.monotonic() - began < 1.5 + 2.0


def test_a_reset_is_told(post: Post, stage: Stage) -> None:
    """A broken connection is a problem of the network."""
    stage.server.faults.append(Fault(drop=True))
    with pytest.raises(TryAgain, match="localhost broke the connection off"):
        post(stage.server.token_uri, stage.network())


def test_nobody_listens(post: Post, stage: Stage) -> None:
    """A server that doesn't run is a problem of the network."""
    stage.server.close()
    with pytest.raises(TryAgain, match="localhost refused the connection"):
        post(stage.server.token_uri, stage.network())


@pytest.mark.parametrize("size", [LARGEST_ANSWER, LARGEST_ANSWER + 1])
def test_answers_are_bounded(post: Post, stage: Stage, size: int) -> None:
    """A response of the maximum size is read; a larger one is refused."""
    stage.server.faults.append(Fault(200, b"x" * size))
    if size <= LARGEST_ANSWER:
        assert size == len(post(stage.server.token_uri, stage.network()).body)
    else:
        with pytest.raises(TryAgain):
            post(stage.server.token_uri, stage.network())


def test_html_is_an_answer(post: Post, stage: Stage) -> None:
    """An HTML page is returned like any other response."""
    stage.server.faults.append(Fault(200, b"<html>", "text/html"))
    assert b"<html>" == post(stage.server.token_uri, stage.network()).body


def test_no_password_of_netrc_is_sent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, script: Callable[..., int]
) -> None:
    """The passwords in ~/.netrc are not sent, although requests would do so."""
    netrc = stage.folder / "netrc"
    netrc.write_text("default login somebody password netrc-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with new_session(stage.network()) as session:
        answer = session.post(stage.server.token_uri, data=FORM)
    assert "Authorization" not in answer.request.headers


def test_the_session_speaks_no_plain_http(stage: Stage) -> None:
    """An endpoint without TLS is refused before anything is sent."""
    with (
        new_session(stage.network()) as session,
        pytest.raises(requests.RequestException, match="No connection adapters"),
    ):
        session.post("http://localhost:1/token", data=FORM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no p@ss/word here", "no … here"),
        ("form was a=p%40ss%2Fword&b", "form was a=…&b"),
        ("two\r\nlines\tand\x1b[31m red\x00", "two lines and [31m red"),
        ("right\u202eleft\u2028end", "right left end"),
        ("p@ss/\nword", "p@ss/ word"),
        (17, "17"),
        (None, "None"),
        ("x" * 500, "x" * 400 + "…"),
        ("x" * 396 + "p@ss/word", "x" * 396 + "…"),
    ],
)
def test_quoted(text: object, expected: str) -> None:
    """A server's text is quoted in one short line, without secrets in any form."""
    assert expected == quoted(text, "p@ss/word", "")
