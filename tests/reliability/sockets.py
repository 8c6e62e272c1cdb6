"""Hostile clients of the callback server by raw sockets, and a check that it still works."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import proving  # noqa: F401  # the folders to import from
from mutation import mutate

from core.oauth.sign_in.loopback import Loopback

STATE = "the-state-of-this-sign-in"
QUERY = f"code=the-real-code&state={STATE}"
LIMIT = 2.0  # seconds that a connection may take here in all
_FORM = "Content-Type: application/x-www-form-urlencoded"
_TLS_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256))


class Callback:
    """A sign-in that waits for its response; `delivered` has what it got."""

    def __init__(self, redirect_uri: str = "http://localhost") -> None:
        """Start to listen."""
        self.delivered: list[object] = []
        self.loopback = Loopback(redirect_uri, connection_limit=LIMIT)
        self.port = int(self.loopback.redirect_uri.rpartition(":")[2])
        self.loopback.serve(STATE, self.delivered.append)

    def connect(self) -> socket.socket:
        """Connect as a stranger."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT + 3)

    def say(self, words: bytes) -> bytes:
        """Send bytes and close; return the response."""
        answer = b""
        with self.connect() as client, contextlib.suppress(OSError):
            client.sendall(words)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(1 << 16):
                answer += piece
        return answer

    def takes_the_answer(self) -> bool:
        """Whether this sign-in's own response still arrives."""
        answer = self._browse(self.request(f"GET /?{QUERY} HTTP/1.1"))
        self._browse(self.request("GET /done HTTP/1.1"))
        return answer.startswith(b"HTTP/1.0 303") and len(self.delivered) == 1

    def _browse(self, request: bytes) -> bytes:
        """Send a request as a browser does, over TLS if the address is https."""
        if not self.loopback.certificate_warning:
            return self.say(request)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with self.connect() as plain, context.wrap_socket(plain) as client:
            client.sendall(request)
            return client.recv(1 << 16)

    def request(self, line: str, *headers: str, host: str = "", body: str = "") -> bytes:
        """Return a request to this server or, with `host`, to another one."""
        lines = [line, f"Host: {host or f'localhost:{self.port}'}", *headers]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@contextmanager
def callback(redirect_uri: str = "http://localhost") -> Iterator[Callback]:
    """Run the listener of one sign-in."""
    waiting = Callback(redirect_uri)
    try:
        yield waiting
    finally:
        waiting.loopback.close()


def samples(waiting: Callback) -> tuple[bytes, ...]:
    """Return requests that are nearly right; none has the right state."""
    wrong = "code=the-real-code&state=guessed"
    length = f"Content-Length: {len(wrong)}"
    return (
        waiting.request(f"GET /?{wrong} HTTP/1.1"),
        waiting.request(f"GET /?{wrong} HTTP/1.1", host="evil.example"),
        waiting.request(f"GET http://[bad/?{wrong} HTTP/1.1"),
        waiting.request("DELETE / HTTP/1.1"),
        waiting.request("OPTIONS * HTTP/1.1"),
        waiting.request("POST / HTTP/1.1", _FORM, length, body=wrong),
        waiting.request("POST / HTTP/1.1", _FORM, "Content-Length: 99999999999"),
        waiting.request("POST / HTTP/1.1", _FORM, "Transfer-Encoding: chunked", body="5\r\nhello"),
        waiting.request(f"GET /?{wrong} HTTP/1.1") * 50,
        _TLS_HELLO,
    )


def random_requests(waiting: Callback, rng: random.Random, count: int) -> int:
    """Send mutations of the samples, one in each connection."""
    known = samples(waiting)
    for _ in range(count):
        waiting.say(mutate(rng.choice(known), known, rng))
    return count


def many_at_once(waiting: Callback, rng: random.Random, count: int) -> int:
    """Open many connections at once that stay open, silent or in the middle of a request."""
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.socket()) for _ in range(count)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", waiting.port))
        time.sleep(1)
        for client in clients:
            with contextlib.suppress(OSError):  # the oldest were dropped
                client.send(rng.choice((b"G", b"GET / HT", _TLS_HELLO)))
    return count


def slow(waiting: Callback, rng: random.Random, count: int) -> int:
    """Send a byte now and then; each connection is closed after its time limit."""
    with ExitStack() as stack:
        clients = [stack.enter_context(waiting.connect()) for _ in range(count)]
        end = time.monotonic() + LIMIT + 1
        while clients and time.monotonic() < end:
            clients = [client for client in clients if _still_open(client)]
            time.sleep(0.1)
    assert not clients, "a slow client was kept beyond the time limit"
    return count


def huge(waiting: Callback, rng: random.Random, count: int) -> int:
    """Send endless lines, headers and bodies."""
    endless = b"x" * (1 << 22)
    heads = (b"", b"GET /?", b"GET / HTTP/1.1\r\nA: ", waiting.request("POST / HTTP/1.1", _FORM))
    for head in heads:
        waiting.say(head + endless)
    waiting.say(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 500_000)
    return len(heads) + 1


def _still_open(client: socket.socket) -> bool:
    try:
        client.sendall(b"G")
        client.settimeout(0.01)
        return client.recv(100) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


Attack = Callable[[Callback, random.Random, int], int]
# Each with the cases of the long form and of the short one.
ATTACKS: dict[str, tuple[Attack, int, int]] = {
    "random requests": (random_requests, 20_000, 200),
    "connections at once": (many_at_once, 1000, 1000),
    "slow ones": (slow, 20, 5),
    "huge ones": (huge, 5, 5),
}
