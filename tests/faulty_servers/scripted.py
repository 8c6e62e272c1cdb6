"""Servers on loopback that do what a function of the test does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from core.demo.http_server import DemoRequest, DemoResponse, HttpServer
from core.net.loopback import LoopbackServer, first_free
from core.oauth.sign_in.certificate import Certificate, server_context

Talk = Callable[[socket.socket, threading.Event], None]


class ScriptedServer(LoopbackServer):
    """Talks to each client as a function does, which also gets the event of the server's end."""

    def __init__(self, talk: Talk, certificate: Certificate | None = None) -> None:
        """With a `certificate` over TLS."""
        super().__init__(first_free(), context=server_context(certificate) if certificate else None)
        self._talk = talk

    def serve(self, connection: socket.socket) -> None:
        """Call the function."""
        self._talk(connection, self.closing)


class AnsweringServer(HttpServer):
    """Answers each request as a function does."""

    def __init__(
        self, certificate: Certificate, answer: Callable[[DemoRequest], DemoResponse]
    ) -> None:
        """`answer` may run several times at once."""
        super().__init__(certificate)
        self._answer = answer

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Call the function."""
        return self._answer(request)
