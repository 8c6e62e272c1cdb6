"""TCP servers on loopback: 127.0.0.1 and ::1 at one port, and a thread for each connection.

The receiver of a sign-in's answer and the demo's servers are built on this. The subclass
decides what is said over a connection. Nothing of that is logged here, since it may hold secrets.
`socketserver` isn't used: its HTTP server asks DNS for this computer's name, and on Windows it lets
other processes share the port.
"""

import contextlib
import errno
import logging
import selectors
import socket
import ssl
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Self

logger = logging.getLogger(__name__)

# With more connections than this the oldest is dropped, so that silent clients never keep the
# others out.
MOST_CONNECTIONS = 32
# Another program may hold the port on ::1 that was free on 127.0.0.1. Then the next one is tried.
_ANY_PORT = (0,) * 20
# Windows says EACCES (WSAEACCES) of a port that is reserved or that somebody holds exclusively.
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
_BACKLOG = 64
_CONNECTION_LIMIT = 60.0  # seconds
_ACCEPT_AGAIN = 0.05  # seconds after a failed accept: the process may be out of descriptors
_CLOSING = 0.1  # seconds that close() waits for the threads of the connections it interrupts

OpenListener = Callable[[str, int, bool], socket.socket]


class LoopbackServer(ABC):
    """Serves its listeners from `start` until `close`, or as a context manager."""

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        *,
        context: ssl.SSLContext | None = None,
        connection_limit: float = _CONNECTION_LIMIT,
    ) -> None:
        """Take over the listeners. With a `context` each connection speaks TLS from the first byte.

        Each connection has `connection_limit` seconds in all.
        """
        self.port: int = listeners[0].getsockname()[1]
        self.context = context
        self.closing = threading.Event()
        self._listeners = listeners
        self._limit = connection_limit
        self._changed = threading.Condition()
        self._accepted: dict[socket.socket, float] = {}  # with the time, oldest first
        self._wakened, self._waker = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept_until_closing, daemon=True)

    @abstractmethod
    def serve(self, connection: socket.socket) -> None:
        """Speak with one client, in a thread of its own; the connection is closed afterwards.

        The TLS handshake happens at the first read or write.
        """

    def start(self) -> None:
        """Accept connections from now on, also those that came before."""
        for listener in self._listeners:
            listener.setblocking(False)
        self._acceptor.start()

    def close(self) -> None:
        """Give the port back and interrupt every connection; quick, even if a client hangs."""
        self.closing.set()
        self._waker.close()
        if self._acceptor.is_alive():
            self._acceptor.join()
        self._wakened.close()
        for listener in self._listeners:
            listener.close()
        with self._changed:
            for connection in self._accepted:
                _interrupt(connection)
            self._changed.wait_for(lambda: not self._accepted, _CLOSING)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _accept_until_closing(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakened, selectors.EVENT_READ)
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ, listener)
            while not self.closing.is_set():
                for key, _ in selector.select(self._drop_overdue()):
                    if key.data is not None:
                        self._accept(key.data)

    def _drop_overdue(self) -> float | None:
        """Drop the connections whose time is up; return the seconds until the next one's is."""
        with self._changed:
            while self._accepted:
                oldest, accepted = next(iter(self._accepted.items()))
                left = accepted + self._limit - time.monotonic()
                if left > 0:
                    return left
                self._drop(oldest)
        return None

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
            connection.settimeout(self._limit)
            if self.context is not None:
                connection = self.context.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
        except (OSError, ValueError) as error:  # the client left, or no descriptor is free
            logger.debug("Loopback could not accept: %s", type(error).__name__)
            self.closing.wait(_ACCEPT_AGAIN)
            return
        with self._changed:
            if len(self._accepted) >= MOST_CONNECTIONS:
                self._drop(next(iter(self._accepted)))
            self._accepted[connection] = time.monotonic()
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _drop(self, connection: socket.socket) -> None:
        _interrupt(connection)
        del self._accepted[connection]

    def _serve(self, connection: socket.socket) -> None:
        try:
            # Responses go out in small pieces; Nagle's algorithm would hold each back for 40 ms.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.serve(connection)
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
        # SSLSocket.shutdown() also drops the TLS object that the connection's thread still uses.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _open_listener(host: str, port: int, reuse: bool) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # SO_REUSEADDR would let two programs listen there, and the default doesn't forbid it.
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
    """Listen on 127.0.0.1 and ::1 at the same port; raise OSError if one of them is taken.

    Only a computer without IPv6 does without ::1. Otherwise another program could listen there and
    get the code from a browser that tries ::1 first for `localhost`.
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


def first_free(ports: Iterable[int] = _ANY_PORT) -> list[socket.socket]:
    """Listen on the first of these ports (0: any port) that is free on both addresses.

    Raises OSError if there is none.
    """
    for port in ports:
        try:
            return listen_on_both(port, reuse=False)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on both loopback addresses")
