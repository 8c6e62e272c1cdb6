"""What the loopback listener says to whoever connects: one answer is taken, strays get 404.

A thread a connection, since browsers open connections that stay silent. Nothing of a request is
logged: its query holds the code.
"""

import contextlib
import logging
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from ...net.network import LOOPBACK_HOSTS
from .authorization_response import parse_form, same_state

logger = logging.getLogger(__name__)

# How often the listener looks whether it is to end, in seconds.
_POLL = 0.05
# Beyond this many at once the oldest is dropped, so that silent ones never keep the answer out.
MOST_CONNECTIONS = 32
_BODY_LIMIT = 64 * 1024
# What the interrupted connections get to end, in seconds.
_CLOSING = 0.1
_NO_SCRIPTS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}
# As a Host header writes them (RFC 3986 section 3.2.2).
_HOSTS = tuple(f"[{host}]" if ":" in host else host for host in LOOPBACK_HOSTS)


class Receiver:
    """Serves the listeners from `start` until `stop`; `deliver` gets one answer, once."""

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        *,
        context: ssl.SSLContext | None,
        origin: str,
        path: str,
        page: bytes,
        state: str,
        deliver: Callable[[Mapping[str, str]], None],
        connection_limit: float,
    ) -> None:
        """Take what to listen on and what to look for; `origin` is scheme, host and port.

        A connection has `connection_limit` seconds from first to last.
        """
        port = listeners[0].getsockname()[1]
        self.path = path
        # Never the redirect's own path, and on its origin.
        self.clean_path = f"{path.rstrip('/')}/done"
        self.clean_url = origin + self.clean_path
        self.page = page
        self.hosts = {f"{host}:{port}" for host in _HOSTS}
        if port == (443 if context else 80):
            self.hosts.update(_HOSTS)  # browsers leave out the scheme's own port
        self.delivered = threading.Event()
        self.page_sent = threading.Event()
        self._listeners = listeners
        self._context = context
        self._state = state
        self._deliver = deliver
        self._limit = connection_limit
        self._told = False
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._accepted: dict[socket.socket, float] = {}  # and when, oldest first
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        """Serve, in a thread of its own."""
        for listener in self._listeners:
            listener.setblocking(False)
        self._thread.start()

    def wait_for_page(self, seconds: float) -> None:
        """Where an answer was taken: let the browser come for the page, for so long at most."""
        if self.delivered.is_set():
            self.page_sent.wait(seconds)

    def stop(self) -> None:
        """Accept no more and interrupt every connection; quick, whatever hangs."""
        self._stopped.set()
        self._thread.join(4 * _POLL)
        with self._changed:
            for connection in self._accepted:
                _interrupt(connection)
            self._changed.wait_for(lambda: not self._accepted, _CLOSING)

    def take(self, parameters: Mapping[str, str]) -> bool:
        """Whether this is this sign-in's answer; the first one is delivered."""
        given = parameters.get("state", "")
        if not given or not same_state(given, self._state):
            if "code" in parameters and not self._told:
                self._told = True  # once, so that nobody floods the log
                logger.warning("An answer came that isn't this sign-in's; it was turned away")
            return False
        with self._changed:
            first = not self.delivered.is_set()
            self.delivered.set()
        if first:
            self._deliver(parameters)
        return True

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ, listener)
            while not self._stopped.is_set():
                for key, _ in selector.select(_POLL):
                    self._accept(key.data)
                self._drop_overdue()

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
            connection.settimeout(self._limit)
            if self._context is not None:
                connection = self._context.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
        except (OSError, ValueError) as error:  # gone again, or no descriptor is left
            logger.debug("Loopback could not accept: %s", type(error).__name__)
            self._stopped.wait(_POLL)
            return
        with self._changed:
            if len(self._accepted) >= MOST_CONNECTIONS:
                oldest = next(iter(self._accepted))
                _interrupt(oldest)
                del self._accepted[oldest]
            self._accepted[connection] = time.monotonic()
        threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _drop_overdue(self) -> None:
        oldest_allowed = time.monotonic() - self._limit
        with self._changed:
            for connection, accepted in self._accepted.items():
                if accepted < oldest_allowed:
                    _interrupt(connection)

    def _talk(self, connection: socket.socket) -> None:
        try:
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            _Handler(connection, self)
            connection.shutdown(socket.SHUT_WR)
        except (OSError, ValueError) as error:  # ValueError: a TLS connection that was interrupted
            logger.debug("A connection to loopback ended early: %s", type(error).__name__)
        finally:
            with self._changed:
                connection.close()
                self._accepted.pop(connection, None)
                self._changed.notify_all()


def _interrupt(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # SSLSocket's own shutdown() also forgets the TLS object that the connection's thread uses.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """The standard library's HTTP/1.0, one request a connection; making it serves the request."""

    server_version = "oauth2_imap"
    sys_version = ""

    def __init__(self, connection: socket.socket, receiver: Receiver) -> None:
        """Serve the request."""
        self._receiver = receiver
        super().__init__(connection, ("loopback", 0), None)  # type: ignore[arg-type]  # no server

    def do_GET(self) -> None:
        """Called by the base class."""
        target = self._target()
        if target is None:
            return
        path, query = target
        if path == self._receiver.clean_path and self._receiver.delivered.is_set():
            try:
                self._reply(HTTPStatus.OK, self._receiver.page, _NO_SCRIPTS)
            finally:  # a browser that is gone won't come again
                self._receiver.page_sent.set()
        else:
            self._take(path, query)

    def do_POST(self) -> None:
        """Called by the base class; a form (response_mode=form_post)."""
        target = self._target()
        if target is None:
            return
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            self.send_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not (length.isascii() and length.isdecimal() and len(length) < 10):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > _BODY_LIMIT:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            body = self.rfile.read(int(length))
            # A body that was cut short could hold half a code.
            self._take(target[0], body.decode(errors="replace") if len(body) == int(length) else "")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Say the status and nothing else: the base class would quote the request."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            code = HTTPStatus.METHOD_NOT_ALLOWED
        self._reply(HTTPStatus(code), HTTPStatus(code).phrase.encode() + b"\n", {})

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log the status alone: the request line holds the code."""
        logger.debug("Loopback answered with %s", code)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _target(self) -> tuple[str, str] | None:
        """Path and query of a request that means us; another one (DNS rebinding) has its 404."""
        hosts = self.headers.get_all("Host", [])
        with contextlib.suppress(ValueError):
            if len(hosts) == 1 and hosts[0].strip().lower() in self._receiver.hosts:
                target = urlsplit(self.path)
                return target.path, target.query
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def _take(self, path: str, form: str) -> None:
        try:
            parameters = parse_form(form) if path == self._receiver.path else {}
        except ValueError:
            parameters = {}
        if self._receiver.take(parameters):
            self._reply(HTTPStatus.SEE_OTHER, b"", {"Location": self._receiver.clean_url})
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _reply(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8" if headers else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
