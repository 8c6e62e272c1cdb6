"""One session with an IMAP server by imaplib: always with TLS, and within limits.

imaplib has no limit for a whole session or for what a server sends, and it mixes the server's words
into texts of its own. So a session stops at limits here, and notes what the server said.
"""

import contextlib
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, Self

from .connecting import GRACE, connect, in_time
from .network import Network

# The time limit of the whole session, as a multiple of the limit for one response.
_LIMIT_FACTOR = 3
_POLL = 0.05  # seconds
# What the server may send in one session, in bytes; enough for the list of 100,000 folders. Each
# line counts for more than its length, because millions of short lines would need much memory too.
_MOST = 16 << 20
_LINE_COST = 100
_STATUS = re.compile(rb"\S+ (OK|NO|BAD|BYE)\b", re.IGNORECASE)


class ImapServer(Protocol):
    """Where an IMAP server is."""

    @property
    def imap_host(self) -> str:
        """The host's name."""

    @property
    def imap_port(self) -> int:
        """The TCP port."""

    @property
    def imap_starttls(self) -> bool:
        """Whether TLS begins after the connection, and not with it."""


class Missing(Exception):
    """The server lacks what a login needs.

    `name` is the name of this in the table of verdicts, `words` what the server offers instead.
    """

    def __init__(self, name: str, words: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.words = words


class TooLarge(Exception):
    """The server sent more than a session may take."""


class Heard:
    """What the server said: its last line, its last refusal, and its reason in a SASL challenge.

    They are what it sent, and empty if there is none. An OK ends a refusal.
    """

    def __init__(self) -> None:
        self.line = self.refusal = self.challenge = b""
        self._left = _MOST

    def count(self, size: int) -> None:
        """Raise `TooLarge` if so many more bytes are too many."""
        if size > self._left:
            raise TooLarge
        self._left -= size

    def note(self, line: bytes) -> None:
        """Take a line of the server."""
        self.line = line
        if status := _STATUS.match(line):
            self.refusal = b"" if status[1].upper() == b"OK" else line


@contextmanager
def imap_session(
    server: ImapServer, context: ssl.SSLContext, network: Network, heard: Heard
) -> Iterator[imaplib.IMAP4]:
    """A session that is not logged in yet; the network's timeout is the limit for one response.

    Raises `Missing`, `Cancelled`, an OSError if the connection fails, and whatever imaplib raises
    when a server violates the protocol.
    """
    host, port = server.imap_host, server.imap_port
    with Limits(network) as limits:
        imap: _Session | None = None
        try:
            if server.imap_starttls:
                imap = _Session(heard, limits, host, port, timeout=network.timeout)
            else:
                imap = _TlsSession(
                    heard, limits, host, port, ssl_context=context, timeout=network.timeout
                )
            if imap.state == "AUTH":
                raise Missing("preauth")
            if server.imap_starttls:
                _start_tls(imap, context, limits)
            yield imap
        except Exception as exc:
            if network.cancelled:
                network.cancelled.check()
            if limits.expired:
                raise TimeoutError from exc
            raise
        finally:
            if imap is not None:
                with contextlib.suppress(OSError):  # the connection may be broken already
                    imap.shutdown()


class Limits:
    """Ends a session that takes too long or is cancelled; imaplib limits each read alone."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.deadline = time.monotonic() + _LIMIT_FACTOR * network.timeout
        self._socket: socket.socket | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)

    @property
    def expired(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.deadline

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def watch(self, connected: socket.socket) -> None:
        """Shut this socket down when the session must end."""
        self._socket = connected

    def _wait(self) -> None:
        while not self._ended.wait(_POLL):
            cancelled = self.network.cancelled is not None and self.network.cancelled.is_set()
            if self._socket and (self.expired or cancelled):
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)


class _Session(imaplib.IMAP4):
    """A session that is within the limits and notes what the server says."""

    def __init__(self, heard: Heard, limits: Limits, *args: Any, **kwargs: Any) -> None:
        self._heard, self._limits = heard, limits
        super().__init__(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        network = self._limits.network
        self._connected_by = time.monotonic() + network.timeout
        try:
            in_time(
                partial(super().open, *args, **kwargs),
                self._connected_by + GRACE,
                network.cancelled,
                discard=lambda _: self.shutdown(),
            )
        except UnicodeError as exc:  # no server has such a name
            raise socket.gaierror(socket.EAI_NONAME, "invalid host name") from exc
        self.sock.settimeout(network.timeout)
        self._limits.watch(self.sock)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return connect((self.host, self.port), self._connected_by, self._limits.network.cancelled)

    def read(self, size: int) -> bytes:
        self._heard.count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        if not line:
            raise ConnectionResetError("the server closed the connection")
        self._heard.count(len(line) + _LINE_COST)
        self._heard.note(line)
        return line


class _TlsSession(_Session, imaplib.IMAP4_SSL):
    """The same with TLS from the start."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connected = super()._create_socket(timeout)
        context: ssl.SSLContext = self.ssl_context
        return context.wrap_socket(connected, server_hostname=self.host)


def _start_tls(imap: imaplib.IMAP4, context: ssl.SSLContext, limits: Limits) -> None:
    if "STARTTLS" not in imap.capabilities:
        raise Missing("no_starttls", " ".join(imap.capabilities))
    # imaplib takes the socket away during the handshake, so it can't be shut down then.
    in_time(lambda: imap.starttls(context), limits.deadline, limits.network.cancelled)
    limits.watch(imap.sock)
