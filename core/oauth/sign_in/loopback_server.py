"""What the loopback listener says to whoever connects: it takes one answer, all others get a 404.

Nothing of a request is logged, since its query holds the code.
"""

import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from ...net.loopback import LoopbackServer
from ...net.network import LOOPBACK_HOSTS
from .authorization_response import parse_form, same_state
from .closing_page import ClosingPage

logger = logging.getLogger(__name__)

_BODY_LIMIT = 64 * 1024
_NO_SCRIPTS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}
# As a Host header writes them (RFC 3986 section 3.2.2).
_HOSTS = tuple(f"[{host}]" if ":" in host else host for host in LOOPBACK_HOSTS)


class Receiver(LoopbackServer):
    """Passes one answer, once, to `deliver`."""

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        *,
        context: ssl.SSLContext | None,
        redirect_uri: str,
        closing_page: ClosingPage,
        state: str,
        deliver: Callable[[Mapping[str, str]], None],
        connection_limit: float,
    ) -> None:
        """Take what to listen on and what to look for."""
        super().__init__(listeners, context=context, connection_limit=connection_limit)
        uri = urlsplit(redirect_uri)
        self.path = uri.path or "/"
        # On the redirect's origin, and never at the redirect's own path.
        self.clean_path = f"{self.path.rstrip('/')}/done"
        self.clean_url = f"{uri.scheme}://{uri.netloc}{self.clean_path}"
        self.page = b""  # for the answer that was taken
        self.hosts = {f"{host}:{self.port}" for host in _HOSTS}
        if self.port == (443 if context else 80):
            self.hosts.update(_HOSTS)  # browsers leave out the scheme's own port
        self.delivered = threading.Event()
        self.page_sent = threading.Event()
        self._state = state
        self._closing_page = closing_page
        self._deliver = deliver
        self._lock = threading.Lock()
        self._warned = False

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        _Handler(connection, ("loopback", 0), self)  # type: ignore[arg-type]

    def wait_for_page(self, seconds: float) -> None:
        """If an answer was taken, wait until its browser has the page, for so long at most."""
        if self.delivered.is_set():
            self.page_sent.wait(seconds)

    def warn(self, message: str) -> None:
        """Write a warning to the log, once, so that nobody floods the log."""
        if not self._warned:
            self._warned = True
            logger.warning(message)

    def take(self, parameters: Mapping[str, str]) -> bool:
        """Return whether this is this sign-in's answer; deliver the first one."""
        given = parameters.get("state", "")
        if not given or not same_state(given, self._state):
            if "code" in parameters:
                self.warn("An answer came that isn't this sign-in's; it was turned away")
            return False
        with self._lock:
            first = not self.delivered.is_set()
            if first:
                self.page = self._closing_page.of(parameters)
            self.delivered.set()
        if first:
            self._deliver(parameters)
        return True


class _Handler(BaseHTTPRequestHandler):
    """The standard library's HTTP/1.0, one request a connection; the constructor serves it."""

    server_version = "oauth2_imap"
    sys_version = ""

    server: Receiver  # type: ignore[assignment]  # the standard library expects its own servers

    def do_GET(self) -> None:
        """Take an answer, or show the closing page."""
        target = self._target()
        if target is None:
            return
        path, query = target
        if path == self.server.clean_path and self.server.delivered.is_set():
            try:
                self._reply(HTTPStatus.OK, self.server.page, _NO_SCRIPTS)
            finally:  # a browser that is gone won't come again
                self.server.page_sent.set()
        else:
            self._take(path, query)

    def do_POST(self) -> None:
        """Take an answer that comes as a form (response_mode=form_post)."""
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
            # A body that was cut short could hold half a code, so it counts as empty.
            self._take(target[0], body.decode(errors="replace") if len(body) == int(length) else "")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the status and nothing else: the base class would quote the request."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            code = HTTPStatus.METHOD_NOT_ALLOWED
        self._reply(HTTPStatus(code), HTTPStatus(code).phrase.encode() + b"\n", {})

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log the status alone: the request line holds the code."""
        logger.debug("Loopback answered with %s", code)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the message may quote the request."""

    def _target(self) -> tuple[str, str] | None:
        """Path and query of a request to this host; others (DNS rebinding) get a 404."""
        hosts = self.headers.get_all("Host", [])
        with contextlib.suppress(ValueError):
            if len(hosts) == 1 and hosts[0].strip().lower() in self.server.hosts:
                target = urlsplit(self.path)
                return target.path, target.query
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def _take(self, path: str, form: str) -> None:
        try:
            parameters = parse_form(form) if path == self.server.path else {}
        except ValueError as exc:
            self.server.warn(f"An answer was turned away: {exc}")
            parameters = {}
        if self.server.take(parameters):
            self._reply(HTTPStatus.SEE_OTHER, b"", {"Location": self.server.clean_url})
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
