"""HTTP on loopback for the demo, nearly always over TLS: one request for each connection.

Nothing is logged, since queries and forms hold secrets.
"""

import socket
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from ..net.loopback import LoopbackServer, first_free
from ..oauth.sign_in.certificate import Certificate, server_context

_BODY_LIMIT = 1 << 20  # an OAuth2 form has a few kilobytes


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """One request; `target` is the path with its query, `body` the form as sent."""

    method: str
    target: str = field(repr=False)
    body: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def path(self) -> str:
        """The target without the query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """One response."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        """Write it to the client."""
        self.send_head(handler)
        handler.wfile.write(self.body)

    def send_head(self, handler: BaseHTTPRequestHandler) -> None:
        """Write the status and the headers to the client."""
        handler.send_response(self.status)
        handler.send_header("Content-Type", self.content_type)
        handler.send_header("Content-Length", str(len(self.body)))
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()


class HttpServer(LoopbackServer):
    """Answers each request with what `respond` returns."""

    def __init__(self, certificate: Certificate | None) -> None:
        """Bind a free port; without a certificate there is no TLS."""
        super().__init__(first_free(), context=server_context(certificate) if certificate else None)
        host = "https://localhost" if certificate else "http://127.0.0.1"
        self.origin = f"{host}:{self.port}"

    @abstractmethod
    def respond(self, request: DemoRequest) -> DemoResponse:
        """Return the response; called in the connection's thread, so several may run at once."""

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        _Handler(connection, ("loopback", 0), self)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """The standard library's HTTP/1.0; the constructor serves the request."""

    server: HttpServer  # type: ignore[assignment]  # the standard library expects its own servers

    def do_GET(self) -> None:
        """Read the request and send the response."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _BODY_LIMIT:
            DemoResponse(413).send(self)
            return
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        headers = {name: str(value) for name, value in self.headers.items()}
        self.server.respond(DemoRequest(self.command, self.path, body, headers)).send(self)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the request line holds secrets."""
