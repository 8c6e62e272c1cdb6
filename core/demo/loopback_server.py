"""TCP on loopback for the rehearsal's servers: both addresses on one port, a thread a connection.

What speaks over a connection (HTTP, IMAP) is its caller's business. `ThreadingHTTPServer` isn't
used: when binding it asks DNS for its own name, and it lets processes share a port on Windows.
"""

import contextlib
import errno
import logging
import selectors
import socket
import socketserver
import ssl
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

# How long a silent client may hold its thread, in seconds.
CONNECTION_LIMIT = 60.0
# What close() gives interrupted sessions to end, in seconds.
CLOSING_LIMIT = 0.1
# Another process may have the port on ::1 that was free on 127.0.0.1; then another is tried.
ATTEMPTS = 20
# The second is what Windows says of a port that is reserved or held exclusively (WSAEACCES).
PORT_TAKEN = (errno.EADDRINUSE, errno.EACCES)


class Connection:
    """One client's connection; its thread alone reads and writes, any thread may interrupt it."""

    def __init__(self, accepted: socket.socket, server: socketserver.BaseServer) -> None:
        """Take the socket over; `server` is what accepted it."""
        self.socket = accepted
        self.server = server
        self._lock = threading.Lock()
        self._interrupted = False

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Do the server's part of the handshake; what the client sent before it is dropped."""
        with self._lock:
            if self._interrupted:
                raise ConnectionAbortedError
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.socket.do_handshake()

    def reset_on_close(self) -> None:
        """Make the close a reset (RST) in place of an orderly end (FIN)."""
        # struct linger has two ints, on Windows two shorts.
        on_for_no_time = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, on_for_no_time)

    def interrupt(self) -> None:
        """End whatever the connection's thread waits for."""
        with self._lock, contextlib.suppress(OSError):
            self._interrupted = True
            # SSLSocket's own shutdown() also forgets the TLS object that the thread is using.
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the socket back."""
        with self._lock:
            self.socket.close()


class LoopbackServer:
    """Listens from its making until `close`; `session` serves a connection, then it is closed."""

    def __init__(self, session: Callable[[Connection], None]) -> None:
        """Bind a free port and accept; `session` runs in a thread of its own."""
        self.closing = threading.Event()
        self._session = session
        self._connections: set[Connection] = set()
        self._changed = threading.Condition()
        self._listeners = _listeners(self._serve)
        self._wakened, self._waker = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def port(self) -> int:
        """The same on 127.0.0.1 and ::1."""
        return int(self._listeners[0].server_address[1])

    def close(self) -> None:
        """Stop accepting and interrupt every session; quick, whatever hangs."""
        self.closing.set()
        self._waker.close()
        self._acceptor.join()
        self._wakened.close()
        for listener in self._listeners:
            listener.server_close()
        with self._changed:
            for connection in self._connections:
                connection.interrupt()
            self._changed.wait_for(lambda: not self._connections, CLOSING_LIMIT)

    def _accept(self) -> None:
        """In place of serve_forever(), which would poll, in a thread an address."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakened, selectors.EVENT_READ)
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ, listener)
            while not self.closing.is_set():
                for key, _ in selector.select():
                    if key.data is not None:
                        key.data.handle_request()

    def _serve(self, accepted: socket.socket, server: socketserver.BaseServer) -> None:
        connection = Connection(accepted, server)
        with self._changed:
            self._connections.add(connection)
            if self.closing.is_set():
                connection.interrupt()
        try:
            accepted.settimeout(CONNECTION_LIMIT)
            # Answers go out in small pieces; Nagle's algorithm holds each back for 40 ms.
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._session(connection)
        except OSError as error:
            log.debug("A client of the rehearsal went away: %s", type(error).__name__)
        finally:
            connection.close()
            with self._changed:
                self._connections.discard(connection)
                self._changed.notify_all()


class _Listener(socketserver.ThreadingTCPServer):
    """One address of the two."""

    daemon_threads = True
    request_queue_size = 64
    # handle_request() is called when there is one; should it be gone, then it doesn't wait.
    timeout = 0

    def __init__(
        self,
        host: str,
        port: int,
        serve: Callable[[socket.socket, socketserver.BaseServer], None],
    ) -> None:
        """Bind and listen; OSError where that can't be."""
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._serve = serve
        super().__init__((host, port), socketserver.BaseRequestHandler)

    def server_bind(self) -> None:
        """Nobody else may have the port as well; Windows wants to be asked for that."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Called in the connection's own thread, so that a silent client holds up nobody else."""
        self._serve(request, self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bug of ours; the standard library would print it."""
        log.exception("The rehearsal's server failed")


def _listeners(
    serve: Callable[[socket.socket, socketserver.BaseServer], None],
) -> list[_Listener]:
    for _ in range(ATTEMPTS):
        first = _Listener("127.0.0.1", 0, serve)
        try:
            return [first, _Listener("::1", int(first.server_address[1]), serve)]
        except OSError as error:
            if error.errno not in PORT_TAKEN:
                return [first]  # a machine without IPv6
            first.server_close()
    raise OSError(errno.EADDRINUSE, "no port is free on both 127.0.0.1 and ::1")
