"""HTTPS on loopback for the rehearsal: a request goes in, an answer comes out.

One request a connection. An answer can misbehave as real servers and networks do. Nothing is
logged, since queries and forms hold secrets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from ..oauth.sign_in.certificate import Certificate, server_context
from .loopback_server import Connection, LoopbackServer

# An OAuth2 form has a few kilobytes.
_BODY_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """What came in; `target` is the path with its query, `body` the form as sent."""

    method: str
    target: str = field(repr=False)
    body: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def path(self) -> str:
        """The target without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the question mark."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """What goes out, and how badly.

    `delay` is the seconds before it; with `drop` the connection is reset without an answer; after
    `pause_after` bytes of the body nothing more comes until the server closes.
    """

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    delay: float = 0
    drop: bool = False
    pause_after: int | None = None


NOT_FOUND = DemoResponse(404, b"There is nothing here.\n", "text/plain; charset=utf-8")
TOO_LARGE = DemoResponse(413, b"That is too much.\n", "text/plain; charset=utf-8")


class HttpsServer:
    """Serves from its making until `close`."""

    def __init__(
        self, certificate: Certificate, answer: Callable[[DemoRequest], DemoResponse]
    ) -> None:
        """`answer` is called in the connection's thread, so several may run at once."""
        self._context = server_context(certificate)
        self._answer = answer
        self._server = LoopbackServer(self._serve)

    @property
    def port(self) -> int:
        """The port on loopback."""
        return self._server.port

    def close(self) -> None:
        """Stop at once, also where an answer hangs."""
        self._server.close()

    def _serve(self, connection: Connection) -> None:
        connection.start_tls(self._context)
        _Handler(connection, self._answer, self._server.closing)


class _Handler(BaseHTTPRequestHandler):
    """The standard library's HTTP/1.0; its constructor serves the request."""

    def __init__(
        self,
        connection: Connection,
        answer: Callable[[DemoRequest], DemoResponse],
        closing: Event,
    ) -> None:
        """Serve the request."""
        self._of_client = connection
        self._answer = answer
        self._closing = closing
        super().__init__(connection.socket, ("loopback", 0), connection.server)

    def do_GET(self) -> None:
        """Called by the base class."""
        self._send(self._answered())

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the request line holds secrets."""

    def _answered(self) -> DemoResponse:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _BODY_LIMIT:
            return TOO_LARGE
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        headers = {name: str(value) for name, value in self.headers.items()}
        return self._answer(DemoRequest(self.command, self.path, body, headers))

    def _send(self, answer: DemoResponse) -> None:
        self._closing.wait(answer.delay)
        if answer.drop:
            self._of_client.reset_on_close()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: answer.pause_after])
        if answer.pause_after is not None:
            self._closing.wait()
