"""The browser's answer by loopback: a listener on this computer for one sign-in (RFC 8252 §7.3).

It binds before the authorization URL exists, so that the port in the URL is the one that listens,
and nobody else can have that port on the other loopback address. What is said over the connections
is `receiver`'s business; what the answer means is `answer`'s.
"""

import errno
import re
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ...errors import AppError
from ...paths import RESOURCES

if TYPE_CHECKING:
    from .loopback_server import Receiver

_LOOPBACK = re.compile(
    r"(?P<scheme>https?)://(?P<host>localhost|127\.0\.0\.1|\[::1\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#\s]*)?(?P<query>\?[^#\s]*)?",
    re.IGNORECASE,
)
_HIGHEST_PORT = 65535
# Another program may have the port on ::1 that was free on 127.0.0.1; then another is tried.
_ATTEMPTS = 20
# EACCES is what Windows says of a port that is reserved or held exclusively (WSAEACCES).
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
_BACKLOG = 32
# What a browser gets to fetch the closing page once its answer was taken, in seconds.
_PAGE_WAIT = 1.0
# What one connection may take in all, in seconds; the person's time isn't part of it.
_CONNECTION_LIMIT = 10.0

DeliverResponse = Callable[[Mapping[str, str]], None]
OpenListener = Callable[[str, int, bool], socket.socket]


def is_loopback(redirect_uri: str) -> bool:
    """Whether a `Loopback` can receive what is sent to this redirect URI."""
    return _match(redirect_uri) is not None


class Loopback:
    """Listens from its making until `close`; answers from `serve` on."""

    def __init__(
        self,
        redirect_uri: str,
        *,
        page: bytes | None = None,
        connection_limit: float = _CONNECTION_LIMIT,
    ) -> None:
        """Take the redirect URI as registered, and the closing page (resources/answer.html).

        Raises `AppError` where its port, or any port, can't be had.
        """
        match = _match(redirect_uri)
        if match is None:
            raise AppError("The redirect address isn't one of this computer")
        self._page = (RESOURCES / "answer.html").read_bytes() if page is None else page
        self._connection_limit = connection_limit
        self._path = match["path"] or "/"
        self._context = _one_time_context() if match["scheme"].lower() == "https" else None
        self._listeners = _listeners(int(match["port"] or 0))
        self._port: int = self._listeners[0].getsockname()[1]
        self._origin = f"{match['scheme']}://{match['host']}:{self._port}"
        self._uri = f"{self._origin}{match['path'] or ''}{match['query'] or ''}"
        self._receiver: Receiver | None = None

    @property
    def redirect_uri(self) -> str:
        """What to send to the provider: as registered, with the port that listens."""
        return self._uri

    @property
    def certificate_warning(self) -> bool:
        """Whether the browser will warn of our certificate (https)."""
        return self._context is not None

    def serve(self, state: str, deliver: DeliverResponse) -> None:
        """Answer from now on; the first answer with this state goes to `deliver`.

        `deliver` runs in a thread of the listener and must return at once; it isn't called again.
        """
        from .loopback_server import Receiver

        self._receiver = Receiver(
            self._listeners,
            context=self._context,
            origin=self._origin,
            path=self._path,
            page=self._page,
            state=state,
            deliver=deliver,
            connection_limit=self._connection_limit,
        )
        self._receiver.start()

    def close(self) -> None:
        """Give the port back, within 0.3 s; a browser that brought the answer first gets its page.

        Without that page (it has up to a second to come for it) the person would see an error.
        """
        if self._receiver is not None:
            self._receiver.wait_for_page(_PAGE_WAIT)
            self._receiver.stop()
        for listener in self._listeners:
            listener.close()

    def __enter__(self) -> Self:
        """It listens already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def _open_listener(host: str, port: int, reuse: bool) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let two programs listen, and the default doesn't forbid it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        elif reuse:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def listen_on_both(
    port: int, *, reuse: bool, open_listener: OpenListener = _open_listener
) -> list[socket.socket]:
    """Listen on 127.0.0.1 and ::1 at the same port; OSError where one of them is taken.

    Only a machine without IPv6 does without ::1: else whoever sits there would get the code from a
    browser that tries ::1 first for `localhost`.
    """
    first = open_listener("127.0.0.1", port, reuse)
    if not socket.has_ipv6:
        return [first]
    try:
        return [first, open_listener("::1", first.getsockname()[1], reuse)]
    except OSError as error:
        if error.errno in _NO_IPV6:
            return [first]
        first.close()
        raise


def first_free(
    ports: Iterable[int], *, open_listener: OpenListener = _open_listener
) -> list[socket.socket]:
    """Listeners on the first of these ports (0: any) that is free on both addresses."""
    for port in ports:
        try:
            return listen_on_both(port, reuse=False, open_listener=open_listener)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on both loopback addresses")


def _listeners(port: int) -> list[socket.socket]:
    try:
        if port:
            # Our own connections of a minute ago (TIME_WAIT) are no reason to refuse a fixed port.
            return listen_on_both(port, reuse=sys.platform != "win32")
        return first_free(repeat(0, _ATTEMPTS))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if port:
            raise AppError(
                f"Port {port} of this computer, where the browser's answer must arrive, "
                "is in use or not allowed",
                detail=reason,
                hint="Close the program that uses it, or another sign-in that still waits, "
                "and try again",
            ) from error
        raise AppError(
            "This computer doesn't let the program listen for the browser's answer",
            detail=reason,
            hint="Look whether a firewall or security program forbids it",
        ) from error


def _one_time_context() -> ssl.SSLContext:
    from .certificate import self_signed, server_context

    return server_context(self_signed())


def _match(redirect_uri: str) -> re.Match[str] | None:
    match = _LOOPBACK.fullmatch(redirect_uri)
    if match is None or not redirect_uri.isascii() or not redirect_uri.isprintable():
        return None
    return match if int(match["port"] or 0) <= _HIGHEST_PORT else None
