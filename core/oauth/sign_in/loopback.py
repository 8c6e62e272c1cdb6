"""The browser's answer by loopback: this computer listens for one sign-in (RFC 8252 §7.3).

`Loopback` binds its port before the authorization URL exists, so the port in the URL is the one
that listens, and nobody else can hold that port on the other loopback address. `loopback_server`
speaks with whoever connects; `authorization_response` says what the answer means.
"""

import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Self

from ...errors import AppError, Misconfigured
from ...net.loopback import first_free, listen_on_both
from ...verdicts.local_sign_in import CANT_LISTEN, PORT_TAKEN, REDIRECT_NOT_LOCAL
from .closing_page import ClosingPage
from .loopback_server import Receiver

_LOOPBACK = re.compile(
    r"(?P<scheme>https?)://(?P<host>localhost|127\.0\.0\.1|\[::1\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#\s]*)?(?P<query>\?[^#\s]*)?",
    re.IGNORECASE,
)
_HIGHEST_PORT = 65535
# How long a browser may take to fetch the closing page after its answer was taken, in seconds.
_PAGE_WAIT = 1.0
# How long one connection may last in all, in seconds; the user's own time isn't part of it.
_CONNECTION_LIMIT = 10.0


_closing: list[threading.Thread] = []


def is_loopback(redirect_uri: str) -> bool:
    """Whether a `Loopback` can receive what is sent to this redirect URI."""
    return _match(redirect_uri) is not None


class Loopback:
    """Listens from the constructor until `close`, and answers from `serve` on."""

    def __init__(self, redirect_uri: str, *, connection_limit: float = _CONNECTION_LIMIT) -> None:
        """Take the redirect URI as registered.

        Raises `AppError` if its port, or any port, isn't available.
        """
        match = _match(redirect_uri)
        if match is None:
            raise Misconfigured(REDIRECT_NOT_LOCAL)
        self._page = ClosingPage()
        self._connection_limit = connection_limit
        self._context = _one_time_context() if match["scheme"].lower() == "https" else None
        self._listeners = _listeners(int(match["port"] or 0))
        port = self._listeners[0].getsockname()[1]
        origin = f"{match['scheme']}://{match['host']}:{port}"
        # As registered, with the port that listens.
        self.redirect_uri = f"{origin}{match['path'] or ''}{match['query'] or ''}"
        # Whether the browser will warn about our certificate.
        self.certificate_warning = self._context is not None
        self._receiver: Receiver | None = None

    def serve(self, state: str, deliver: Callable[[Mapping[str, str]], None]) -> None:
        """Answer browsers from now on; pass the first answer with this state to `deliver`.

        `deliver` runs once, in a thread of the listener, and must return at once.
        """
        self._receiver = Receiver(
            self._listeners,
            context=self._context,
            redirect_uri=self.redirect_uri,
            closing_page=self._page,
            state=state,
            deliver=deliver,
            connection_limit=self._connection_limit,
        )
        self._receiver.start()

    def close(self) -> None:
        """Give the port back within 0.3 s; if an answer was taken, its browser gets its page first.

        The browser has up to a second to fetch that page. Without it the user would see an error.
        """
        if self._receiver is not None:
            self._receiver.wait_for_page(_PAGE_WAIT)
            self._receiver.close()
        for listener in self._listeners:
            listener.close()

    def __enter__(self) -> Self:
        """Return itself: it listens already."""
        return self

    def __exit__(self, error: type[BaseException] | None, *_rest: object) -> None:
        """Close; after a success in the background, so that the tokens can be saved meanwhile."""
        if error is not None:
            self.close()
            return
        closing = threading.Thread(target=self.close, name="closing page")
        _closing.append(closing)
        closing.start()


def _listeners(port: int) -> list[socket.socket]:
    while _closing:  # an earlier sign-in may have the same port
        _closing.pop().join()
    try:
        if port:
            # Our own connections of a minute ago (TIME_WAIT) are no reason to refuse a fixed port.
            return listen_on_both(port, reuse=sys.platform != "win32")
        return first_free()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        verdict = PORT_TAKEN if port else CANT_LISTEN
        raise AppError(verdict, detail=reason, port=port) from error


def _one_time_context() -> ssl.SSLContext:
    from .certificate import self_signed, server_context

    return server_context(self_signed())


def _match(redirect_uri: str) -> re.Match[str] | None:
    match = _LOOPBACK.fullmatch(redirect_uri)
    if match is None or not redirect_uri.isascii() or not redirect_uri.isprintable():
        return None
    return match if int(match["port"] or 0) <= _HIGHEST_PORT else None
