"""Tests of core/net/connecting.py: finding a server and connecting keep to the time limit.

Each way on which the program speaks to a server is tested: refreshes, sign-ins, IMAP with TLS from
the start and with STARTTLS, and the report.
"""

import contextlib
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from core.cancel import Cancellation
from core.errors import AppError, Cancelled
from core.mailbox.imap_login import check_mailbox
from core.net.connecting import connect, in_time
from core.net.faults import network_error
from core.net.http import post_form
from core.net.network import Network
from core.oauth.sign_in.certificate import server_context
from core.oauth.sign_in.http_session import new_session
from core.report.endpoint import certificate_issuer
from faulty_servers.scripted import ScriptedServer, Talk
from program import program_of
from servers import ADDRESS, AT_ONCE, QUICK, MakeStage, Stage, issued_by

Reach = Callable[[Stage, int, Network], object]
LONG = 60.0  # seconds; nobody waits for it
HOST = "host.example"


def refresh(stage: Stage, port: int, network: Network) -> object:
    """Send a request as a refresh does."""
    return post_form(f"https://{HOST}:{port}/token", {}, network)


def sign_in(stage: Stage, port: int, network: Network) -> object:
    """Send a request as msal and oauthlib do, with errors converted as the flows do."""
    uri = f"https://{HOST}:{port}/token"
    with new_session(network) as session:
        try:
            return session.post(uri)
        except requests.RequestException as exc:
            raise network_error(exc, urlsplit(uri).hostname or "") from exc


def imap(stage: Stage, port: int, network: Network) -> object:
    """Log in over TLS."""
    registration = replace(stage.registration, imap_host=HOST, imap_port=port, imap_starttls=False)
    return check_mailbox(registration, ADDRESS, "a-token", network=network)


def starttls(stage: Stage, port: int, network: Network) -> object:
    """Log in with STARTTLS."""
    registration = replace(stage.registration, imap_host=HOST, imap_port=port, imap_starttls=True)
    return check_mailbox(registration, ADDRESS, "a-token", network=network)


def report(stage: Stage, port: int, network: Network) -> object:
    """Look at a certificate for a report."""
    return certificate_issuer(f"https://{HOST}:{port}/token", network)


@pytest.fixture(params=[refresh, sign_in, imap, starttls, report])
def reach(request: pytest.FixtureRequest) -> Reach:
    """Every way on which the program speaks to a server."""
    chosen: Reach = request.param
    return chosen


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the system find these addresses for the host."""
    real = socket.getaddrinfo

    def name(*addresses: str) -> None:
        def find(host: str, port: int, *args: Any, **options: Any) -> Any:
            found = addresses if host == HOST else (host,)
            return [one for each in found for one in real(each, port, *args, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", find)

    return name


@pytest.fixture
def silent_name_servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the system wait for name servers that never answer."""
    over = threading.Event()

    def find(*args: Any, **options: Any) -> Any:
        over.wait(LONG)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", find)
    yield
    over.set()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that answers no connection, since the queue of its socket is full."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as silent,
        contextlib.ExitStack() as full,
    ):
        for _ in range(4):
            filler = full.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
        yield silent.getsockname()[1]


@pytest.fixture
def script() -> Iterator[Callable[[Talk], int]]:
    """Start a server on loopback that talks as a function does; its port."""
    servers: list[ScriptedServer] = []

    def start(talk: Talk) -> int:
        servers.append(ScriptedServer(talk))
        servers[-1].start()
        return servers[-1].port

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider whose registration the IMAP logins use."""
    return make_stage()


def slow_handshake(client: socket.socket, closing: threading.Event) -> None:
    """Send a TLS record byte by byte: no single read takes long."""
    client.recv(1)
    client.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\x00")
    with contextlib.suppress(OSError):
        while not closing.wait(0.05):
            client.sendall(b"\x00")


def slow_starttls(client: socket.socket, closing: threading.Event) -> None:
    """The same after STARTTLS."""
    client.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
    for answer in (b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK done\r\n", b"%s OK begin\r\n"):
        tag = client.recv(1000).split(b" ")[0]
        client.sendall(answer % tag)
    slow_handshake(client, closing)


def failed(reach: Reach, stage: Stage, port: int) -> tuple[str, float]:
    """The verdict of a try with a short time limit, and how many seconds it took."""
    began = time.monotonic()
    with pytest.raises(AppError) as caught:
        reach(stage, port, stage.network(QUICK))
    return caught.value.verdict.id, time.monotonic() - began


def cancelled(reach: Reach, stage: Stage, port: int) -> float:
    """The seconds after which a cancelled try ends, whose own time limit is long."""
    cancellation = Cancellation()
    network = replace(stage.network(LONG), cancelled=cancellation)
    timer = threading.Timer(0.2, cancellation.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        reach(stage, port, network)
    timer.join()
    return time.monotonic() - began


@pytest.mark.usefixtures("silent_name_servers")
def test_silent_name_servers_are_waited_for_no_longer_than_asked(
    reach: Reach, stage: Stage
) -> None:
    """The system alone would ask them for half a minute."""
    verdict, seconds = failed(reach, stage, 443)
    expected = "no_answer_in_time" if reach is report else "name_server_silent"
    assert expected == verdict
    assert seconds < AT_ONCE


def test_silent_addresses_share_the_time(
    reach: Reach, stage: Stage, named: Callable[..., None], silent_port: int
) -> None:
    """A host may have many addresses."""
    named(*["127.0.0.1"] * 100)
    verdict, seconds = failed(reach, stage, silent_port)
    assert "no_answer_in_time" == verdict
    assert seconds < AT_ONCE


def test_a_handshake_that_dribbles_is_given_up(
    reach: Reach, stage: Stage, named: Callable[..., None], script: Callable[[Talk], int]
) -> None:
    """No single read of it takes long."""
    named("127.0.0.1")
    port = script(slow_starttls if reach is starttls else slow_handshake)
    verdict, seconds = failed(reach, stage, port)
    assert "no_answer_in_time" == verdict
    assert seconds < AT_ONCE


@pytest.mark.usefixtures("silent_name_servers")
def test_a_cancellation_ends_the_wait_for_name_servers(reach: Reach, stage: Stage) -> None:
    """At once; the system's call can't be interrupted."""
    assert cancelled(reach, stage, 443) < AT_ONCE


def test_a_cancellation_ends_connecting(
    reach: Reach, stage: Stage, named: Callable[..., None], silent_port: int
) -> None:
    """At once, with many addresses too."""
    named(*["127.0.0.1"] * 3)
    assert cancelled(reach, stage, silent_port) < AT_ONCE


def test_a_cancellation_ends_a_handshake(
    reach: Reach, stage: Stage, named: Callable[..., None], script: Callable[[Talk], int]
) -> None:
    """Nothing was sent yet that must be answered."""
    named("127.0.0.1")
    port = script(slow_starttls if reach is starttls else slow_handshake)
    assert cancelled(reach, stage, port) < AT_ONCE


@pytest.mark.parametrize("reach", [refresh, sign_in])
def test_connecting_and_the_answer_share_the_time(
    reach: Reach,
    stage: Stage,
    named: Callable[..., None],
    script: Callable[[Talk], int],
    tmp_path: Path,
) -> None:
    """A slow handshake leaves less for the answer."""
    named("127.0.0.1")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    context = server_context(issued_by(authority, HOST))

    def talk(client: socket.socket, closing: threading.Event) -> None:
        closing.wait(1.2)
        with contextlib.suppress(OSError), context.wrap_socket(client, server_side=True) as secure:
            while secure.recv(1000):
                pass

    began = time.monotonic()
    with pytest.raises(AppError) as caught:
        reach(stage, script(talk), Network(1.6, tmp_path / "authority.pem"))
    assert "no_answer_in_time" == caught.value.verdict.id
    assert time.monotonic() - began < 2.6


def test_a_silent_address_leaves_time_for_the_next(
    named: Callable[..., None], silent_port: int
) -> None:
    """As where a network drops IPv6."""
    named("127.0.0.1", "127.0.0.2")
    with (
        socket.create_server(("127.0.0.2", silent_port)),
        connect((HOST, silent_port), time.monotonic() + 2 * QUICK, Cancellation()) as found,
    ):
        assert "127.0.0.2" == found.getpeername()[0]
        assert found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_result_that_comes_late_is_thrown_away() -> None:
    """A socket that connects after the time limit would stay open."""
    late, thrown = threading.Event(), threading.Event()

    def act() -> int:
        late.wait(AT_ONCE)
        return 7

    with pytest.raises(TimeoutError):
        in_time(act, time.monotonic() + 0.1, Cancellation(), discard=lambda _: thrown.set())
    late.set()
    assert thrown.wait(AT_ONCE)


def test_results_and_errors_come_through() -> None:
    """A `TimeoutError` of the call itself too."""

    def fail() -> None:
        raise TimeoutError("its own")

    assert 7 == in_time(lambda: 7, time.monotonic() + AT_ONCE, Cancellation())
    with pytest.raises(TimeoutError, match="its own"):
        in_time(fail, time.monotonic() + AT_ONCE, Cancellation())


@pytest.mark.only_on("posix", reason="Windows sends no signal to one process")
@pytest.mark.parametrize("arguments", [("--refresh_only",), ()])
def test_ctrl_c_ends_the_wait_for_name_servers(
    make_stage: MakeStage, arguments: tuple[str]
) -> None:
    """At once, although a refresh has begun: nothing was sent, and the file is as it was."""
    stage = make_stage()
    stage.sign_in(check=False)
    stage.age()
    before = stage.path.read_bytes()
    code = """
import socket, sys, time

def find(*args, **options):
    print("asking", file=sys.stderr, flush=True)
    time.sleep(60)

socket.getaddrinfo = find
from core.cli import main
sys.exit(main(sys.argv[1:]))
"""
    program = replace(program_of(stage), command=(sys.executable, "-c", code))
    with program.start("--timeout", "60", *arguments, ADDRESS) as running:
        running.line_with("asking")
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        done = running.finish(AT_ONCE)

    assert time.monotonic() - began < AT_ONCE
    assert 130 == done.code, done.err
    assert "Cancelled" in done.err
    assert (before, [stage.path.name]) == (stage.path.read_bytes(), stage.names())
