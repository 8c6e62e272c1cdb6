"""Tests of HTTPS requests with urllib and requests: trust, proxies, redirects, limits."""

import contextlib
import datetime
import errno
import gzip
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from core.errors import AppError, TryAgain
from core.net.compression import LARGEST_ANSWER
from core.net.faults import network_error
from core.net.http import post_form
from core.net.network import Network, quoted
from core.net.response import HttpResponse
from core.net.tls import new_tls_context, tls_context
from core.oauth.sign_in.certificate import Certificate, self_signed
from core.oauth.sign_in.http_session import new_session
from faulty_servers.authorization_server import FaultyAuthorizationServer
from faulty_servers.responses import Fault
from faulty_servers.scripted import ScriptedServer
from servers import AT_ONCE, PATIENT, QUICK, MakeStage, Stage, issued_by, trickle

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
            raise network_error(exc, urlsplit(uri).hostname or "") from exc
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


def future(authority: trustme.CA) -> Certificate:
    """A certificate that is not valid yet: most often the clock here is behind."""
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    return issued_by(authority, "localhost", not_before=then)


@pytest.mark.parametrize(
    ("made", "verdict", "detail"),
    [
        (expired, "tls_expired", "certificate has expired"),
        (future, "tls_not_yet_valid", "certificate is not yet valid"),
        (elsewhere, "tls_wrong_name", "Hostname mismatch"),
        (unknown, "tls_unknown_issuer", "unable to get local issuer certificate"),
    ],
)
def test_certificates_are_verified(
    post: Post,
    serve: Callable[..., FaultyAuthorizationServer],
    authority: trustme.CA,
    tmp_path: Path,
    made: Callable[[trustme.CA], Certificate],
    verdict: str,
    detail: str,
) -> None:
    """A wrong certificate ends the request before anything is sent."""
    server = serve(made(authority))
    with pytest.raises(TryAgain) as caught:
        post(server.token_uri, Network(ca_file=tmp_path / "authority.pem"))
    assert verdict == caught.value.verdict.id
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


@pytest.mark.only_on("linux", reason="Windows and macOS have their own store")
def test_the_variable_of_openssl_replaces_the_store(
    post: Post, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for every program on Linux; SECURITY.md says so."""
    monkeypatch.setenv("SSL_CERT_FILE", str(stage.ca_file))
    assert 400 == post(stage.server.token_uri, Network()).status


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_variables_of_requests_give_no_trust(
    post: Post, stage: Stage, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Only the system's store and --ca_file are trusted, not the variables of a library."""
    monkeypatch.setenv(variable, str(stage.ca_file))
    with pytest.raises(TryAgain) as caught:
        post(stage.server.token_uri, Network())
    assert "tls_unknown_issuer" == caught.value.verdict.id
    assert 0 == stage.server.token_requests


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_a_useless_ca_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    """A CA file that is missing or holds no certificate is reported, and nothing is sent."""
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_bytes(content)
    with pytest.raises(AppError) as caught:
        tls_context(Network(ca_file=ca_file))
    assert "ca_file_unusable" == caught.value.verdict.id
    assert str(ca_file) in str(caught.value)


@pytest.mark.only_on("linux", reason="Windows and macOS ask their own store")
def test_the_certificates_are_read_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as nothing has changed; libraries that change a context get one of their own."""
    network = stage.network()
    context = tls_context(network)
    assert context is tls_context(network) is not new_tls_context(network)
    assert context is not tls_context(Network())
    stage.ca_file.write_bytes(stage.ca_file.read_bytes() + b"\n")
    replaced = tls_context(network)
    assert context is not replaced is tls_context(network)
    monkeypatch.setenv("SSL_CERT_FILE", str(stage.ca_file))
    assert replaced is not tls_context(network)


@pytest.mark.only_on("linux", reason="Windows and macOS ask their own store")
def test_a_program_that_was_built_on_another_system(
    post: Post, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """If OpenSSL's own places are empty, a known place of another system is used."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setattr("core.net.tls._BUNDLES", ("/nowhere", str(stage.ca_file)))
    assert 400 == post(stage.server.token_uri, Network()).status


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
    with pytest.raises(TryAgain) as caught:
        post(uri, Network())
    assert "tls_unknown_issuer" == caught.value.verdict.id
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


PASSWORD = "proxy-password"


def of_the_proxy(error: AppError, verdict: str, name: str, variable: str) -> None:
    """Check that an error is about this proxy, from this variable, without its password."""
    assert verdict == error.verdict.id
    assert (name, f"the environment variable {variable}") == (
        error.parameters["proxy"],
        error.parameters["proxy_source"],
    )
    assert "elsewhere.example" == error.parameters["host"]
    words = f"{error.message} {error.detail} {error.explanation} {error.hint} {error.parameters}"
    assert PASSWORD not in words


@pytest.mark.parametrize(
    ("refusal", "verdict"),
    [
        (b"407 Proxy Authentication Required", "proxy_wants_password"),
        (b"403 Forbidden", "proxy_refused"),
        (b"502 Bad Gateway", "proxy_cannot_reach"),
    ],
)
def test_a_proxy_that_refuses(
    post: Post, through: Callable[..., Proxy], refusal: bytes, verdict: str
) -> None:
    """A refusal of the proxy is reported as such, with the proxy's name and where it is set."""
    proxy = through(1, refusal)
    with pytest.raises(TryAgain) as caught:
        post("https://elsewhere.example/token", Network())
    name = proxy.uri.rpartition("@")[2]
    of_the_proxy(caught.value, verdict, name, "https_proxy")
    assert "Tunnel connection failed: " + refusal.decode() == caught.value.detail


def set_proxy(monkeypatch: pytest.MonkeyPatch, variable: str, uri: str) -> None:
    """Name this proxy in this variable, and no other."""
    for name in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv(variable, uri)


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_that_does_not_run(
    post: Post, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A dead port of the proxy is not blamed on the provider's host."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        name = f"127.0.0.1:{closed.getsockname()[1]}"
    set_proxy(monkeypatch, variable, f"http://user:{PASSWORD}@{name}")
    with pytest.raises(TryAgain) as caught:
        post("https://elsewhere.example/token", Network())
    of_the_proxy(caught.value, "proxy_unreachable", name, variable)


def test_a_proxy_whose_name_is_unknown(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name that can't be found is the proxy's."""
    set_proxy(monkeypatch, "HTTPS_PROXY", f"user:{PASSWORD}@proxy.invalid:3128")

    def unknown_host(host: str, *_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown_host)
    with pytest.raises(TryAgain) as caught:
        post("https://elsewhere.example/token", Network())
    of_the_proxy(caught.value, "proxy_name_not_found", "proxy.invalid:3128", "HTTPS_PROXY")


@pytest.mark.parametrize("answer", [None, b"", b"SSH-2.0\r\n"], ids=repr)
def test_a_proxy_that_hangs_or_is_none(
    post: Post, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    """Whatever the proxy does instead of a tunnel, it is told as the proxy's fault."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.recv(1 << 16)
        if answer is None:
            closing.wait(PATIENT)
        client.sendall(answer or b"")

    server = ScriptedServer(talk)
    server.start()
    set_proxy(monkeypatch, "https_proxy", f"http://127.0.0.1:{server.port}")
    limit = QUICK if answer is None else PATIENT
    with pytest.raises(TryAgain) as caught:
        post("https://elsewhere.example/token", Network(timeout=limit))
    server.close()
    of_the_proxy(caught.value, "proxy_unreachable", f"127.0.0.1:{server.port}", "https_proxy")


@pytest.mark.parametrize(
    "value",
    [
        "http://",
        "nonsense:port",
        "socks5://127.0.0.1:1080",
        "socks5h://127.0.0.1:1080",
        '"http://127.0.0.1:3128"',
        "'127.0.0.1:3128'",
        "http://two words:3128",
    ],
)
def test_an_address_that_is_no_proxys(
    post: Post, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """It is told with the variable that holds it; nothing is sent."""
    set_proxy(monkeypatch, "https_proxy", value)
    with pytest.raises(AppError) as caught:
        post("https://elsewhere.example/token", Network(timeout=QUICK))
    assert "proxy_address_wrong" == caught.value.verdict.id
    assert "the environment variable https_proxy" in caught.value.explanation


def test_the_systems_proxy(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that no variable names comes from the system's settings (Windows, macOS)."""
    set_proxy(monkeypatch, "no_proxy", "elsewhere.invalid")
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "http://127.0.0.1:9"})
    with pytest.raises(TryAgain) as caught:
        post("https://elsewhere.example/token", Network(timeout=QUICK))
    assert "the system's proxy settings" == caught.value.parameters["proxy_source"]


@pytest.mark.parametrize("host", ["..", "a..example", "x" * 64 + ".example"])
def test_a_host_that_cannot_be(post: Post, host: str) -> None:
    """An invalid host name is one that can't be found."""
    with pytest.raises(TryAgain) as caught:
        post(f"https://{host}/token", Network(timeout=QUICK))
    assert caught.value.verdict.id in ("name_not_found", "network_failed")


FAULTS: list[tuple[OSError, str]] = [
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "name_not_found"),
    (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "name_server_silent"),
    (TimeoutError(), "no_answer_in_time"),
    (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "connection_refused"),
    (ConnectionResetError(errno.ECONNRESET, "reset"), "connection_broken"),
    (BrokenPipeError(errno.EPIPE, "broken"), "connection_broken"),
    (OSError(errno.ENETUNREACH, "Network is unreachable"), "network_unreachable"),
    (OSError(errno.EHOSTUNREACH, "No route to host"), "network_unreachable"),
    (PermissionError(errno.EACCES, "Permission denied"), "network_unreachable"),
    (PermissionError(errno.EPERM, "Operation not permitted"), "network_unreachable"),
    (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "connection_broken"),
    (ssl.SSLError(1, "[SSL] internal error"), "tls_failed"),
    (OSError(errno.EMFILE, "Too many open files"), "network_failed"),
]


@pytest.mark.parametrize(("fault", "verdict"), FAULTS, ids=[repr(row[0]) for row in FAULTS])
def test_faults_of_a_connection(
    post: Post, monkeypatch: pytest.MonkeyPatch, fault: OSError, verdict: str
) -> None:
    """Each fault is named, whoever wraps it in exceptions of its own."""

    def fail(*_: Any, **__: Any) -> Any:
        raise fault

    set_proxy(monkeypatch, "no_proxy", "*")
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(TryAgain) as caught:
        post("https://elsewhere.example/token", Network())
    assert verdict == caught.value.verdict.id


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"220 mail.example ESMTP\r\n", "not_http"),
        (b"HTTP/1.1 abc\r\n\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 70_000 + b"\r\n\r\n", "not_http"),
        (b"", "connection_broken"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_answers_that_are_not_http(
    post: Post, stage: Stage, script: Callable[..., int], answer: bytes, verdict: str
) -> None:
    """Another service on that port is told as one."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.recv(1 << 16)
        client.sendall(answer)

    with pytest.raises(TryAgain) as caught:
        post(f"https://localhost:{script(talk)}/token", stage.network())
    assert verdict == caught.value.verdict.id


def test_no_tls_on_that_port(post: Post, stage: Stage) -> None:
    """A server that speaks without TLS is told as one."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(b"* OK IMAP4rev1 ready, in plain text as on port 143\r\n")
        client.recv(1 << 16)

    server = ScriptedServer(talk)
    server.start()
    with pytest.raises(TryAgain) as caught:
        post(f"https://localhost:{server.port}/token", stage.network())
    server.close()
    assert "tls_failed" == caught.value.verdict.id
    assert "WRONG_VERSION_NUMBER" == caught.value.detail


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
        with pytest.raises(TryAgain, match="did not answer in time"):
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
    with pytest.raises(TryAgain, match="did not answer in time"):
        post(uri, stage.network(QUICK))
    assert time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize("fault", [Fault(delay=60), Fault(body=b"{}", pause_after=1)])
def test_silence_ends_in_time(post: Post, stage: Stage, fault: Fault) -> None:
    """A server that sends nothing, or half a response, is given up after the time limit."""
    stage.server.faults.append(fault)
    began = time.monotonic()
    with pytest.raises(TryAgain, match="did not answer in time"):
        post(stage.server.token_uri, stage.network(QUICK))
    assert time.monotonic() - began < AT_ONCE


def test_a_pause_counts(post: Post, stage: Stage) -> None:
    """After a slow start only the rest of the time limit is left."""
    stage.server.faults.append(Fault(body=b"{}", delay=1.5, pause_after=1))
    began = time.monotonic()
    with pytest.raises(TryAgain, match="did not answer in time"):
        post(stage.server.token_uri, stage.network(2.0))
    assert time.monotonic() - began < 1.5 + 2.0


def test_a_reset_is_told(post: Post, stage: Stage) -> None:
    """A broken connection is a problem of the network."""
    stage.server.faults.append(Fault(drop=True))
    with pytest.raises(TryAgain, match="localhost closed the connection unexpectedly"):
        post(stage.server.token_uri, stage.network())


def test_no_connection_waits_for_the_user(tmp_path: Path) -> None:
    """While a user consents, a router may forget a connection that is kept open for the code."""
    certificate = self_signed()
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    def answer_once(connection: socket.socket, _closing: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(answer)
        while connection.recv(65536):  # what comes later is lost
            pass

    server = ScriptedServer(answer_once, certificate)
    server.start()
    uri = f"https://localhost:{server.port}/"
    (tmp_path / "ca.pem").write_bytes(certificate.certificate_pem)
    network = Network(PATIENT, tmp_path / "ca.pem")
    with new_session(network) as session:
        answers = [session.get(uri).content for _n in range(3)]
    server.close()
    assert 3 * [b"{}"] == answers


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
        with pytest.raises(TryAgain) as caught:
            post(stage.server.token_uri, stage.network())
        assert "answer_too_large" == caught.value.verdict.id


def gzip_without_end(content: bytes) -> bytes:
    """Gzip whose checksum is missing."""
    return gzip.compress(content)[:-8]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip_without_end),
        ("deflate", zlib.compress),
        ("gzip, gzip", lambda content: gzip.compress(gzip.compress(content))),
        ("identity", bytes),
        ("gzip", bytes),
        ("deflate", bytes),
    ],
)
def test_compressed_answers(
    post: Post, stage: Stage, encoding: str, compress: Callable[[bytes], bytes], told: bool
) -> None:
    """A server that compresses unasked is read, also if it forgets, or lies, in the header."""
    content = '{"access_token": "the-access-token", "name": "Jürgen"}'.encode()
    headers = {"Content-Encoding": encoding} if told else {}
    stage.server.faults.append(Fault(200, compress(content), headers=headers))
    assert content == post(stage.server.token_uri, stage.network()).body


def test_deflate_without_a_header(post: Post, stage: Stage) -> None:
    """Some servers send deflate without zlib's header; only Content-Encoding tells it."""
    content = b'{"access_token": "the-access-token"}' * 3
    compressor = zlib.compressobj(wbits=-15)
    body = compressor.compress(content) + compressor.flush()
    stage.server.faults.append(Fault(200, body, headers={"Content-Encoding": "deflate"}))
    assert content == post(stage.server.token_uri, stage.network()).body


def test_a_bomb(post: Post, stage: Stage) -> None:
    """A small answer that grows beyond the limit is refused."""
    stage.server.faults.append(Fault(200, gzip.compress(b" " * (LARGEST_ANSWER + 1))))
    with pytest.raises(TryAgain) as caught:
        post(stage.server.token_uri, stage.network())
    assert "answer_too_large" == caught.value.verdict.id


@pytest.mark.parametrize(
    "head",
    [b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", b"Content-Length: 3\r\n\r\n{}"],
    ids=["chunked", "length"],
)
def test_only_the_end_is_missing(
    post: Post, stage: Stage, script: Callable[..., int], head: bytes
) -> None:
    """What has come is read: it may hold the only copy of a refresh token."""

    def talk(client: socket.socket, closing: threading.Event) -> None:
        client.recv(1 << 16)
        client.sendall(b"HTTP/1.1 200 OK\r\n" + head)

    answer = post(f"https://localhost:{script(talk)}/token", stage.network())
    assert (200, b"{}") == (answer.status, answer.body)


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
        ("x" * 900, "x" * 800 + "…"),
        ("x" * 796 + "p@ss/word", "x" * 796 + "…"),
        ("word " * 200, "word " * 159 + "word…"),
    ],
)
def test_quoted(text: object, expected: str) -> None:
    """A server's text is quoted in one short line, without secrets in any form."""
    assert expected == quoted(text, "p@ss/word", "")


def test_a_long_text_keeps_its_ids() -> None:
    """An administrator finds the sign-in by Microsoft's ids, which stand at the end."""
    trace, correlation = f"Trace ID: {'1' * 8}-{'2' * 27}", f"Correlation ID: {'a' * 36}"
    text = f"AADSTS50020: {'User account. ' * 100} {trace} {correlation} Timestamp: 2026-01-31"
    said = quoted(text)
    assert said.startswith("AADSTS50020: User account.")
    assert said.endswith(f"… {trace} {correlation}")
    assert len(said) < 950
    for limit in range(760, 800):  # wherever the limit falls
        assert correlation in quoted("x" * limit + f" {trace} {correlation}")
